"""Whether a sentence says no where its source says yes, or the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.words import stem, words

if TYPE_CHECKING:
    from digest.records import CitedSentence

_NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|none|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
_PREFIXES = ("un", "in", "im", "ir", "dis", "non")
# Negations are compared only where the cited span says nearly the same; elsewhere "no" belongs to
# something the sentence leaves out.
_SAYS_THE_SAME = 0.8


def reversed_claim(sentence: CitedSentence) -> bool:
    """Tell whether a sentence differs from the span it cites first by a negation.

    Caught are "not" and its like, and prefixes: "unwilling" for "willing". Antonyms are not.
    """
    if not sentence.citations:
        return False
    source = sentence.citations[0]
    if _prefixed(sentence.text, source.quote) or _prefixed(source.quote, sentence.text):
        return True
    negated = [bool(_NEGATION.search(text)) for text in (sentence.text, source.quote)]
    return source.score >= _SAYS_THE_SAME and negated[0] != negated[1]


def _prefixed(text: str, other: str) -> bool:
    """Tell whether a text negates by prefix a word that the other has and it has not."""
    here, there = ({stem(word) for word in words(t)} for t in (text, other))
    return any(
        word.startswith(prefix) and word[len(prefix) :] in there - here
        for word in here - there
        for prefix in _PREFIXES
        if len(word) > len(prefix) + 3
    )
