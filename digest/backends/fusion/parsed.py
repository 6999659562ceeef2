"""A sentence as the compression model reads it, and stretches of it that may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MARKS: Final = frozenset(
    {",", ".", ";", ":", "-", "--", "–", "—", "(", ")", "?", "!", '"', "“", "”"}
)
STOPS: Final = frozenset({".", "?", "!"})
# A stretch that begins with one of these is a condition or completes its verb.
BOUND_OPENERS: Final = frozenset(
    "if unless until except without than whether because to of as by from into onto against that"
    " than like despite".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A sentence as words with what the compression model says of each.

    `keep` is the probability that a shorter sentence has the word, `dep` its dependency label and
    `pos` its part of speech; without the latter every word may be a verb.
    """

    words: tuple[str, ...]
    keep: tuple[float, ...]
    dep: tuple[str, ...]
    pos: tuple[str, ...] = ()

    def may_be_verb(self, place: int) -> bool:
        """Tell whether a word is a verb as far as is known."""
        return not self.pos or self.pos[place].startswith(("VB", "MD"))

    def low(self, place: int) -> str:
        """Return a word in lower case, "" outside the sentence."""
        return self.words[place].lower() if 0 <= place < len(self.words) else ""


class Kind(StrEnum):
    """What a stretch is."""

    OPENING = "opening"
    ASIDE = "aside"
    TRAILING = "trailing"
    ATTRIBUTION = "attribution"
    PHRASE = "phrase"
    TIME = "time"
    ADVERB = "adverb"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cut:
    """Words `start` to `end`, exclusive, can go; `weight` in [0, 1] is how much is lost.

    `run` is set for one of several asides in a row: the places of the commas that open the first
    and close the last of them.
    """

    weight: float
    start: int
    end: int
    kind: Kind
    run: tuple[int, int] | None = field(default=None, compare=False)
