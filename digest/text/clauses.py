"""Clauses: where a sentence can be cut so that what is left says something."""

from __future__ import annotations

import re

from digest.text.quotes import balanced

_CUT = re.compile(r"[,;:]\s|\s[–—]\s|\s(?:after|as|while|amid|because)\s")
_FEWEST_WORDS = 4
_MOST_WORDS = 18


def opening(sentence: str) -> str:
    """Return the first clause of a sentence that can stand as a headline, without a full stop.

    >>> opening("Leaders gathered in Paris on Monday, a day before talks, to confer.")
    'Leaders gathered in Paris on Monday'
    >>> opening("In Kyiv, Olaf Scholz spoke.")
    'In Kyiv, Olaf Scholz spoke'
    """
    whole = sentence.rstrip(" .")
    cuts = [whole[: match.start()] for match in _CUT.finditer(whole)]
    for clause in [*cuts, whole]:
        if _FEWEST_WORDS <= len(clause.split()) <= _MOST_WORDS and balanced(clause):
            return clause
    return whole  # too long for a headline, but nothing shorter says the same
