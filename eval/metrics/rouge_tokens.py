"""The tokens that ROUGE counts: those of rouge-score, or words of any script."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, Final, Literal, get_args

from eval.metrics import porter

if TYPE_CHECKING:
    from collections.abc import Callable

Stem = Literal["porter-orig", "porter-nltk", "none"]
Tok = Literal["rouge155", "unicode"]

# Words up to this length stay as they are; the package and Perl ROUGE-1.5.5 agree on it.
_LONGEST_UNSTEMMED: Final = 3
# The vocabulary of a language fits; a stream of made-up words starts a new table instead of
# filling the memory (about 200 bytes a word). Nothing longer than 50 letters is a word.
_MOST_WORDS: Final = 200_000
_LONGEST_KEPT: Final = 50
_SEPARATED: Final = bytes(
    byte if chr(byte) in "abcdefghijklmnopqrstuvwxyz0123456789\n" else ord(" ")
    for byte in range(256)
)
# Scripts that put no space between words, letters and marks of each: every letter is a token.
_UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u1950-\u19cf\u1a20-\u1a7f"  # Khmer, Tai (above: Myanmar)
    "\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U000323af"  # Chinese and Japanese, from 3005 on
)
# Invisible inside a word: soft hyphen, joiners, word joiner, byte order mark.
_INVISIBLE: Final = dict.fromkeys((0xAD, 0x200C, 0x200D, 0x2060, 0xFEFF))


def tokens(text: str, *, stem: Stem, tok: Tok) -> list[str]:
    """Return the tokens of a text, stemmed, in order.

    `rouge155` is rouge-score's tokenizer: lower case, everything but a-z and 0-9 separates.
    `unicode` is NFKC and case-folded words with their combining marks; characters one by one in
    scripts that put no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Myanmar). ASCII
    texts have the same tokens under both. Porter's rules apply to ASCII tokens only.

    >>> tokens("The U.S. dams, rebuilt", stem="porter-orig", tok="rouge155")
    ['the', 'u', 's', 'dam', 'rebuilt']
    >>> tokens("Größe 北京", stem="porter-orig", tok="unicode")
    ['grösse', '北', '京']

    Raises:
        ValueError: no such stemmer or tokenizer.
    """
    return [token for line in token_lines(text, stem=stem, tok=tok) for token in line]


def token_lines(text: str, *, stem: Stem, tok: Tok) -> list[list[str]]:
    r"""Return the tokens of each line of a text; only a line feed ends a line.

    >>> token_lines("Two dams.\n\nRebuilt", stem="porter-orig", tok="rouge155")
    [['two', 'dam'], [], ['rebuilt']]

    Raises:
        ValueError: no such stemmer or tokenizer.
    """
    # Of a word of four letters or more at least one is left: no token is empty.
    known = _stems(stem).__getitem__
    return [list(map(known, words)) for words in _splitter(tok)(text)]


def _rouge155(text: str) -> list[list[str]]:
    """Return the runs of a-z and 0-9 in each line of the lower-cased text.

    Lower-cased first: "İ" becomes an i and a dot, the Kelvin sign a k. A character beyond ASCII is
    encoded as "?", which separates like the rest.
    """
    plain = text.lower().encode("ascii", "replace").translate(_SEPARATED).decode("ascii")
    return list(map(str.split, plain.split("\n")))


def _unicode(text: str) -> list[list[str]]:
    """Return the words in each line of a text of any script, NFKC, case-folded, marks kept."""
    if text.isascii():
        return _rouge155(text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = unicodedata.normalize("NFKC", folded).translate(_INVISIBLE)
    return list(map(_word_pattern().findall, visible.split("\n")))


@cache
def _word_pattern() -> re.Pattern[str]:
    r"""Return the pattern of a word: a letter or digit, then also marks, which \w leaves out."""
    last = 0x1F000  # from here on symbols and ideographs, and far above variation selectors
    marks = [chr(n) for n in range(0x300, last) if unicodedata.category(chr(n))[0] == "M"]
    mark = f"[{''.join(marks)}\U000e0100-\U000e01ef]"
    letter = f"(?![{_UNSPACED}])[^\\W_]"
    return re.compile(f"[{_UNSPACED}]{mark}*|{letter}(?:{letter}|{mark})*")


class _Stems(dict[str, str]):
    """Words and their stems: a dictionary that looks up what it does not know."""

    def __init__(self, stem: Stem) -> None:
        super().__init__()
        self._stemmed = stem != "none"
        self._nltk = stem == "porter-nltk"

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        found = word
        if self._stemmed and len(word) > _LONGEST_UNSTEMMED and word.isascii():
            found = porter.stem(word, nltk=self._nltk)
        found = intern(found)  # equal tokens are one object: their comparison is one of addresses
        if len(word) <= _LONGEST_KEPT:
            self[word] = found
        return found


@cache
def _stems(stem: Stem) -> _Stems:
    if stem not in get_args(Stem):
        raise ValueError(f"stem must be one of {', '.join(get_args(Stem))}, got {stem!r}")
    return _Stems(stem)


@cache
def _splitter(tok: Tok) -> Callable[[str], list[list[str]]]:
    known = {"rouge155": _rouge155, "unicode": _unicode}
    if tok not in known:
        raise ValueError(f"tok must be one of {', '.join(get_args(Tok))}, got {tok!r}")
    return known[tok]
