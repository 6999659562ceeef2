"""Datelines: where and by which agency a text was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.dates import date_mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Edit

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug"
    r"(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
    r"|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)"
)
_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?)"
_DATE = (
    rf"(?:{_DAY},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})"
    r"(?:,? \d{4})?\.?"
)
_CITY = r"[A-Z][A-Z.’'-]+(?:[ /][A-Z][A-Z.’'-]*){0,3}"  # in capitals
_TOWN = r"[A-Z][\w.’'-]+(?:[ /][A-Z][\w.’'-]+){0,3}"
_REGION = r"(?:, [A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2})"
_KNOWN = (
    r"Thomson Reuters|Reuters|(?:The )?Associated Press|AP|AFP|Agence France[- ]Presse|dpa|epd|"
    r"ntb"
    r"|Deutsche Presse-Agentur|Xinhua(?: News Agency)?|UPI|United Press International|PA(?: "
    r"Media)?"
    r"|Press Association|EFE|ANSA|TASS|Interfax|Kyodo(?: News)?|Bloomberg(?: News)?|PTI|ANI|"
    r"IANS|AAP"
    r"|Press Trust of India|RIA Novosti|Ukrinform|Yonhap|Anadolu(?: Agency)?|(?:The )?Canadian "
    r"Press"
    r"|CNN"
)
_ANY_AGENCY = r"[A-Z][\w.&’'-]+(?: (?:[A-Z&][\w.&’'-]*|of|de)){0,4}"
_BYLINE = r"(?:By [A-Z][\w.’'-]+(?: (?:and |[A-Z])[\w.’'-]*){1,6}\s)?"
_DASH = r"\s?(?:-{1,3}|[–—―_])\s?"
_DATELINE = re.compile(
    rf"^{_BYLINE}(?:"
    rf"(?:{_TOWN}{_REGION}?(?:[,.] {_DATE})?[,.]? |{_DATE} )?[(/](?P<a1>{_KNOWN})[)/]"
    rf"(?:{_DASH}|[:.]? ?)"
    rf"|(?:{_TOWN}{_REGION}?[,.] {_DATE}|{_CITY}{_REGION}?[,.]?) [(/](?P<a2>{_ANY_AGENCY})[)"
    rf"/]{_DASH}"
    rf"|\((?P<a3>[A-Z]{{2,8}})\){_DASH}"
    rf"|{_CITY}{_REGION}?(?:[,.] {_DATE})?(?:\s?(?:-{{2,3}}|[–—―])\s?|\s-\s)"
    rf"|{_TOWN}{_REGION}?,? {_DATE}\s?(?:-{{1,3}}|[–—―])\s"
    rf")(?=[\"“‘'A-Z\d(])"
)
_COLON = re.compile(rf"^{_CITY}(?:[,.] {_DATE})?: (?=[\"“A-Z])")
_DATE_LINE = re.compile(
    rf"^\W{{0,4}}(?:{_TOWN}, )?(?:{_DATE}|\d{{4}}[-/]\d\d[-/]\d\d|"
    rf"\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
    r"(?:[ ,|–—T-]{0,3}(?:at )?\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?"
    r"(?:\s?\(?[A-Z]{1,5}\)?)?)?\W{0,4}$"
)


def strip_dateline(text: str) -> str:
    """Remove a leading dateline, which clusters wire copies by city instead of by event.

    >>> strip_dateline("PARIS, Feb 17 (Reuters) - The vote passed.")
    'The vote passed.'
    >>> strip_dateline("NATO - the alliance - met."), strip_dateline("Paris met (AP) twice.")
    ('NATO - the alliance - met.', 'Paris met (AP) twice.')
    """
    match = _DATELINE.match(text)
    if match is None or len(match.group()) > 120:
        return text
    return text[match.end() :]


def strip_colon_dateline(paragraphs: Sequence[str]) -> list[str]:
    """Remove "CITY: " from the head of a page; where it occurs again it names speakers.

    >>> strip_colon_dateline(["NEW DELHI: The vote passed.", "Ten left."])
    ['The vote passed.', 'Ten left.']
    >>> strip_colon_dateline(["RYAN: Welcome.", "SMITH: Thank you."])
    ['RYAN: Welcome.', 'SMITH: Thank you.']
    """
    result = list(paragraphs)
    found = [index for index, text in enumerate(result) if _COLON.match(text)]
    if len(found) == 1 and sum(1 for text in result[: found[0]] if text) <= 2:
        result[found[0]] = _COLON.sub("", result[found[0]])
    return result


def drop_date_lines(text: str) -> str:
    """Remove a line that only holds a date.

    >>> drop_date_lines("Saturday, January 8, 2005"), drop_date_lines("It was May 8, 1945.")
    ('', 'It was May 8, 1945.')
    """
    return "" if len(text) <= 70 and _DATE_LINE.match(text) else text


def printed_date(edits: Sequence[Edit]) -> str | None:
    """Return the date of the first date line or dateline that was removed, as YYYY-MM-DD.

    A date without a year dates nothing.
    """
    for edit in sorted(edits, key=lambda edit: edit.original.start):
        if edit.cleaner in {"strip_dateline", "drop_date_lines"}:
            for date in date_mentions(edit.removed.title()):
                if date.year and date.month and date.day:
                    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
    return None


# Spellings of the agencies whose name is also written out; any other is taken as it stands.
_NAMES = {
    "associated press": "AP",
    "the associated press": "AP",
    "agence france-presse": "AFP",
    "agence france presse": "AFP",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "united press international": "UPI",
    "press association": "PA",
    "pa media": "PA",
    "deutsche presse-agentur": "dpa",
    "xinhua news agency": "Xinhua",
    "press trust of india": "PTI",
    "canadian press": "CP",
    "the canadian press": "CP",
    "bloomberg news": "Bloomberg",
}
_SIGNATURE = re.compile(
    rf"(?:^|[.!?”\"] )\W{{0,4}}(?:[–—-]{{1,2}} ?|[Ss]ource ?: ?|[Bb]y |© ?\d{{0,4}} ?|"
    rf"[Cc]opyright ?(?:©|\(c\))? ?\d{{0,4}},? ?(?:by )?|[(\[])"
    rf"(?P<name>{_KNOWN})\b[)\]]?(?: contributed)?(?P<rest>[^a-z]*$|\. All rights.*$)"
)


def find_agency(paragraphs: Sequence[str]) -> str | None:
    """Return the wire agency that a dateline or a signing line names, or None.

    A line like "The Associated Press contributed to this report" names a helper, not the author.

    >>> find_agency(["OSLO (Nordic News) - It rained.", "It stopped."])
    'Nordic News'
    >>> find_agency(["It rained.", "© 2025 The Associated Press. All rights reserved."])
    'AP'
    """
    filled = [text.strip() for text in paragraphs if text.strip()]
    for text in filled[:8]:
        match = _DATELINE.match(text)
        name = match and (match["a1"] or match["a2"] or match["a3"])
        if name:
            return _canonical(name)
    for text in [*filled[:3], *filled[-4:]]:
        signed = _SIGNATURE.search(text[-160:])
        if signed:
            return _canonical(signed["name"])
    return None


def _canonical(name: str) -> str:
    return _NAMES.get(name.casefold(), name)
