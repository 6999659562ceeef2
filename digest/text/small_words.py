"""Words that news prose writes small: evidence against a name where capitals say nothing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from digest.text.words import STOPWORDS, common_words

_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "ness", "less", "er", "ers", "ist", "ists")
# The articles are American: "legalise" counts as "legalize".
_BRITISH = re.compile(r"(?<=\w{3})is(e[ds]?|ing|ations?)$")
_STEM = {"er": 5, "ers": 5, "ist": 4, "ists": 4, "d": 4}


@cache
def _small_words() -> frozenset[str]:
    """Return words that news prose writes small.

    The second list was counted on the articles of `common_words`, where no sentence starts. It adds
    words met 3 times or more in lower case, at least three times in five so, and those met 60 times
    or more, at least once in ten: "new", "court" and "king", which names hold so often.
    """
    text = (files("digest.text") / "data" / "small_words.txt").read_text(encoding="utf-8")
    return common_words() | frozenset(text.split())


@lru_cache(maxsize=100_000)
def is_written_small(word: str) -> bool:
    """Tell whether news prose writes a word small, or one that it is derived from.

    >>> [is_written_small(w) for w in ("praised", "goalless", "legalise", "fisher", "merson")]
    [True, True, True, False, False]
    """
    return _derived(word) or _derived(_BRITISH.sub(r"iz\1", word))


def _derived(word: str) -> bool:
    small = _small_words()
    if word in small or word in STOPWORDS or word.removeprefix("un") in small:
        return True
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        long_enough = len(base) >= _STEM.get(ending, 3)  # "fisher" and "walker" are names, too
        if base != word and long_enough and (base in small or f"{base}e" in small):
            return True
    return False
