"""Say the same in fewer and plainer words: what a sub-editor does to every sentence.

Each rule is `str -> str`, changes no name, figure or claim, and leaves quotations alone. Order of
words changes only where a clause moves whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from digest.text import lexicon
from digest.text.quotes import quotations

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer phrase → what it says. Only phrases that have one reading in news.
_PLAIN: Final = {
    "in order to": "to",
    "so as to": "to",
    "prior to": "before",
    "subsequent to": "after",
    "in the wake of": "after",
    "in the aftermath of": "after",
    "in the course of": "during",
    "in the event of": "in case of",
    "in close proximity to": "near",
    "in the vicinity of": "near",
    "due to the fact that": "because",
    "owing to the fact that": "because",
    "despite the fact that": "although",
    "in spite of": "despite",
    "on the grounds that": "because",
    "with regard to": "about",
    "with respect to": "about",
    "in relation to": "about",
    "a large number of": "many",
    "a number of": "several",
    "the majority of": "most",
    "a majority of": "most",
    "on a daily basis": "daily",
    "at this point in time": "now",
    "at the present time": "now",
    "until such time as": "until",
    "for the purpose of": "for",
    "is located in": "is in",
    "are located in": "are in",
    "approximately": "about",
    "numerous": "many",
    "commenced": "began",
    "attempted to": "tried to",
    "has the ability to": "can",
    "have the ability to": "can",
    "was able to": "could",
    "were able to": "could",
    "take into consideration": "consider",
    "in excess of": "more than",
    "passed away": "died",
    "lost their lives": "died",
    "lost his life": "died",
    "lost her life": "died",
    "made the decision to": "decided to",
    "came to the conclusion that": "concluded that",
    "are in possession of": "have",
    "is in possession of": "has",
    "with the exception of": "except",
}
_PHRASES: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _PLAIN), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
# "a number of the workers" is "several of the workers"
_DETERMINED: Final = re.compile(r"\s(?:the|his|her|its|their|these|those|our|my|them|us)\b")
# Verbs that take no noun of their own: "confirmed the leak had …" would lead the reader astray.
_SAYS: Final = r"(?:said|says|believes?|believed|insists?|insisted)"
_THAT: Final = re.compile(
    rf"\b({_SAYS}) that (?=(?:the|a|an|he|she|it|they|there|his|her|its|their|no|all|some|more)\s"
    r"|[A-Z]|\d)"
)
_PARTICIPLE: Final = (
    r"(?:[a-z]{3,}ed|born|held|shot|made|built|sent|taken|given|seen|known|led|hit)"
)
_WHICH_WAS: Final = re.compile(
    rf"(?P<comma>,?) (?:which|who) (?:is|are|was|were) (?={_PARTICIPLE} (?:by|in|on|at|from|with|as"
    r"|near|during|after|off)\b)"
)
_DAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SPEAKER_LAST: Final = re.compile(
    rf"^(?P<claim>[^,:;–—(]+), (?P<who>(?:the |an? )?[A-Za-z][\w.’'-]*(?: [\w.’'-]+){{0,5}})"
    rf" (?P<verb>said|says|reported|announced|confirmed|added)(?P<when> (?:on )?{_DAY})?\.$"
)
_DAY_FIRST: Final = re.compile(
    rf"^(?P<when>(?:On |Late on |Early on )?{_DAY}(?: (?:morning|afternoon|evening|night))?), "
    r"(?P<claim>[^,:;–—(]+)\.$"
)
_LATER: Final = re.compile(
    rf"\b(?:{_DAY}|today|yesterday|tomorrow|that|which|who|after|before|when|while|said|to)\b"
)
_LOWERED: Final = frozenset(
    "the a an this these those there it he she they his her its their at on in more about nearly"
    " some several many most all both no two three four five six seven eight nine ten dozens"
    " hundreds thousands police officials authorities".split()
)


def tighten(text: str) -> str:
    """Return a sentence with every rule applied that fits, the rules in a fixed order.

    >>> tighten("The dam, which was built in 1950, broke in the wake of heavy rain, police said.")
    'The dam, built in 1950, broke after heavy rain, police said.'
    >>> tighten("Six people died in the fire, police said on Monday.")
    'Police said on Monday that six people died in the fire.'
    """
    for rule in RULES:
        text = rule(text)
    return text


def plain_phrases(text: str) -> str:
    """Replace phrases by words: "prior to" by "before".

    >>> plain_phrases("In order to win, a number of teams trained prior to the race.")
    'To win, several teams trained before the race.'
    """
    return _outside_quotations(text, _PHRASES, _replaced)


def drop_that(text: str) -> str:
    """Drop "that" between a verb of saying and what was said.

    >>> drop_that("Police said that the bridge was safe.")
    'Police said the bridge was safe.'
    """
    return _outside_quotations(text, _THAT, lambda match: f"{match[1]} ")


def drop_which_was(text: str) -> str:
    """Drop "which was" before a participle that stands without it.

    >>> drop_which_was("A man who was arrested in Rome denied it.")
    'A man arrested in Rome denied it.'
    """

    def shorter(match: re.Match[str]) -> str:
        closed = "," in text[match.end() :]
        return f"{match['comma']} " if closed or not match["comma"] else match.group()

    return _outside_quotations(text, _WHICH_WAS, shorter)


def speaker_first(text: str) -> str:
    """Move who says it to the front, where the reader looks for it.

    >>> speaker_first("The bridge is safe, the ministry said.")
    'The ministry said the bridge is safe.'
    """
    match = _SPEAKER_LAST.match(text)
    if match is None or quotations(text) or " " not in match["claim"]:
        return text
    who = match["who"][:1].upper() + match["who"][1:]
    said = f"{match['verb']}{match['when']} that" if match["when"] else match["verb"]
    return f"{who} {said} {_continued(match['claim'])}."


def day_last(text: str) -> str:
    """Move an opening day to the end of a sentence of one clause.

    >>> day_last("On Monday, the council approved the budget.")
    'The council approved the budget on Monday.'
    """
    match = _DAY_FIRST.match(text)
    if match is None or quotations(text) or _LATER.search(match["claim"]):
        return text
    when, claim = match["when"], match["claim"]
    spoken = when if when.lower().startswith(("on ", "late ", "early ")) else f"on {when}"
    return f"{claim[:1].upper()}{claim[1:]} {spoken[:1].lower()}{spoken[1:]}."


RULES: Final[tuple[Callable[[str], str], ...]] = (
    plain_phrases,
    drop_that,
    drop_which_was,
    speaker_first,
    day_last,
)


def _continued(claim: str) -> str:
    """Return a claim as it goes on inside a sentence: a small first letter, but for names."""
    first = re.match(r"[A-Za-z]+", claim)
    lowered = first is not None and first.group().lower() in _LOWERED
    titled = lexicon.title_at(claim.split()[:1]) > 0
    return claim[:1].lower() + claim[1:] if lowered and not titled else claim


def _replaced(match: re.Match[str]) -> str:
    plain = _PLAIN[match.group().lower()]
    if plain in {"several", "many", "most"} and _DETERMINED.match(match.string[match.end() :]):
        plain += " of"
    return plain[:1].upper() + plain[1:] if match.group()[:1].isupper() else plain


def _outside_quotations(
    text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]
) -> str:
    quoted = quotations(text)

    def changed(match: re.Match[str]) -> str:
        inside = any(q.start <= match.start() < q.end for q in quoted)
        return match.group() if inside else replace(match)

    return pattern.sub(changed, text)
