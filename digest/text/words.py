"""Word tokens, stems and stop words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterable

# No word is longer; a stemmer would spend minutes on a page of base64.
_LONGEST_STEM = 50
# A word keeps its inner apostrophes and hyphens; initials and "U.S." keep their points.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[-‐‑'’]\w+)*")

_STOP = """
a about above after again against all also although always am among amid an and another any are
aren't around as at away be because been before being below between both but by can can't cannot
could couldn't did didn't do does doesn't doing don't down during each either even ever every few
for from further had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself
him himself his how however i i'd i'll i'm i've if in into is isn't it it's its itself just let's
like may me meanwhile might more most must my myself neither no nor not of off on once one only
onto or other others our ours ourselves out over own per rather same say said says she should so
some still such than that that's the their theirs them themselves then there there's these they
they're they've this those though through thus to together too toward towards under until up upon
us very was wasn't we we're we've were weren't what when where whether which while who whom whose
why will with within without would yet you you're your yours
"""
STOPWORDS = frozenset(_STOP.split())


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the Snowball English stem of one word, lower-cased, curly apostrophes straightened.

    >>> stem("Negotiations")
    'negoti'
    """
    folded = word.lower().replace("’", "'").removesuffix("'s").strip(".")
    bare = folded.replace(".", "")
    return str(_stemmer().stemWord(bare)) if len(bare) <= _LONGEST_STEM else bare


def words(text: str) -> list[str]:
    """Return the word tokens of a text, as written.

    >>> words("The U.S. isn't half-way.")
    ['The', 'U.S.', "isn't", 'half-way']
    """
    return WORD.findall(text)


@lru_cache(maxsize=50_000)
def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry content, in order, stop words left out.

    >>> content_stems("The leaders were meeting in Paris.")
    ('leader', 'meet', 'pari')
    """
    found = (word.lower().replace("’", "'") for word in words(text))
    return tuple(stem(word) for word in found if word not in STOPWORDS)


@cache
def common_words() -> frozenset[str]:
    """Return words that news prose writes in lower case, from the packaged list.

    The list holds words met at least 25 times in lower case in 18,601 news articles, and at least
    three times in five so where no sentence starts.
    """
    text = (files("digest.text") / "data" / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def document_frequency() -> dict[str, float]:
    """Return the share of news articles that hold a stem, for stems in 20 or more of 18,601.

    Counted on the articles of `common_words`. It tells how much a shared word says where a
    collection is too small to tell by itself.
    """
    text = (files("digest.text") / "data" / "document_frequency.tsv").read_text(encoding="utf-8")
    first, *rows = text.splitlines()
    total = int(first.split("\t")[1])
    return {term: int(count) / total for term, count in (row.split("\t") for row in rows)}


def lower_case_words(texts: Iterable[str]) -> frozenset[str]:
    """Return every word that some text writes in lower case: evidence against it being a name.

    Equal sets are one object while few others are asked for: what is remembered of a text and such
    a set is looked up without comparing thousands of words.

    >>> lower_case_words(["The dam"]) is lower_case_words(["A dam"])
    True
    """
    return _one_object(
        frozenset(word for text in texts for word in words(text) if word[0].islower())
    )


@lru_cache(maxsize=16)
def _one_object(found: frozenset[str]) -> frozenset[str]:
    return found
