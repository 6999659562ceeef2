"""Words to what an encoder reads: word pieces, the first piece of each word, letter case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The most pieces of one text, special pieces included: what BERT has positions for.
MAX_PIECES: Final = 512
# As treebanks split: "n't" and "'s" are words, "U.S.", "3.5bn", "1990s", "40-year-old" and "AT&T"
# stay whole.
_WORD: Final = re.compile(
    r"(?:[A-Za-z]\.){2,}|\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Gen|Gov|Sen|Rep|Inc|Ltd|Col|Corp|Co|No)\.(?=\s)"
    r"|\d+(?:[.,:]\d+)*[^\W_]*(?:[-&][^\W_]+)*"
    r"|[^\W\d_]+(?=n['’]t\b)|n['’]t\b"
    r"|['’](?:s|S|re|ve|ll|d|m)\b"
    r"|[^\W_]+(?:[-&][^\W_]+)*"
    r"|\.\.\.|--|\S"
)
SHAPES: Final = ("none", "lower", "title", "initial", "upper", "mixed", "digits", "alphanumeric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """One text as word pieces.

    `first[i]` is the place of the first piece of word i; words that begin behind the last piece
    that fits have none, so that `first` may be shorter than the words. Of one word or more, the
    first one always has a place.
    """

    ids: tuple[int, ...]
    first: tuple[int, ...]
    shapes: tuple[int, ...]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every word and mark of a text, as treebanks split it.

    >>> text = 'Mr. Lee didn\u2019t pay $3.5 in the U.S., he said.'
    >>> [text[start:end] for start, end in word_spans(text)][:9]
    ['Mr.', 'Lee', 'did', 'n\u2019t', 'pay', '$', '3.5', 'in', 'the']
    """
    return [match.span() for match in _WORD.finditer(text)]


def shape(word: str) -> int:
    """Return the letter case of a word, an index into `SHAPES`.

    >>> [SHAPES[shape(word)] for word in ("NATO", "Paris", "A", "iPhone", "G7", "2,500", ".")]
    ['upper', 'title', 'initial', 'mixed', 'alphanumeric', 'digits', 'none']
    """
    letters = [char for char in word if char.isalpha()]
    if not letters:
        return 6 if any(char.isdigit() for char in word) else 0
    if any(char.isdigit() for char in word):
        return 7
    capitals = sum(char.isupper() for char in letters)
    if not capitals:
        return 1
    if capitals == len(letters):
        return 3 if capitals == 1 else 4
    return 2 if capitals == 1 and letters[0].isupper() else 5


class WordPieces:
    """Splits words into the pieces of a vocabulary, as `tokenizer.json` of a checkpoint says."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415 - 20 ms

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def split(self, texts: Sequence[Sequence[str]]) -> list[Pieces]:
        """Return the pieces of texts that are split into words already."""
        words = [list(text) for text in texts]
        encoded = self._tokenizer.encode_batch(words, is_pretokenized=True)
        return [
            _pieces(words, found.ids, found.word_ids)
            for words, found in zip(texts, encoded, strict=True)
        ]

    def ids(self, texts: Sequence[str], *, special: bool = False) -> list[list[int]]:
        """Return the pieces of whole texts, 512 at most; the vocabulary's rules find the words.

        Args:
            texts: what to split.
            special: whether the pieces that an encoder wants at both ends are put there.
        """
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=special)
        return [found.ids for found in encoded]


def _pieces(words: Sequence[str], ids: list[int], owners: list[int | None]) -> Pieces:
    places: dict[int, int] = {}
    for place, owner in enumerate(owners):
        if owner is not None:
            places.setdefault(owner, place)
    shapes = [shape(word) for word in words]
    reached = max(places, default=0) + 1 if words else 0
    # A word of which the vocabulary's normalizer leaves nothing is read at the piece before it.
    first, last = [], 0
    for index in range(reached):
        last = places.get(index, last)
        first.append(last)
    return Pieces(
        ids=tuple(ids),
        first=tuple(first),
        shapes=tuple(0 if owner is None else shapes[owner] for owner in owners),
    )
