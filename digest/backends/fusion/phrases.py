"""Stretches of a word or a phrase that grammar lets go: days, places, adverbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.backends.fusion.parsed import MARKS
from digest.text.dates import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.backends.fusion.parsed import Parsed

# "is in Paris", "based in Paris", "depends on oil", "called for talks" say nothing alone.
_INCOMPLETE: Final = frozenset(
    "is are was were be been being 's ’s 're ’re am remain remains remained stay stays stayed lie"
    " lies lay sit sits sat live lives lived stand stands stood based located situated belong"
    " belongs depend depends depended consist consists consisted result resulted results call"
    " calls called calling appeal appealed look looked ask asked run ran account accounts accounted"
    " deal deals dealt refer refers referred rely relies relied end ended ends".split()
)
# "on Monday's vote", "on Monday and Tuesday", "on Wednesday early morning", "two days later"
_TIME_GOES_ON: Final = frozenset(
    "ago after before earlier later early late morning afternoon evening night noon 's ’s and or to"
    " through until -".split()
)
_UNITS: Final = frozenset(
    "local time a.m. p.m. am pm gmt utc bst est edt cet percent % km miles kilometres kilometers"
    " metres meters feet".split()
)
_VERBS: Final = frozenset("ROOT ccomp xcomp advcl rcmod conj partmod pcomp infmod prt".split())
# Prepositions of place and time. Others complete the word before them: "a spokeswoman for Air
# France", "an adviser on Ukraine", "the opening with the island".
_CIRCUMSTANCES: Final = frozenset(
    "in at near during across along inside outside throughout amid alongside".split()
)
# "the house where", "the call between them", "the prison in Iraq"
_NOUN_GOES_ON: Final = frozenset(
    "who which that where and or between among with for in on at to from as than".split()
)
_COMPARED: Final = frozenset("than as".split())
_TITLED: Final = frozenset("titled entitled called named dubbed nicknamed".split())
# What an adverb says more of than of the verb: "deeply divided", "two of the seriously injured".
_DESCRIBED: Final = frozenset(
    "amod num advmod quantmod number nsubj nsubjpass pobj dobj iobj attr appos".split()
)
FUTURE: Final = frozenset("will would shall should can could may might must ’ll 'll".split())
SAYING: Final = frozenset("said says say told added adding reported announced confirmed".split())
DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight morning"
    " afternoon evening night".split()
)
_INSIDE_NOUN: Final = frozenset(
    "det amod nn num number poss ps quantmod predet title advmod dep tmod partmod p".split()
)


def is_range(parsed: Parsed, dash: int) -> bool:
    """Tell whether a dash stands between two figures: "2019–20"."""
    figures = parsed.low(dash - 1)[-1:].isdigit() and parsed.low(dash + 1)[:1].isdigit()
    return figures and parsed.low(dash) in {"-", "–", "—", "--"}


def times(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield days that are told in passing: "on Monday", "late Wednesday", but of no plan."""
    if {word.lower() for word in parsed.words} & FUTURE:
        return
    for start in range(1, last):
        goes_on = parsed.low(start + 1) in _TIME_GOES_ON or _dated(parsed, start + 1)
        if parsed.dep[start] == "tmod" and parsed.low(start) in DAYS and not goes_on:
            opened = start
            while parsed.dep[opened - 1] in {"amod", "det", "nn", "advmod"} and opened > 1:
                opened -= 1
            yield opened, start + 1
        if parsed.low(start) == "on" and parsed.low(start + 1) in DAYS:
            hour = parsed.low(start + 2) in {"morning", "afternoon", "evening", "night"}
            end = start + 3 if hour else start + 2
            # "on Monday's vote", "on Monday and Tuesday", "on Monday or later", "on Monday, May 6"
            goes_on = parsed.low(end) in _TIME_GOES_ON or _dated(parsed, end)
            if end <= last and not goes_on:
                yield start, end


def _dated(parsed: Parsed, place: int) -> bool:
    """Tell whether a date follows a day: ", June 16"."""
    after = parsed.low(place + 1)
    month = len(after) > 2 and any(name.startswith(after.rstrip(".")) for name in MONTHS)
    return parsed.low(place) == "," and (month or after[:1].isdigit())


def phrases(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield where and when: "near the border", "in Iraq"; other phrases complete their nouns."""
    words = {word.lower() for word in parsed.words}
    if words & _COMPARED or words & _TITLED:
        return
    for start in range(1, last):
        # "650 kilometres off the coast", "eight days after the quake", "those in Borneo"
        measured = parsed.dep[start - 1] in {"npadvmod", "tmod", "num", "advmod", "quantmod"}
        pointed = parsed.low(start - 1) in {"those", "that", "one", "ones", "such", "part", "some"}
        measured |= parsed.words[start - 1] == ")"  # "190 miles (306 km) off the coast"
        incomplete = parsed.low(start - 1) in _INCOMPLETE or parsed.dep[start - 1] == "partmod"
        bound = measured or pointed or incomplete or parsed.words[start - 1] == ","
        if parsed.dep[start] == "prep" and parsed.low(start) in _CIRCUMSTANCES and not bound:
            end = _end_of_phrase(parsed, start, last)
            if end is not None and not (
                _leaves_verb(parsed, start, end, last) or _completes(parsed, start, end)
            ):
                yield start, end


def _completes(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a phrase says of what its noun is: "involvement in the case"; or of how many.

    Places after a noun only say where: they are named.
    """
    gone = parsed.words[start + 1 : end]
    noun = parsed.dep[start - 1] in {"nsubj", "nsubjpass", "dobj", "pobj", "attr", "conj", "appos"}
    named = gone[-1][:1].isupper()
    bounded = {"any", "every", "each", "all", "no", "both"} & {word.lower() for word in gone}
    return bool(bounded) or (noun and parsed.low(start) == "in" and not named)


def _leaves_verb(parsed: Parsed, start: int, end: int, last: int) -> bool:
    """Tell whether a verb would come to stand last: "a deal could come with little say"."""
    closes = end == last or parsed.words[end] == ","
    return closes and parsed.dep[start - 1] in _VERBS and parsed.low(start - 1) not in SAYING


def _end_of_phrase(parsed: Parsed, start: int, last: int) -> int | None:
    """Return where the noun of a preposition ends, its "of" phrases included."""
    place = start + 1
    while place < last and parsed.dep[place] in _INSIDE_NOUN and parsed.words[place] not in MARKS:
        place += 1
    if place >= last or parsed.dep[place] != "pobj":
        return None
    place += 1
    if parsed.low(place) == "of" and parsed.dep[place] == "prep":
        return _end_of_phrase(parsed, place, last)
    # "in Paris and London", "on the man's farm", "at the house where": the noun goes on.
    goes_on = place < last and (
        parsed.dep[place] in {"cc", "conj", "ps", "rcmod", "pobj", "nn", "partmod", "num", "appos"}
        or parsed.low(place) in _NOUN_GOES_ON
        or parsed.low(place) in _UNITS
        or is_range(parsed, place)
        or _is_town(parsed, place, last)
    )
    return None if goes_on else place


def _is_town(parsed: Parsed, comma: int, last: int) -> bool:
    """Tell whether a comma stands between a town and its country: "in London, England"."""
    if parsed.words[comma] != "," or comma + 1 >= last:
        return False
    after = comma + 1
    while after < last and parsed.words[after][:1].isupper():
        after += 1
    closes = parsed.words[after] in {",", "."} or parsed.dep[after] in {"p", "pobj", "prep"}
    return after > comma + 1 and closes


def adverbs(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield single adverbs: "quickly", "also"."""
    for place in range(1, last):
        if (
            parsed.dep[place] == "advmod"
            and parsed.low(place).endswith(("ly", "also", "later", "meanwhile", "however", "then"))
            and parsed.dep[place + 1] not in _DESCRIBED
            and parsed.words[place - 1] != ","
            # "very quickly", "two days later"; Italy and July end as adverbs do
            and parsed.dep[place - 1] not in {"advmod", "quantmod", "npadvmod", "tmod"}
            and parsed.words[place].islower()
        ):
            yield place, place + 1
