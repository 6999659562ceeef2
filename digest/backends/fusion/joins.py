"""Two neighbouring sentences about one subject become one.

The fusion model proposes: which words of both to keep, which connective between them. What it may
do is narrow, so that no claim changes hands: the second sentence loses nothing but an opening that
names the first one's subject again, and gains nothing but a connective.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import CONNECTIVES
from digest.backends.embedded.pieces import word_spans
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import fold

if TYPE_CHECKING:
    from digest.backends.embedded.tagger import Tagger

_LONGEST: Final = 38  # words of a joined sentence: longer ones lose readers
_OPENING: Final = 8  # words of the second sentence among which its subject stands
_PRONOUNS: Final = frozenset({"he", "she", "it", "they"})
# Contrast and cause would be claims of our own; these only say that both hold.
_NEUTRAL: Final = frozenset({"and", ", and"})
_GAP: Final = 0.3


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
        text = f"{first.rstrip()[:-1]} and {rest}"
        words = _words(text)
        seam = len(_words(first)) - 1
        (scores,) = self._fuse.scores([words])
        doubt = math.exp(max(scores["gap"][seam : seam + 2, 1]))
        return text if doubt < _GAP and len(text.split()) <= _LONGEST else None


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def _quoted(text: str) -> bool:
    return any(mark in text for mark in '"“”')


def _repeated_subject(first: str, second: str) -> int | None:
    """Return how many words of the second sentence name the first one's subject again, else None.

    The subject of the first sentence is the name it opens with; the second opens with that name,
    or a shorter form of it, and goes on with a verb.
    """
    opened = _opening_name(first)
    again = _opening_name(second)
    words = _words(second)
    if opened is None:
        return None
    if again is not None:
        name, size = again
        same = fold(name).split()[-1] == fold(opened[0]).split()[-1]
        return size if same else None
    return 1 if words and words[0].lower() in _PRONOUNS else None


def _opening_name(text: str) -> tuple[str, int] | None:
    """Return the name a sentence opens with and how many words that takes, titles included."""
    found = [m for m in find_mentions(text) if m.label in NAME_LABELS]
    if not found:
        return None
    name = found[0]
    size = sum(start < name.end for start, _ in word_spans(text))
    before = text[: name.start].split()
    titled = all(word[:1].isupper() for word in before)
    return (name.text, size) if size <= _OPENING and titled else None
