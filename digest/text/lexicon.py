"""Closed word classes of news English that rules refer to."""

from __future__ import annotations

import re


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Offices and forms of address that stand before a name: "Foreign Minister Sergei Lavrov".
_TITLES = (
    "president|vice president|vice-president|prime minister|deputy prime minister|premier|"
    "chancellor|vice chancellor|secretary of state|secretary of defense|"
    "secretary of defence|defense secretary|defence secretary|foreign secretary|"
    "home secretary|treasury secretary|secretary general|secretary-general|secretary|"
    "foreign minister|defense minister|defence minister|finance minister|"
    "interior minister|health minister|minister|senator|congressman|congresswoman|"
    "representative|governor|deputy governor|regional governor|mayor|deputy mayor|king|"
    "queen|prince|princess|pope|general|major general|lieutenant general|colonel|captain|"
    "major|lieutenant|sergeant|admiral|commissioner|ambassador|special envoy|envoy|"
    "spokesman|spokeswoman|spokesperson|chairman|chairwoman|chair|chief executive|ceo|"
    "director|director general|judge|justice|professor|dr|doctor|mr|mrs|ms|miss|sir|lord|"
    "lady|gov|sen|rep|gen|col|lt|sgt|capt|prof|inspector|superintendent|detective|sheriff|"
    "crown prince|emperor|empress|emir|sultan|sheikh|imam|archbishop|bishop|cardinal|mp|"
    "attorney general|coach|harbour master|harbor master|top diplomat|leader|analyst|"
    "resident|engineer|negotiator|candidate|speaker|chief|head"
)
TITLES = tuple(sorted(_TITLES.split("|"), key=lambda title: (-title.count(" "), title)))

_TITLE_WORDS = frozenset(tuple(title.split()) for title in TITLES)
_LONGEST_TITLE = max(map(len, _TITLE_WORDS))

ORG_WORDS = _words(
    "ministry council commission union party university college bank agency court company "
    "corporation corp inc ltd plc group committee parliament senate congress police department "
    "army navy forces guard association institute times news post journal office authority "
    "federation organization organisation league club fund foundation hospital school airlines "
    "airways administration board bureau center centre coalition kremlin service services "
    "society team assembly alliance brigade lines line ferries trust network "
    "tribunal chamber confederation front clinic directorate "
    "inspectorate works press media house"
)
EVENT_WORDS = _words(
    "conference summit war olympics cup games championship festival election elections treaty "
    "forum agreement accord accords protocol marathon revolution"
)
HOLIDAYS = _words(
    "memorial labor labour independence election inauguration veterans remembrance christmas "
    "boxing thanksgiving earth columbus presidents bastille victory armistice anzac australia "
    "canada republic unity liberation"
)
PLACE_WORDS = _words(
    "river lake mount mountain mountains sea ocean island islands city county province state "
    "street avenue square road bridge airport port harbour harbor bay valley region district "
    "dam beach park peninsula village town terminal strait gulf coast hills reservoir quay "
    "north south east west northern southern eastern western plaza station"
)

DIRECTIONS = _words("north south east west northern southern eastern western central upper lower")

SAYING = (
    r"(?:said|says|say|told|tells|added|adds|warned|warns|stated|states|stressed|noted|insisted|"
    r"argued|confirmed|announced|explained|replied|claimed|wrote|called|declared|acknowledged|"
    r"emphasi[sz]ed|cautioned|urged|reported)"
)

_MEETING = r"(?:meeting|talks|summit|conference|discussions|negotiations|session|gathering)"
MEETING = re.compile(
    rf"\b{_MEETING}\b|\b(?:meet|meets|met|convene[sd]?|gather(?:s|ed)?)\b", re.IGNORECASE
)

# What happened to people, by stem family; the first name of each class is how it is shown.
CASUALTY_CLASSES: dict[str, re.Pattern[str]] = {
    "dead": re.compile(
        r"\b(?:dead|died?|dying|deaths?|killed|kills|killing|fatalit\w+|bodies)\b", re.IGNORECASE
    ),
    "injured": re.compile(r"\b(?:injur\w+|wounded|hurt(?:ing)?|hospitali[sz]ed)\b", re.IGNORECASE),
    "missing": re.compile(r"\b(?:missing|unaccounted)\b", re.IGNORECASE),
    "evacuated": re.compile(
        r"\b(?:evacu\w+|displaced|homeless|(?:left|leave) (?:their|the) \w+|"
        r"had to leave|moved to)\b",
        re.IGNORECASE,
    ),
    "arrested": re.compile(r"\b(?:arrest\w*|detained)\b", re.IGNORECASE),
    "rescued": re.compile(r"\b(?:rescued|saved)\b", re.IGNORECASE),
}
PEOPLE = _words(
    "people person persons residents resident villagers victims workers passengers men women "
    "children civilians others inhabitants lives families crew troops soldiers students "
    "bodies deaths dead injured missing"
)

# Counts of these are no toll of the whole event.
PART_OF_PEOPLE = _words(
    "soldiers troops students children women men passengers workers crew families bodies lives "
    "peacekeepers journalists police officers firefighters civilians tourists foreigners"
)

# A sentence that needs the one before it: such openings stand only with what they point to.
CONNECTIVE = re.compile(
    r"^(?:Meanwhile|However|Moreover|Furthermore|In addition|Additionally|Also|But|And|Yet|Still|"
    r"Nevertheless|Nonetheless|Instead|Therefore|Thus|Consequently|As a result|For now|Besides|"
    r"On the other hand|For example|For instance|Similarly|Likewise|Then|So|Despite (?:this|that|"
    r"these \w+|those \w+))\b,?\s+",
)
DANGLING = re.compile(
    r"^(?:He|She|They|It|This|That|These|Those|His|Her|Their|Its|Such|There(?=’s| is| are| was)|"
    r"The (?:two|three|four|former|latter|same|person|pair|official|officials|move|decision))\b"
)
FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|we|we['’](?:re|ve|d|ll)|my|our|us|me)\b")
FUTURE = re.compile(
    r"\b(?:will|(?:is|are|was|were) (?:\w+ )?(?:set|expected|due|scheduled|likely|poised|about) to|"
    r"to be held|plans? to|set for|prepares? to)\b"
)


def title_at(words: list[str]) -> int:
    """Return how many words at the start of `words` are a title, 0 where none is.

    >>> title_at(["Prime", "Minister", "Starmer"]), title_at(["Paris"])
    (2, 0)
    """
    lowered = tuple(word.lower().strip(".") for word in words[:_LONGEST_TITLE])
    sizes = range(len(lowered), 0, -1)
    return next((size for size in sizes if lowered[:size] in _TITLE_WORDS), 0)
