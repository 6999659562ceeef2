"""Who a sentence says spoke, and whether the source agrees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Label, Support
from digest.text import lexicon
from digest.text.entities import evidence, support
from digest.text.mentions import find_mentions
from digest.text.quotes import quotations

if TYPE_CHECKING:
    from digest.records import CitedSentence, Mention
    from digest.sourcing import Sources

# "Achterberg, who heads civil protection, said": an aside may stand before the verb.
_SPEAKS = re.compile(rf"(?:,[^,“”\"]{{1,80}},)?\s(?:(?:also|has|had|then)\s)?{lexicon.SAYING}\b")
# "said Varenda Water Authority director Prakash Ilves": an office may stand before the name.
_SPOKEN_BY = re.compile(rf"\b{lexicon.SAYING}\s(?:[^\s,;:“”\"]+\s){{0,6}}$")


def speakers(text: str, lower_case: frozenset[str] = frozenset()) -> list[Mention]:
    """Return the people that a text names as speaking.

    >>> [m.text for m in speakers("“We lost,” said Mayor Ada Brandt. Olaf Scholz called it late.")]
    ['Ada Brandt', 'Olaf Scholz']
    """
    quoted = quotations(text)
    return [
        m
        for m in find_mentions(text, lower_case)
        if m.label is Label.PERSON
        and not any(span.start <= m.start < span.end for span in quoted)
        and (_SPEAKS.match(text, m.end) or _SPOKEN_BY.search(text[: m.start]))
    ]


def misattributed(sentence: CitedSentence, sources: Sources) -> list[Mention]:
    """Return the named speakers of a sentence with quotations whom its sources do not have speak.

    The source of a quotation is each cited sentence that holds it. Where that names no speaker
    itself, as after "he said", its paragraph and the sentences next to it may.
    """
    quotes = [m for m in find_mentions(sentence.text, sources.lower_case) if m.label is Label.QUOTE]
    indices = [sources.index(citation) for citation in sentence.citations]
    held = [
        index
        for index in indices
        if index is not None and len(sources.missing(quotes, [index])) < len(quotes)
    ]
    if not held:
        return []
    spoken = [evidence(_speaking(index, sources)) for index in held]
    return [
        speaker
        for speaker in speakers(sentence.text, sources.lower_case)
        if all(support(speaker, text, sources.aliases) is Support.NONE for text in spoken)
    ]


def _speaking(index: int, sources: Sources) -> str:
    """Return the names of a source sentence's speakers; its surroundings where it names none."""
    place = sources.places[index]
    named = [m.text for m in speakers(place.sentence.text, sources.lower_case)]
    if named:
        return ", ".join(named)
    return " ".join(
        other.sentence.text
        for position, other in enumerate(sources.places)
        if other.article.id == place.article.id
        and (other.sentence.paragraph == place.sentence.paragraph or abs(position - index) <= 1)
    )
