"""How fit a sentence is to stand in a briefing, whatever it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text import lexicon
from digest.text.mentions import NAME_LABELS
from digest.text.quotes import balanced, quotations

if TYPE_CHECKING:
    from digest.records import Mention

_ENDS = re.compile(r"[.!?…][\"'”’)]*$")
_RELATIVE_TIME = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|this (?:morning|afternoon|evening|week|month)|"
    r"(?:last|next) (?:night|week|month))\b",
    re.IGNORECASE,
)
# "A day after the ferry ran into a barge, …" tells again what the reader was just told.
_RECAP = re.compile(
    r"^(?:(?:A|An|One|Two|Three|Four|Five) (?:hour|day|week|month)s?|(?:Hours|Days|Weeks)) "
    r"(?:after|before|later|earlier)\b"
)
# Sentences that comment on the news instead of telling it: nobody misses them in a briefing.
_COMMENT = re.compile(
    r"\b(?:all eyes|remains to be seen|the world is watching|far-reaching|time will tell|"
    r"only time|crucial role|transformative|landscape|it is evident|at a crossroads|"
    r"could have (?:a )?\w+ (?:impact|implications)|navigat\w+ the|complexit\w+|underscore\w*|"
    r"highlight\w* the|as the \w+ (?:unfolds?|evolves?|continues?))\b",
    re.IGNORECASE,
)
# What a page's code left behind: poster="http://…" 2016 How low can …
_MARKUP = re.compile(r"\bhttps?://|\b\w+=[\"']")
# "The village lies below the dam": which village was said in a sentence that may not be chosen.
_DEFINITE = re.compile(
    r"^The (?:\w+ )?(?:[a-z]+)(?: of \d[\d,]*)? "
    r"(?:has|have|had|is|are|was|were|will|would|can|could|may|also|then|[a-z]+(?:s|ed|ew|ook|old|aid))\b"
)


def soundness(text: str, mentions: tuple[Mention, ...]) -> float:
    """Return a factor in [0, 1]: 0 for what can never be printed, 1 for a plain statement."""
    whole = _ENDS.search(text) and balanced(text) and not _MARKUP.search(text)
    if not whole or _first_person(text):
        return 0.0
    factor = _specificity(mentions)
    for pattern, cost in _COSTS:
        if pattern.search(text):
            factor *= cost
    if _DEFINITE.match(text) and not any(m.start < 40 and m.label in NAME_LABELS for m in mentions):
        factor *= 0.3
    return factor * (0.3 if len(text.split()) > 60 else 1.0)


_COSTS = (
    (re.compile(r"\b(?:19|20)\d\d[A-Z][a-z]"), 0.05),  # a date line that lost its end: "2005The"
    (re.compile(r"\?[\"”]?$"), 0.5),
    (lexicon.DANGLING, 0.3),
    (re.compile(r"^[A-Z][a-z]+ing\b.*, (?:they|he|she|it) "), 0.3),
    (_RELATIVE_TIME, 0.8),  # .6 costs half a point of ROUGE-1 on MultiLing 2011
    (re.compile(r"\bnone\b(?! of)"), 0.1),  # of what was said in another sentence
    (re.compile(r"\b(?:has|have|had) already\b"), 0.5),  # background
    (_RECAP, 0.5),
    (_COMMENT, 0.35),
)


def _specificity(mentions: tuple[Mention, ...]) -> float:
    """Return more for a sentence that names people, bodies, places or figures, at most 1."""
    named = {m.text for m in mentions if m.label in NAME_LABELS - {Label.NORP}}
    figures = {m.text for m in mentions if m.text[:1].isdigit()}
    return min(1.0, 0.7 + 0.1 * len(named | figures))


def _first_person(text: str) -> bool:
    """Tell whether somebody says I or we outside quotation marks."""
    outside = text
    for span in reversed(quotations(text)):
        outside = outside[: span.start] + outside[span.end :]
    opening = outside[:1].lower() + outside[1:]  # "We" at the start is no other word than "we"
    return any(lexicon.FIRST_PERSON.search(form) for form in (outside, opening))


def starts_mid_story(first: str) -> bool:
    """Tell whether an article's first sentence goes on from one that is not there.

    >>> starts_mid_story("Leaders are also expected to discuss trade.")
    True
    """
    opening = first.split(",", 1)[0]
    goes_on = lexicon.CONNECTIVE.match(first) or lexicon.DANGLING.match(first)
    return bool(goes_on) or re.search(r"\balso\b", opening) is not None
