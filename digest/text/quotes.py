"""Quotations: text between double quotation marks."""

from __future__ import annotations

import re

from digest.records import Span

_QUOTED = re.compile(r"“([^“”]+)”|(?<!\w)\"([^\"]+)\"(?!\w)|«([^«»]+)»|„([^„“”]+)[“”]")
_EDGES = " \t\n,.;:!?…"
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_SPACE = re.compile(r"\s+")


def quotations(text: str) -> list[Span]:
    """Return the spans of the quoted words, marks excluded, in order.

    >>> text = 'He said “no” and "never again."'
    >>> [text[s.start:s.end] for s in quotations(text)]
    ['no', 'never again.']
    """
    spans: list[Span] = []
    for match in _QUOTED.finditer(text):
        group = next(index for index, found in enumerate(match.groups(), 1) if found)
        spans.append(Span(start=match.start(group), end=match.end(group)))
    return spans


def quotation_key(text: str) -> str:
    """Return the form in which a quotation is compared: spaces and edge punctuation do not count.

    >>> quotation_key("We’re  done,") == quotation_key("we're done.")
    True
    """
    return _SPACE.sub(" ", text.translate(_STRAIGHT)).strip(_EDGES).casefold()


def balanced(text: str) -> bool:
    """Tell whether every double quotation mark of a text has its partner.

    >>> balanced("“Yes,” he said."), balanced("“Yes, he said.")
    (True, False)
    """
    depth = 0
    for mark in text:
        depth += (mark == "“") - (mark == "”")
        if depth not in (0, 1):
            return False
    return depth == 0 and text.count('"') % 2 == 0
