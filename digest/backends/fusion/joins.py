"""Two neighbouring sentences about one subject become one.

The fusion model proposes: which words of both to keep, which connective between them. What it may
do is narrow, so that no claim changes hands: the second sentence loses nothing but an opening that
names the first one's subject again, and gains nothing but a connective.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import CONNECTIVES
from digest.backends.embedded.pieces import word_spans
from digest.records import Label
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.embedded.tagger import Tagger
    from digest.records import Mention

_LONGEST: Final = 38  # words of a joined sentence: longer ones lose readers
_OPENING: Final = 8  # words of the second sentence among which its subject stands
# "It" and "they" may be any thing of the first sentence, "he" only its one person.
_PRONOUNS: Final = frozenset({"he", "she"})
# A name is the subject where one of these follows it: "Paris schools closed" tells of schools.
_VERBS: Final = frozenset(
    "has have had is are was were will would can could may might must should did does said says"
    " told took gave made went came left met won lost held led ran began became found fell rose saw"
    " got put set cut hit spoke wrote sent built bought sold brought thought kept stood drew flew"
    " grew knew threw broke chose drove fought paid read sought shot spent taught wore plans"
    " expects wants hopes denies".split()
)
_BETWEEN: Final = frozenset({"also", "later", "then", "now"})
# Behind one of these stands a clause of its own, to which the second half would seem to belong.
_CLAUSES: Final = frozenset(
    "that who which whose whom said says say told when while because if although though where"
    " whether unless until after before since as but so told announced reported claims claimed"
    " warned believes denied added confirmed".split()
)
# Contrast and cause would be claims of our own; these only say that both hold.
_NEUTRAL: Final = frozenset({"and", ", and"})
_GAP: Final = 0.3
_ABBREVIATED: Final = re.compile(r"(?:[A-Za-z]\.){2,}\s*$")


class Joiner:
    """Joins sentences with the model `fuse`."""

    def __init__(self, fuse: Tagger) -> None:
        self._fuse = fuse

    def __call__(self, first: str, second: str) -> str | None:
        """Return both as one sentence, None where that would not be sure to say the same."""
        opening = _repeated_subject(first, second)
        if opening is None or _quoted(first + second):
            return None
        left, right = _words(first), _words(second)
        (scores,) = self._fuse.scores([[*left, *right]])
        edit = scores["edit"].argmax(-1)[len(left) :]
        insert = scores["insert"][len(left) :]
        drops = int((edit[: opening + 1] == 1).sum())
        place = int(insert[: opening + 2, 1:].max(axis=1).argmax())
        connective = CONNECTIVES[1 + int(insert[place, 1:].argmax())]
        if drops < opening or connective not in _NEUTRAL:
            return None
        return self._checked(first, second, opening)

    def _checked(self, first: str, second: str, opening: int) -> str | None:
        spans = word_spans(second)
        rest = second[spans[opening][0] :]
        begun = first.rstrip() if _ABBREVIATED.search(first) else first.rstrip()[:-1]
        text = f"{begun} and {rest}"
        words = _words(text)
        seam = len(_words(begun))
        (scores,) = self._fuse.scores([words])
        doubt = math.exp(max(scores["gap"][seam : seam + 2, 1]))
        return text if doubt < _GAP and len(text.split()) <= _LONGEST else None


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def _quoted(text: str) -> bool:
    return any(mark in text for mark in '"“”')


def _repeated_subject(first: str, second: str) -> int | None:
    """Return how many words of the second sentence name the first one's subject again, else None.

    The subject of the first sentence is the name it opens with and has one clause to itself; the
    second opens with that name, a shorter form of a person's, or a pronoun for its only person, and
    goes on with a verb.
    """
    opened, again = _opening_name(first), _opening_name(second)
    words = [word.lower() for word in _words(first)]
    if opened is None or not (words[-1:] == ["."] or _ABBREVIATED.search(first)):
        return None
    name, size = opened
    if not _verb_at(words, size) or _CLAUSES & set(words):
        return None
    people = {m.text for m in find_mentions(first) if m.label is Label.PERSON}
    following = [word.lower() for word in _words(second)]
    if again is not None and _same(name, again[0], {name.text} == people):
        opening = again[1]
    elif following[:1] and following[0] in _PRONOUNS and people == {name.text}:
        opening = 1
    else:
        return None
    return opening if _verb_at(following, opening) else None


def _same(name: Mention, again: Mention, alone: bool) -> bool:  # noqa: FBT001 - one caller
    """Tell whether two names are one: equal, or a shorter form of the only person's."""
    full, short = fold(name.text).split(), fold(again.text).split()
    shorter = name.label is Label.PERSON and alone and short[-1:] == full[-1:]
    return full == short or (shorter and set(short) <= set(full))


def _verb_at(words: Sequence[str], place: int) -> bool:
    at = place + 1 if words[place : place + 1] and words[place] in _BETWEEN else place
    return at < len(words) and (words[at] in _VERBS or words[at].endswith("ed"))


def _opening_name(text: str) -> tuple[Mention, int] | None:
    """Return the name a sentence opens with and how many words that takes, titles included."""
    found = [m for m in find_mentions(text) if m.label in NAME_LABELS]
    if not found:
        return None
    name = found[0]
    size = sum(start < name.end for start, _ in word_spans(text))
    before = text[: name.start].split()
    titled = all(word[:1].isupper() for word in before)
    return (name, size) if size <= _OPENING and titled else None
