"""Which office a person holds, and who holds an office that only one can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.facts.reading import Reading
from digest.records import Label
from digest.text import lexicon
from digest.text.names import country_code, demonym_code, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.facts.context import Context, Line

# Words that several people share or that say nothing of an office.
_VAGUE = frozenset(
    (
        "leader chief head chairman chairwoman chair mr mrs ms miss dr sir lord lady analyst "
        "resident engineer negotiator candidate speaker spokesman spokeswoman spokesperson envoy "
        "director doctor captain colonel col general gen major lieutenant lt sergeant sgt capt "
        "admiral professor prof"
    ).split()
) | {"top diplomat", "special envoy", "major general", "lieutenant general", "regional governor"}
# One office under two names.
_SAME = {
    "congressman": "representative",
    "congresswoman": "representative",
    "rep": "representative",
    "sen": "senator",
    "gov": "governor",
    "premier": "prime minister",
    "foreign secretary": "foreign minister",
    "ceo": "chief executive",
    "defence minister": "defense minister",
    "defence secretary": "defense secretary",
    "secretary of defence": "secretary of defense",
}
_EXCLUSIVE = frozenset({"president", "prime minister", "chancellor", "king", "queen", "mayor"})
_EXCLUSIVE |= {"foreign minister", "vice president", "secretary of state", "governor"}


_FORMER = re.compile(r"\b(?:former|ex|then|late|one-time|onetime|ex-\w+)\b", re.IGNORECASE)


def offices(context: Context, line: Line) -> Iterator[Reading]:
    """Yield the office a line gives a person, and the person it gives an exclusive office."""
    for person in line.names(Label.PERSON):
        before = line.text[: person.start].rstrip()
        words = re.split(r"\s+", before)[-8:]
        size = next((n for n in range(1, 5) if _is_title(words[-n:])), 0)
        size = max((n for n in range(size, 5) if _is_title(words[-n:])), default=0)
        if not size:
            continue
        title = " ".join(words[-size:]).lower().replace("-", " ").replace(".", "")
        # Who held one office may hold another now.
        if title in _VAGUE or _FORMER.search(" ".join(words[:-size][-3:])):
            continue
        name = context.canonical(person.text)
        title = _SAME.get(title, title)
        owner = words[:-size][-1] if words[:-size] else ""
        code = country_code(re.sub(r"['’]s$", "", owner)) or demonym_code(owner)
        shown = title.title().replace(" Of ", " of ")
        if " " in name:  # "President Clinton" and "Secretary Clinton" are two people
            yield Reading(
                slot=f"office of {name}",
                key=("office", fold(name)),
                value=shown,
                compare=shown.lower(),
                line=line,
            )
        if code and title in _EXCLUSIVE:
            yield Reading(
                slot=f"{title.title()} ({context.country_name(code)})",
                key=("holder", code, title),
                value=name,
                compare=fold(name),
                line=line,
            )


def _is_title(words: list[str]) -> bool:
    return len(words) > 0 and lexicon.title_at(words) == len(words)
