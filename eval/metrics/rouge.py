"""ROUGE as rouge-score 0.1.2 defines it: the values are that package's, to the last digit.

Neither the package nor NLTK is imported; the code is this project's own. Counts come as integers
from `rouge_texts`, and are divided in the order in which the package divides them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, get_args

from eval.metrics.lines import SENTENCES
from eval.metrics.rouge_texts import Overlap, Text, Texts, overlaps
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.metrics.rouge_tokens import Stem, Tok

KINDS = ("rouge1", "rouge2", "rougeL", "rougeLsum")
DEFINITION: Final = "rouge-score-0.1.2"

Mref = Literal["mean", "best"]


class RougeState(StrEnum):
    """What became of a comparison."""

    SCORED = "scored"
    EMPTY_PREDICTION = "empty_prediction"
    NO_REFERENCE = "no_reference"
    UNSCORABLE = "unscorable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RougeScore:
    """Three values in [0, 1]."""

    precision: float
    recall: float
    fmeasure: float


ZERO = RougeScore(precision=0.0, recall=0.0, fmeasure=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceScores:
    """The scores against one reference, `index` being its place in the sequence given.

    `overlaps` has the counts behind them in the order of `KINDS`, so that hits can be summed over
    references, as the MultiLing 2011 figures are: sum(hits) / sum(reference).
    """

    index: int
    rouge1: RougeScore
    rouge2: RougeScore
    rougeL: RougeScore  # noqa: N815 - the name everybody knows it by
    rougeLsum: RougeScore  # noqa: N815 - as above
    overlaps: tuple[Overlap, Overlap, Overlap, Overlap]

    def score(self, kind: str) -> RougeScore:
        """Return one of `KINDS` by name.

        Raises:
            ValueError: no such kind.
        """
        found: RougeScore = getattr(self, _known(kind))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RougeScores:
    """The scores of one prediction.

    They are None where there is nothing to compare: `NO_REFERENCE`, or `UNSCORABLE` for a text that
    the tokenizer finds no word in (`rouge155` knows a-z and 0-9 only). An empty prediction scores
    0. `references` were used, one of `per_reference` each, which is empty where the scores are
    None; `excluded` were empty or unscorable.
    """

    state: RougeState
    rouge1: RougeScore | None
    rouge2: RougeScore | None
    rougeL: RougeScore | None  # noqa: N815 - the name everybody knows it by
    rougeLsum: RougeScore | None  # noqa: N815 - as above
    references: int
    excluded: int
    per_reference: tuple[ReferenceScores, ...]
    mref: Mref
    stem: Stem
    tok: Tok

    def score(self, kind: str) -> RougeScore | None:
        """Return one of `KINDS` by name.

        Raises:
            ValueError: no such kind.
        """
        found: RougeScore | None = getattr(self, _known(kind))
        return found

    def signature(self, kind: str) -> str:
        """Return the choices behind one value, for example `rouge2|nrefs:1|mref:best|…`."""
        return rouge_signature(
            kind, nrefs=self.references, mref=self.mref, stem=self.stem, tok=self.tok
        )


def rouge_signature(kind: str, *, nrefs: int | str, mref: Mref, stem: Stem, tok: Tok) -> str:
    """Return the signature of one value, or of a corpus, whose `nrefs` may be a range: `3-11`.

    >>> rouge_signature("rouge2", nrefs=3, mref="best", stem="porter-orig", tok="rouge155")
    'rouge2|nrefs:3|mref:best|tok:rouge155|stem:porter-orig|sents:lines-else-pysbd-0.3.4|agg:mean|lib:rouge-score-0.1.2|v:1'

    Raises:
        ValueError: no such kind.
    """
    return signature(
        _known(kind),
        nrefs=nrefs,
        mref=mref,
        tok=tok,
        stem=stem,
        sents=SENTENCES,
        agg="mean",
        lib=DEFINITION,
        v=1,
    )


_texts = Texts()


def rouge(
    prediction: str | None,
    references: Sequence[str],
    *,
    mref: Mref = "best",
    stem: Stem = "porter-orig",
    tok: Tok = "rouge155",
) -> RougeScores:
    r"""Compare a prediction with its references.

    The texts asked for last are remembered, so that a reference is made ready once for all systems.
    ROUGE-1, -2 and -L take a text as a whole. ROUGE-Lsum takes its lines for sentences; a text of
    one line is split into sentences first.

    >>> found = rouge("the dam broke\nrain fell", ["rain fell\na dam broke", ""])
    >>> found.state.value, found.references, found.excluded
    ('scored', 1, 1)
    >>> found.rougeLsum
    RougeScore(precision=0.8, recall=0.8, fmeasure=0.8000000000000002)

    Args:
        prediction: the text of a system, None or blank where it wrote nothing.
        references: texts by people; blank ones are excluded and counted.
        mref: per kind the reference with the best F, the first of equals (`score_multi`, Perl's
            -f B), or the mean of precision, recall and F over the references (Perl's -f A).
        stem: Porter's original rules, which agree with Perl ROUGE-1.5.5 on 99.2 % of 474 pairs,
            NLTK's extension, which is `use_stemmer=True` (97-98 %), or no stemming.
        tok: rouge-score's tokenizer, or words of any script; see `rouge_tokens.tokens`.

    Raises:
        TypeError: `references` is one text, not a sequence of texts.
        ValueError: no such `mref`, `stem` or `tok`.
    """
    if isinstance(references, str):
        raise TypeError("references must be a sequence of texts, got one text; wrap it in a list")
    if mref not in get_args(Mref):
        raise ValueError(f"mref must be one of {', '.join(get_args(Mref))}, got {mref!r}")
    written = _texts.get(prediction or "", stem=stem, tok=tok)
    given = [_texts.get(text or "", stem=stem, tok=tok) for text in references]
    usable = [(index, text) for index, text in enumerate(given) if text.tokens]
    state = _state(written, given, usable=bool(usable))
    compared: tuple[ReferenceScores, ...] = ()
    if state is RougeState.EMPTY_PREDICTION or state is RougeState.SCORED:
        compared = tuple(_compared(written, text, index) for index, text in usable)
    combine = _best if mref == "best" else _mean
    return RougeScores(
        state=state,
        rouge1=combine([one.rouge1 for one in compared]),
        rouge2=combine([one.rouge2 for one in compared]),
        rougeL=combine([one.rougeL for one in compared]),
        rougeLsum=combine([one.rougeLsum for one in compared]),
        references=len(usable),
        excluded=len(given) - len(usable),
        per_reference=compared,
        mref=mref,
        stem=stem,
        tok=tok,
    )


def _state(written: Text, given: Sequence[Text], *, usable: bool) -> RougeState:
    if not usable:
        foreign = any(not text.blank for text in given)
        return RougeState.UNSCORABLE if foreign else RougeState.NO_REFERENCE
    if written.blank:
        return RougeState.EMPTY_PREDICTION
    return RougeState.SCORED if written.tokens else RougeState.UNSCORABLE


def _compared(written: Text, reference: Text, index: int) -> ReferenceScores:
    counts = overlaps(written, reference)
    one, two, whole, lines = map(_score, counts)
    return ReferenceScores(
        index=index, rouge1=one, rouge2=two, rougeL=whole, rougeLsum=lines, overlaps=counts
    )


def _score(counts: Overlap) -> RougeScore:
    """Divide as rouge-score does, in its order: another order changes the last digit."""
    precision = counts.hits / max(counts.prediction, 1)
    recall = counts.hits / max(counts.reference, 1)
    both = precision + recall
    fmeasure = 2 * precision * recall / both if both > 0 else 0.0
    return RougeScore(precision=precision, recall=recall, fmeasure=fmeasure)


def _best(scores: Sequence[RougeScore]) -> RougeScore | None:
    return max(scores, key=lambda score: score.fmeasure, default=None)


def _mean(scores: Sequence[RougeScore]) -> RougeScore | None:
    n = len(scores)
    if not n:
        return None
    return RougeScore(
        precision=sum(score.precision for score in scores) / n,
        recall=sum(score.recall for score in scores) / n,
        fmeasure=sum(score.fmeasure for score in scores) / n,
    )


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    return kind
