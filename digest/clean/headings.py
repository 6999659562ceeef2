"""The title, and headings inside the body: lines that are no sentences."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from digest.clean.repeats import normalized
from digest.clean.sentence_edit import sentences_of
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.clean.page import PageCleaner

_MARKED = re.compile(r"^\s*(?:#{1,6}\s+\S|(\*\*|__)(?!\s)[^*_]{2,300}\1\s*:?\s*$)")
_TERMINAL = re.compile(r"(?<![.\s][A-Z])[.!?…:;,][\"'”’)\]*_]*\s*$")
_INITIALS = re.compile(r"(?:\b[A-Z]\.){2,}$")
_LIST_ITEM = re.compile(r"^\s*(?:[*+•●▪■‣◦·–—-]|\d{1,2}[.)])\s+\S")
_QUOTE = re.compile(r"^[\s*_>-]*[\"“”‘']|[\"”]\W*$")
_MAX_WORDS = 14  # of 1,000 marked headings of news pages 98 % are no longer
_MAX_TITLE = 30


def is_heading(text: str) -> bool:
    """Tell whether a paragraph is a heading: marked as one, or short and without a sentence's end.

    >>> [is_heading(t) for t in ("U.N. warns of delays", "WHO IS TO BLAME?", "## Next.")]
    [True, True, True]
    >>> [is_heading(t) for t in ("He left.", "“We will not go”", "- 31 fell in Kyiv", "He said:")]
    [False, False, False, False]
    """
    words = count_words(text)
    if _MARKED.match(text):
        return words <= _MAX_TITLE
    if words > _MAX_WORDS or _QUOTE.search(text):
        return False
    if _LIST_ITEM.match(text):
        return words <= 4 and not any(character.isdigit() for character in text)
    return not _TERMINAL.search(text) or _is_finished_heading(text, words)


def _is_finished_heading(text: str, words: int) -> bool:
    """Tell headings that end like sentences: questions, "Japan tops the U.S.", capitals."""
    if text.rstrip("*_ ").endswith("?"):
        return words <= 10 and len(sentences_of(text)) == 1
    if _INITIALS.search(text):
        return words <= 5
    return text.isupper() and words >= 2


def find_title(paragraphs: Sequence[str]) -> str:
    """Return the first heading among the first three filled paragraphs, "" where there is none.

    >>> find_title(["The lead stands above.", "**Its Own Title Follows**", "More."])
    '**Its Own Title Follows**'
    """
    for text in [text for text in paragraphs if text][:3]:
        unfinished = not _TERMINAL.search(text) and not _QUOTE.search(text)
        if _MARKED.match(text) or (unfinished and not _LIST_ITEM.match(text)):
            if 3 <= count_words(text) <= _MAX_TITLE:
                return text
        elif text.endswith("?") and is_heading(text) and count_words(text) >= 3:
            return text
    return ""


def drop_title(title: str) -> PageCleaner:
    """Return the cleaner that removes every line that only repeats the title.

    >>> drop_title("Talks Begin")(["**Talks begin**", "They met.", "Talks Begin | Union Observer"])
    ['', 'They met.', '']
    """
    return partial(_without_title, normalized(title), title)


def _without_title(key: str, title: str, paragraphs: Sequence[str]) -> list[str]:
    if not key:
        return list(paragraphs)
    return ["" if _is_title(text, key, title) else text for text in paragraphs]


def _is_title(text: str, key: str, title: str) -> bool:
    if len(text) > 2 * len(title) + 60:
        return False
    if normalized(text) == key:  # a sentence that a feed took as its title is still a sentence
        return bool(_MARKED.match(text)) or not text.endswith(".")
    return normalized(re.split(r"\s[|–—-]\s", text, maxsplit=1)[0]) == key and not text.endswith(
        "."
    )


def drop_headings(paragraphs: Sequence[str]) -> list[str]:
    """Remove headings inside the body, which read like sentences that say nothing.

    A page on which most lines look like headings is a list or has lost its punctuation: it stays.

    >>> drop_headings(["They met in Paris.", "What’s Next?", "They meet again."])
    ['They met in Paris.', '', 'They meet again.']
    """
    filled = [text for text in paragraphs if text]
    headings = [text for text in filled if is_heading(text)]
    words = sum(count_words(text) for text in filled)
    if 2 * sum(count_words(text) for text in headings) > words:
        return list(paragraphs)
    return ["" if text and is_heading(text) else text for text in paragraphs]


_SUFFIX = re.compile(r"\s[|»·]\s[^|»·]{2,40}$")
_STAMP = re.compile(r"^\d{4}[-/.]\d\d[-/.]\d\d[\s:–-]+")


def tidy_title(text: str) -> str:
    """Remove the site's name behind a title and the date before it.

    >>> tidy_title("2005/01/08 Talks begin | Union Observer")
    'Talks begin'
    """
    return _STAMP.sub("", _SUFFIX.sub("", text)).strip(" *_#|")
