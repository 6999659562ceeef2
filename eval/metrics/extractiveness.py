"""How much of a text is copied: coverage, density and compression, and the share of new n-grams.

Coverage and density are those of Grusky et al. 2018 (Newsroom, NAACL, section 4). Faithfulness is
to be read beside them: on QAGS-CNN/DM the share of novel trigrams correlates -.696 with what people
call consistent, so a text can look faithful by copying alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.memory import remember
from eval.metrics.lines import without_marks
from eval.metrics.rouge_tokens import tokens as tokens_of
from eval.metrics.substrings import SuffixAutomaton
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.metrics.rouge_tokens import Tok

SIZES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """Of the `total` distinct n-grams of `size` in a text, `novel` stand in no source."""

    size: int
    novel: int
    total: int

    @property
    def share(self) -> float | None:
        """Return the share of novel n-grams in [0, 1], None for a text of fewer tokens."""
        return self.novel / self.total if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractiveness:
    """What a text takes over from its sources, counted in tokens.

    `copied` tokens stand in fragments shared with a source, `squared` is the sum of the squared
    lengths of the fragments; `max_copied` and `max_squared` are the highest of any single source.
    All are None where the text or the sources have no token: nothing was written, nothing was
    there to copy from, or the tokenizer does not know the script.
    """

    tokens: int
    source_tokens: int
    copied: int | None
    squared: int | None
    max_copied: int | None
    max_squared: int | None
    novelty: tuple[Novelty, ...] | None

    @property
    def coverage(self) -> float | None:
        """Return the share of tokens inside fragments, in [0, 1]."""
        return self._per_token(self.copied)

    @property
    def density(self) -> float | None:
        """Return the mean length of the fragment that a token is in, in [0, tokens]."""
        return self._per_token(self.squared)

    @property
    def max_coverage(self) -> float | None:
        """Return the highest coverage by one source alone, in [0, coverage]."""
        return self._per_token(self.max_copied)

    @property
    def max_density(self) -> float | None:
        """Return the highest density by one source alone, in [0, tokens]."""
        return self._per_token(self.max_squared)

    @property
    def compression(self) -> float | None:
        """Return source tokens per token of the text, above 0."""
        return None if self.copied is None else self.source_tokens / self.tokens

    def novel(self, size: int) -> float | None:
        """Return the share of distinct n-grams of `size` (1 to 4) that no source has, in [0, 1].

        Raises:
            ValueError: no such size is counted.
        """
        if size not in SIZES:
            raise ValueError(f"size must be one of {SIZES}, got {size}")
        return None if self.novelty is None else self.novelty[size - 1].share

    def _per_token(self, count: int | None) -> float | None:
        return None if count is None else count / self.tokens


def extractiveness(
    prediction: str, sources: Sequence[str], *, tok: Tok = "rouge155"
) -> Extractiveness:
    """Return how much of a prediction its sources already say word for word.

    Fragments are greedy, from left to right the longest that any one source shares; none runs from
    one source into the next. The paper's listing resumes behind a match in the source, and so can
    miss a longer one that overlaps it ("a a b" in "a a a b"); on 474 QAGS texts that never happens.

    >>> found = extractiveness("the old dam broke at night", ["On Monday the old dam", "It broke."])
    >>> found.coverage, found.density, found.max_coverage, found.novel(2)
    (0.6666666666666666, 1.6666666666666667, 0.5, 0.6)

    Args:
        prediction: what a system wrote.
        sources: the articles it wrote about, each a text.
        tok: those of `eval.metrics.rouge`, here never stemmed: with stems the correlation of
            coverage with QAGS-CNN/DM's judgments is .388, without .405, which is the known figure.

    Raises:
        ValueError: the tokenizer is unknown.
    """
    tokens = tokens_of(without_marks(prediction), stem="none", tok=tok)
    indexes = [index for text in sources if (index := _index(text, tok)).tokens]
    source_tokens = sum(index.tokens for index in indexes)
    if not tokens or not indexes:
        return Extractiveness(
            tokens=len(tokens),
            source_tokens=source_tokens,
            copied=None,
            squared=None,
            max_copied=None,
            max_squared=None,
            novelty=None,
        )
    lengths = _fragments(tokens, indexes)
    single = [lengths] if len(indexes) == 1 else [_fragments(tokens, [one]) for one in indexes]
    return Extractiveness(
        tokens=len(tokens),
        source_tokens=source_tokens,
        copied=sum(lengths),
        squared=_squared(lengths),
        max_copied=max(map(sum, single)),
        max_squared=max(map(_squared, single)),
        novelty=tuple(_novelty(tokens, indexes, size) for size in SIZES),
    )


def extractiveness_signature(*, tok: Tok = "rouge155") -> str:
    """Return the choices behind the values.

    >>> extractiveness_signature()
    'extractiveness|tok:rouge155|stem:none|fragments:greedy-longest|ngrams:distinct-whole-text|v:1'
    """
    return signature(
        "extractiveness",
        tok=tok,
        stem="none",
        fragments="greedy-longest",
        ngrams="distinct-whole-text",
        v=1,
    )


@remember(characters=200_000)  # about 100 bytes per character
def _index(text: str, tok: Tok) -> SuffixAutomaton:
    return SuffixAutomaton(tokens_of(without_marks(text), stem="none", tok=tok))


def _fragments(tokens: Sequence[str], indexes: Sequence[SuffixAutomaton]) -> list[int]:
    """Return the lengths of the fragments, from left to right."""
    lengths = []
    position = 0
    while position < len(tokens):
        longest = max(index.match(tokens, position) for index in indexes)
        if longest:
            lengths.append(longest)
        position += max(longest, 1)
    return lengths


def _squared(lengths: Sequence[int]) -> int:
    return sum(length * length for length in lengths)


def _novelty(tokens: Sequence[str], indexes: Sequence[SuffixAutomaton], size: int) -> Novelty:
    grams = {tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)}
    novel = sum(all(index.match(gram) < size for index in indexes) for gram in grams)
    return Novelty(size=size, novel=novel, total=len(grams))
