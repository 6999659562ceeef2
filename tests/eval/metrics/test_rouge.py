from __future__ import annotations

import random

import pytest
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer, tokenize

from eval.metrics.lines import one_per_line
from eval.metrics.rouge import KINDS, ZERO, RougeState, rouge

_TEXT = """
the a of to in and president presidents presidential visited visiting visits dying died dies
sky skies news happily U.S. 3.5 $2,500 EU's co-operation naïve Zelenskyy generously news's
1999 12th I'm — “quoted” ... 'tis relational conditional rate rating flies Москва 北京 x
"""
_WORDS = _TEXT.split()
_ADVERSARIAL = [
    ("a a a a", "a"),
    ("a", "a a a a"),
    ("a b c d", "d c b a"),
    ("x\n\n\ny", "y\nx"),
    ("a b\nc d", "a c\nb d"),
    ("one", "two"),
    ("12 12 12\n12", "12\n12 12"),
    ("İstanbul straße", "istanbul strasse"),
    ("a_b c-d e.f", "a b c d e f"),
    ("  lead and trail \n", "\ttrail and lead"),
    ("Dying skies.\nDied sky", "dies\nskying"),
    ("tab\tbed\u2028line\x0bbreak", "tab bed line break"),
    ("word " * 60, "word other " * 40),
]


def _pairs() -> list[tuple[str, str]]:
    rng = random.Random(11)

    def text() -> str:
        count = rng.randint(2, 5)
        return "\n".join(" ".join(rng.choices(_WORDS, k=rng.randint(1, 14))) for _ in range(count))

    drawn = [(text(), text()) for _ in range(300 - len(_ADVERSARIAL))]
    return drawn + _ADVERSARIAL


class _OriginalPorter:
    def __init__(self) -> None:
        self._stemmer = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)

    def tokenize(self, text: str) -> list[str]:
        return list(tokenize.tokenize(text, self._stemmer))


_SCORERS = {
    "porter-nltk": rouge_scorer.RougeScorer(list(KINDS), use_stemmer=True),
    "porter-orig": rouge_scorer.RougeScorer(list(KINDS), tokenizer=_OriginalPorter()),
    "none": rouge_scorer.RougeScorer(list(KINDS), use_stemmer=False),
}


@pytest.mark.parametrize("stem", ["porter-nltk", "porter-orig", "none"])
def test_values_are_those_of_rouge_score(stem: str) -> None:
    compared = 0
    for prediction, reference in _pairs():
        if "\n" not in prediction or "\n" not in reference:
            prediction, reference = f"{prediction}\n.", f"{reference}\n."  # noqa: PLW2901 - as lines
        ours = rouge(prediction, [reference], stem=stem)  # type: ignore[arg-type]
        theirs = _SCORERS[stem].score(reference, prediction)
        if ours.state is not RougeState.SCORED:
            assert theirs["rouge1"].fmeasure == 0
            continue
        compared += 1
        for kind in KINDS:
            found = ours.score(kind)
            assert found is not None
            assert (found.precision, found.recall, found.fmeasure) == tuple(theirs[kind])
    assert compared > 280


def test_the_stemmers_differ() -> None:
    assert rouge("dying", ["die"], stem="porter-nltk").rouge1 != ZERO
    assert rouge("dying", ["die"], stem="porter-orig").rouge1 == ZERO


def test_a_text_of_one_line_is_split_into_sentences() -> None:
    prediction = "The dam broke on Monday. The U.S. sent $3.5 million. Nobody was hurt."
    reference = "Nobody was hurt. On Monday the dam broke."
    split = _SCORERS["porter-orig"].score(one_per_line(reference), one_per_line(prediction))
    whole = _SCORERS["porter-orig"].score(reference, prediction)
    ours = rouge(prediction, [reference])
    assert ours.rougeLsum is not None
    assert ours.rougeL is not None
    assert ours.rougeLsum.fmeasure == split["rougeLsum"].fmeasure != whole["rougeLsum"].fmeasure
    assert ours.rougeL.fmeasure == whole["rougeL"].fmeasure


def test_best_is_score_multi_per_kind_and_mean_is_the_mean() -> None:
    prediction = "dam broke\nmonday night"
    references = ["monday night\nrain", "dam broke\nnobody was hurt on the other side"]
    theirs = _SCORERS["porter-orig"].score_multi(references, prediction)
    best = rouge(prediction, references, mref="best")
    mean = rouge(prediction, references, mref="mean")
    single = [rouge(prediction, [reference]) for reference in references]
    for kind in KINDS:
        found, average = best.score(kind), mean.score(kind)
        parts = [one.score(kind) for one in single]
        assert found is not None
        assert average is not None
        assert found.fmeasure == theirs[kind].fmeasure
        assert average.fmeasure == sum(p.fmeasure for p in parts if p) / 2
        assert average.recall == sum(p.recall for p in parts if p) / 2


@pytest.mark.parametrize(
    ("prediction", "references", "state", "scored"),
    [
        ("", ["a"], RougeState.EMPTY_PREDICTION, True),
        (None, ["a"], RougeState.EMPTY_PREDICTION, True),
        (" \n ", ["a"], RougeState.EMPTY_PREDICTION, True),
        ("a", [], RougeState.NO_REFERENCE, False),
        ("a", ["", " "], RougeState.NO_REFERENCE, False),
        ("", [""], RougeState.NO_REFERENCE, False),
        ("Привет мир", ["a"], RougeState.UNSCORABLE, False),
        ("a", ["สวัสดี"], RougeState.UNSCORABLE, False),
    ],
)
def test_what_cannot_be_compared_says_so(
    prediction: str | None, references: list[str], state: RougeState, *, scored: bool
) -> None:
    found = rouge(prediction, references)
    assert found.state is state
    assert [found.score(kind) for kind in KINDS] == [ZERO if scored else None] * 4


def test_excluded_references_are_counted() -> None:
    found = rouge("a b", ["a b", "", "Москва"], mref="mean")
    assert (found.references, found.excluded) == (1, 2)
    assert found.rouge1 is not None
    assert found.rouge1.fmeasure == 1.0


def test_marks_of_other_systems_are_line_breaks() -> None:
    assert rouge("a b<n>c", ["a b\nc"]).rougeLsum == rouge("a b\nc", ["a b <q> c"]).rougeLsum
    found = rouge("n q doc sep", ["a<doc-sep>b"])
    assert found.rouge1 == ZERO


def test_the_signature_names_every_choice() -> None:
    assert rouge("a", ["a", "b"], mref="mean", stem="porter-nltk").signature("rouge2") == (
        "rouge2|nrefs:2|mref:mean|tok:rouge155|stem:porter-nltk|sents:lines-else-pysbd-0.3.4"
        "|agg:mean|lib:rouge-score-0.1.2|v:1"
    )


def test_unknown_kinds_and_stems_are_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of rouge1"):
        rouge("a", ["a"]).score("rouge9")
    with pytest.raises(ValueError, match="stem must be one of none"):
        rouge("a", ["a"], stem="lancaster")  # type: ignore[arg-type]
