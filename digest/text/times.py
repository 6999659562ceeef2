"""When a source supports a date, a length of time or an age."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Support
from digest.text.dates import date_mentions
from digest.text.durations import ages, durations
from digest.text.evidence import padded
from digest.text.names import without_possessive
from digest.text.numbers import approximates, hedge_start, restates
from digest.text.relative import periods, relative_dates
from digest.text.words import STOPWORDS, WORD, stem

if TYPE_CHECKING:
    from digest.text.evidence import Evidence
    from digest.text.numbers import Quantity

_ARTICLE = re.compile(r"^(?:the|an?)\s(?=\S)", re.IGNORECASE)
# Words that say how a date is joined and not which one it is.
_JOINTS = STOPWORDS | frozenset("age aged old late early past last next coming end start".split())


def date_support(
    text: str,
    source: Evidence,
    *,
    published: str | None = None,
    source_published: str | None = None,
) -> Support:
    """Return how a source supports a date, a length of time or an age.

    Args:
        text: "24 February", "the past five years", "19-year-old", "last week".
        source: what is looked at.
        published: ISO 8601 date of the text that holds the mention, None where unknown.
        source_published: likewise for the source; both are needed to work out relative dates.
    """
    dated = date_mentions(text)
    calendar = len(dated) == 1 and dated[0].text == text
    if calendar and any(date.text == text for date in source.dates):
        return Support.VERBATIM
    if not calendar:
        if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", source.text):
            return Support.VERBATIM
        if _words_stand(text, source):
            return Support.NORMALISED
    if ages(text):
        return Support.NORMALISED if ages(text) <= source.ages else Support.NONE
    if _parts_held(text, source):
        return Support.NORMALISED
    given = periods(source.text, source_published) if published and source_published else ()
    wanted = periods(text, published) if given else ()
    held = any(want.holds(have) for want in wanted for have in given)
    return Support.ALIAS if held else Support.NONE


def _words_stand(text: str, source: Evidence) -> bool:
    """Tell whether the words stand in a source but for case, hyphens, article and possessive."""
    bare = without_possessive(_ARTICLE.sub("", text))
    if not bare or bare.lower() in STOPWORDS:  # "May" is not "may"
        return False
    return padded(WORD.findall(bare)) in source.folded


def _parts_held(text: str, source: Evidence) -> bool:
    """Tell whether a source has every date, length and deictic word of a text, and its nouns."""
    dates, lengths, relatives = date_mentions(text), durations(text), relative_dates(text)
    if not (dates or lengths or relatives):
        return False
    given = [date.parts() for date in source.dates]
    keys = {relative.key() for relative in relative_dates(source.text)}
    spans = [(date.start, date.end) for date in dates]
    spans += [(relative.start, relative.end) for relative in relatives]
    spans += [(hedge_start(text, one), one.end) for one in lengths]
    return (
        all(any(date.parts() <= have for have in given) for date in dates)
        and all(relative.key() in keys for relative in relatives)
        and all(_length_held(one, source) for one in lengths)
        and _rest_held(text, spans, source)
    )


def _length_held(wanted: Quantity, source: Evidence) -> bool:
    return any(restates(wanted, have) or approximates(wanted, have) for have in source.durations)


def _rest_held(text: str, spans: list[tuple[int, int]], source: Evidence) -> bool:
    rest = "".join(
        " " if any(start <= at < end for start, end in spans) else letter
        for at, letter in enumerate(text)
    )
    wanted = {stem(word) for word in WORD.findall(rest) if word.lower() not in _JOINTS}
    return not wanted or wanted <= {stem(word) for word in source.folded.split()}
