"""Texts made ready for ROUGE, and what two of them share: counted once, remembered, bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from eval.metrics.lcs import Lines
from eval.metrics.lines import sentences, without_marks
from eval.metrics.rouge_tokens import token_lines, tokens

if TYPE_CHECKING:
    from eval.metrics.rouge_tokens import Stem, Tok

# Texts of so many tokens are remembered, and those before them while they are asked for. The 1,100
# references of SummEval have 66,000. Measured on MultiLing 2011 a token takes 120 bytes in a
# prediction, 230 in a reference.
_REMEMBERED: Final = 100_000

Gram = TypeVar("Gram", str, tuple[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The counts behind one score: `hits` shared n-grams or tokens out of those of each text."""

    hits: int
    prediction: int
    reference: int


class Text:
    """One text as ROUGE sees it.

    Attributes:
        blank: it has no letter and no digit of any script.
        tokens: all tokens in order, for rouge1, rouge2 and rougeL, which know no lines.
        lines: the tokens of each sentence, for rougeLsum: lines are sentences, as in rouge-score,
            but a text of one line is split by the pipeline's splitter.
    """

    def __init__(self, text: str, *, stem: Stem, tok: Tok) -> None:
        # Looking for marks takes 20 µs where there are none.
        plain = without_marks(text) if "<" in text else text.strip()
        one_line = "\n" not in plain
        by_line = "\n".join(sentences(plain)) if one_line else plain
        self.blank = not any(map(str.isalnum, plain))
        self.lines = token_lines(by_line, stem=stem, tok=tok)
        in_lines = list(chain.from_iterable(self.lines))
        self.tokens = tokens(plain, stem=stem, tok=tok) if one_line else in_lines
        self.unigrams = Counter(self.tokens)
        self.bigrams = Counter(pairwise(self.tokens))
        # A splitter may cut inside a token.
        self.line_unigrams = self.unigrams if self.tokens == in_lines else Counter(in_lines)

    @cached_property
    def by_line(self) -> Lines:
        """The lines, ready for the union of common subsequences."""
        return Lines(self.lines)

    @cached_property
    def whole(self) -> Lines:
        """The text, ready for one common subsequence."""
        return self.by_line if self.line_unigrams is self.unigrams else Lines([self.tokens])


def overlaps(prediction: Text, reference: Text) -> tuple[Overlap, Overlap, Overlap, Overlap]:
    """Return the counts of rouge1, rouge2, rougeL and rougeLsum."""
    return (
        _shared(prediction.unigrams, reference.unigrams),
        _shared(prediction.bigrams, reference.bigrams),
        Overlap(
            hits=reference.whole.lcs_length(prediction.tokens),
            prediction=len(prediction.tokens),
            reference=len(reference.tokens),
        ),
        Overlap(
            hits=_union_hits(prediction, reference),
            prediction=prediction.line_unigrams.total(),
            reference=reference.line_unigrams.total(),
        ),
    )


def _shared(prediction: Counter[Gram], reference: Counter[Gram]) -> Overlap:
    both = prediction.keys() & reference.keys()
    return Overlap(
        hits=sum(min(prediction[gram], reference[gram]) for gram in both),
        prediction=prediction.total(),
        reference=reference.total(),
    )


def _union_hits(prediction: Text, reference: Text) -> int:
    """Return how many tokens of the reference are in the union of common subsequences.

    Clipped as rouge-score does it: no token counts more often than the prediction has it. Its
    other bound, the count in the reference, is never reached, since each position counts once.
    """
    union = reference.by_line.union(prediction.lines)
    hits = union.bit_count()
    for token, positions in reference.by_line.repeated:
        met = (union & positions).bit_count()
        if met > 1:
            hits -= max(0, met - prediction.line_unigrams[token])
    return hits


class Texts:
    """Remembers the texts asked for last, by the number of their tokens.

    Two tables: what is asked for goes into the young one; when that is full it becomes the old one,
    whose texts come back when they are asked for and are forgotten at the next turn if not.
    """

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._size = 0
        self._young: dict[tuple[str, Stem, Tok], Text] = {}
        self._old: dict[tuple[str, Stem, Tok], Text] = {}

    def get(self, text: str, *, stem: Stem, tok: Tok) -> Text:
        """Return a text made ready, remembered or made now.

        Raises:
            ValueError: no such stemmer or tokenizer.
        """
        key = (text, stem, tok)
        found = self._young.get(key)
        if found is not None:
            return found
        found = self._old.get(key) or Text(text, stem=stem, tok=tok)
        size = len(found.tokens) + 1
        if self._size + size > self._most:
            self._young, self._old, self._size = {}, self._young, 0
        if size <= self._most // 8:  # the bits of a long reference take size × size
            self._young[key] = found
            self._size += size
        return found
