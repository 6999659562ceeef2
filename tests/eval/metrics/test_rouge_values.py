"""Every value is rouge-score's, to the last digit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer, tokenize

from eval.metrics.lines import one_per_line, sentences
from eval.metrics.rouge import KINDS, RougeState, rouge

if TYPE_CHECKING:
    from eval.metrics.rouge_tokens import Stem

_WORDS = """
the a of to in and president presidents presidential visited visiting visits dying died dies
sky skies news happily U.S. 3.5 $2,500 EU's co-operation naïve Zelenskyy generously news's
1999 12th I'm — “quoted” ... 'tis relational conditional rate rating flies Москва 北京 x İzmir
\u212aelvin
""".split()
_BREAKS = ["\n", "\n\n", "\n \n", "\r\n", "\r", "\x0b", "\u2028", "\x1c"]
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
    ("\n\n\nlead\nand trail", "and\n\nlead\n\n"),
    ("Dying skies.\nDied sky", "dies\nskying"),
    ("tab\tbed\u2028line\x0bbreak", "tab bed line break"),
    ("a\rb\nb\ra", "b a\na b"),
    ("word " * 60, "word other " * 40),
    ("the end\n" * 30, "the\nend\n" * 30),
    ("...\n!!!\na", "?\na\n-"),
    ("it's John's\nit s john s", "its johns\nit's john's"),
    ("a b c a b c\nc b a", "c a b\nb b b a a a c c"),
]


class _OriginalPorter:
    def __init__(self) -> None:
        self._stemmer = PorterStemmer(mode=PorterStemmer.ORIGINAL_ALGORITHM)

    def tokenize(self, text: str) -> list[str]:
        return list(tokenize.tokenize(text, self._stemmer))


_STEMS: list[Stem] = ["porter-nltk", "porter-orig", "none"]
_SCORERS: dict[Stem, Any] = {
    "porter-nltk": rouge_scorer.RougeScorer(list(KINDS), use_stemmer=True),
    "porter-orig": rouge_scorer.RougeScorer(list(KINDS), tokenizer=_OriginalPorter()),
    "none": rouge_scorer.RougeScorer(list(KINDS), use_stemmer=False),
}


def _drawn(rng: random.Random) -> tuple[str, str]:
    """Return two texts: short ones of hard words, and now and then long ones of few words."""
    if rng.random() < 0.2:
        words = _WORDS[: rng.choice([2, 3, 5, 12])]
        count = rng.randint(100, 240)
    else:
        words = _WORDS[rng.randint(0, 40) :]
        count = rng.choice([1, 2, 5, 20, 60])
    line = rng.choice([1, 5, 25, 300])

    def text() -> str:
        parts = [rng.choice(["", "", "\n", " "])]
        for n in range(count):
            parts += [rng.choice(words), " " if (n + 1) % line else rng.choice(_BREAKS)]
        return "".join(parts)

    return text(), text()


def _expected(prediction: str, reference: str, stem: Stem) -> dict[str, Any]:
    """Return what the package says of the texts, their sentences on lines where they have none."""
    found: dict[str, Any] = _SCORERS[stem].score(reference, prediction)
    by_line = [
        text if "\n" in text.strip() else "\n".join(sentences(text))
        for text in (reference, prediction)
    ]
    if by_line != [reference, prediction]:
        found["rougeLsum"] = _SCORERS[stem].score(*by_line)["rougeLsum"]
    return found


def _same_values(prediction: str, reference: str, stem: Stem) -> bool:
    """Assert that every value is that of the package; tell whether there was anything to score."""
    ours = rouge(prediction, [reference], stem=stem)
    theirs = _expected(prediction, reference, stem)
    if ours.state is not RougeState.SCORED:
        assert all(theirs[kind].fmeasure == 0 for kind in KINDS)
        return False
    for kind in KINDS:
        found = ours.score(kind)
        assert found is not None
        assert (found.precision, found.recall, found.fmeasure) == tuple(theirs[kind]), (
            kind,
            prediction,
            reference,
        )
    return True


@pytest.mark.parametrize("stem", _STEMS)
@pytest.mark.parametrize("pair", _ADVERSARIAL)
def test_hard_pairs_have_the_values_of_rouge_score(pair: tuple[str, str], stem: Stem) -> None:
    assert _same_values(*pair, stem)
    assert _same_values(*pair[::-1], stem)


def test_random_pairs_have_the_values_of_rouge_score() -> None:
    rng = random.Random(11)
    scored = [_same_values(*_drawn(rng), _STEMS[n % 3]) for n in range(300)]
    assert sum(scored) > 270


@pytest.mark.slow
def test_many_random_pairs_have_the_values_of_rouge_score() -> None:
    rng = random.Random(12)
    scored = [_same_values(*_drawn(rng), _STEMS[n % 3]) for n in range(10_000)]
    assert sum(scored) > 9_000


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


@pytest.mark.parametrize("stem", _STEMS)
def test_best_is_score_multi_per_kind_and_mean_is_the_mean(stem: Stem) -> None:
    rng = random.Random(13)
    for _ in range(30):
        prediction = "\n".join(rng.choices(_WORDS, k=6))
        references = ["\n".join(rng.choices(_WORDS[:20], k=5)) for _ in range(4)]
        theirs = _SCORERS[stem].score_multi(references, prediction)
        best = rouge(prediction, references, mref="best", stem=stem)
        mean = rouge(prediction, references, mref="mean", stem=stem)
        single = [_SCORERS[stem].score(reference, prediction) for reference in references]
        if best.state is RougeState.UNSCORABLE:
            continue
        for kind in KINDS:
            found, average = best.score(kind), mean.score(kind)
            assert found is not None
            assert average is not None
            assert (found.precision, found.recall, found.fmeasure) == tuple(theirs[kind])
            assert average.fmeasure == sum(one[kind].fmeasure for one in single) / 4
            assert average.recall == sum(one[kind].recall for one in single) / 4


def test_of_equally_good_references_the_first_is_best() -> None:
    # F is 2/3 with both: precision 1 and recall 1/2, or the other way round.
    prediction, references = "a b\n.", ["a b c d\n.", "a\n."]
    for given in (references, references[::-1]):
        theirs = _SCORERS["none"].score_multi(given, prediction)
        found = rouge(prediction, given, stem="none").rouge1
        assert found is not None
        assert (found.precision, found.recall) == tuple(theirs["rouge1"])[:2]
