"""Word vectors beside scikit-learn's, and repetition beside comparing everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from digest.text.vectors import Said, similarity, tfidf
from digest.text.words import content_stems

_WORDS = "dam flood toll ferry ballot ship the of village council quake storm".split()
_TEXT = st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join)


@settings(deadline=None)
@given(st.lists(_TEXT, max_size=12))
def test_rows_are_those_of_scikit_learn(texts: list[str]) -> None:
    ours = tfidf(texts)
    if not any(content_stems(text) for text in texts):
        assert ours.shape == (len(texts), 1 if texts else 0) or ours.nnz == 0
        return
    theirs = TfidfVectorizer(analyzer=content_stems, sublinear_tf=True).fit_transform(texts)
    assert ours.shape == theirs.shape
    assert ours.toarray() == pytest.approx(theirs.toarray(), abs=1e-14)


def test_texts_without_content_give_zero_rows() -> None:
    assert tfidf(["the", "dam burst"]).toarray() == pytest.approx(
        tfidf(["of", "burst dam"]).toarray()
    )
    assert tfidf(["the", "of"]).shape == (2, 1)


@settings(deadline=None)
@given(st.lists(_TEXT, max_size=15), _TEXT, st.sampled_from([0.05, 0.3, 0.5, 0.7, 0.95, 1.0]))
def test_what_is_said_again_is_what_comparing_everything_finds(
    earlier: list[str], text: str, at_least: float
) -> None:
    said = Said(at_least=at_least)
    for one in earlier:
        said.add(one)
    assert said.repeats(text) == any(similarity(text, one) >= at_least for one in earlier)


def test_a_text_is_not_held_against_all(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def counted(left: str, right: str) -> float:
        compared.append(right)
        return similarity(left, right)

    monkeypatch.setattr("digest.text.vectors.similarity", counted)
    said = Said(at_least=0.7)
    for number in range(300):
        said.add(f"The council of Beldan{number} closed dam{number} on the river{number}.")
    assert said.repeats("On the river7 the council of Beldan7 closed dam7.")
    assert not said.repeats("Ferry901 left harbour902 for island903 with the council aboard.")
    assert set(compared) == {"The council of Beldan7 closed dam7 on the river7."}
