"""Stretches that grammar lets go: asides, openings, clauses, attributions, phrases, adverbs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from digest.backends.fusion.parsed import BOUND_OPENERS, MARKS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_SCENES: Final = frozenset(
    "day year years month months week weeks ago anniversary last next earlier later first second"
    " third fourth final stage round season game match century morning afternoon evening night"
    " today".split()
)
_FINITE: Final = frozenset("ROOT ccomp aux auxpass cop".split())
_AFTER_VERB: Final = frozenset("dobj prep det aux prt xcomp complm poss".split())
_SUBJECTS: Final = frozenset("nsubj nsubjpass csubj expl ROOT".split())
_FUTURE: Final = frozenset("will would shall should can could may might must ’ll 'll".split())
_SAYING: Final = frozenset("said says say told added adding reported announced confirmed".split())
# Whose word is as good as the fact in ordinary news; whoever else speaks stays with what was said.
_OFFICIAL: Final = frozenset(
    "police officials authorities official ministry office department agency media organisers"
    " organizers firefighters rescuers".split()
)
_DOUBT: Final = frozenset(
    "may might could would should will can allegedly reportedly blame blamed believe believed plan"
    " plans intend expected expects likely suspect suspected accuse accused if claim claims".split()
)
_DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight morning"
    " afternoon evening night".split()
)
_INSIDE_NOUN: Final = frozenset(
    "det amod nn num number poss ps quantmod predet title advmod dep tmod partmod p".split()
)
_OPENERS: Final = frozenset("prep advmod mark partmod tmod advcl xcomp dep npadvmod".split())
_CLAUSE: Final = frozenset({"ROOT", "ccomp"})
_SUBJECT_STARTS: Final = frozenset("det nsubj nn amod title poss num nsubjpass expl".split())
_ASIDE_STARTS: Final = frozenset(
    "prep partmod advmod mark appos det num nn amod poss npadvmod tmod".split()
)
_CLAUSE_OPENERS: Final = frozenset(
    "while after when as before though although where once amid following".split()
)
_QUOTES: Final = frozenset({'"', "“", "”", "``", "''", "«", "»", "„", "‘"})


def proposals(parsed: Parsed) -> Iterator[tuple[Kind, int, int]]:
    """Yield (kind, start, end) of stretches without which a sentence is one, in words."""
    last = len(parsed.words) - 1  # the mark at the end stays
    commas = [i for i, word in enumerate(parsed.words) if word == "," and i < last]
    found = {
        Kind.OPENING: _opening(parsed, commas),
        Kind.ASIDE: _asides(parsed, commas),
        Kind.ATTRIBUTION: _attribution(parsed, commas, last),
        Kind.TRAILING: _trailing(parsed, last),
        Kind.TIME: _times(parsed, last),
        Kind.PHRASE: _phrases(parsed, last),
        Kind.ADVERB: _adverbs(parsed, last),
    }
    for kind, spans in found.items():
        for start, end in spans:
            yield kind, start, end


def _opening(parsed: Parsed, commas: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield "On Monday, …", "Remarkably, …": up to a comma before which no main clause stands."""
    if not commas or parsed.dep[0] not in _OPENERS or parsed.low(0) in BOUND_OPENERS - {"as"}:
        return
    for comma in commas[:2]:
        inside = set(parsed.dep[:comma])
        if _awaited(parsed, 0, comma + 1):
            return
        starts = parsed.dep[comma + 1] in _SUBJECT_STARTS and _subject_next(parsed, comma + 1)
        starts = starts and not _sets_the_scene(parsed, comma)
        if not inside & _CLAUSE and starts and comma <= 14:
            yield 0, comma + 1
            return


def _sets_the_scene(parsed: Parsed, comma: int) -> bool:
    """Tell whether an opening says of which time or event all the rest is told.

    "On this day last year, …", "In the third stage, …": the rest would be told of today. A weekday
    is no loss. Nor may the opening of what did not happen go.
    """
    opening = {word.lower() for word in parsed.words[:comma]}
    denied = {"not", "n't", "n’t", "no", "never"} & {word.lower() for word in parsed.words[comma:]}
    bare = opening <= _DAYS | {"on", "late", "early"}
    dated = bool(opening & _SCENES) or any(word.isdigit() for word in opening)
    return bool(denied) or (dated and not bare)


def _subject_next(parsed: Parsed, start: int) -> bool:
    """Tell whether subject and verb come before the next comma: not in "Today, the day of x, …".

    What follows an opening that goes would otherwise begin with an apposition to it.
    """
    rest = parsed.words[start:]
    end = start + (rest.index(",") if "," in rest else len(rest))
    found = set(parsed.dep[start:end])
    return bool(found & _SUBJECTS) and bool(found & {"ROOT", "ccomp", "aux", "auxpass"})


def _asides(parsed: Parsed, commas: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what stands between two commas, brackets or dashes and is no item of a list."""
    for number, (start, end) in enumerate(pairwise(commas)):
        inside = parsed.dep[start + 1 : end]
        if not inside or end - start > 20 or _in_list(parsed, end):
            continue
        opens = not set(parsed.dep[:start]) & _SUBJECTS
        if _introduces(parsed, start + 1) or _is_state(parsed, start, end):
            continue
        if opens and parsed.dep[end + 1] not in _SUBJECT_STARTS:
            continue  # "In an interview, Page, 39, told …": what looks like an aside is the subject
        relative = parsed.low(start + 1) in {"which", "who", "whose", "where", "whom"}
        if relative or (
            inside[0] in _ASIDE_STARTS
            and not set(inside) & {"ROOT", "nsubj", "nsubjpass", "conj", "cc"}
        ):
            # After an opening ("In 2005, …, the vote") its comma is the one that stays.
            # So does one that closes an apposition: "the suspect, Osman, also known as …, has"
            named = number > 0 and not set(parsed.dep[commas[number - 1] : start]) & _FINITE
            yield start, end if opens or named else end + 1
    for left, right in (("(", ")"), ("–", "–"), ("—", "—"), ("--", "--")):
        places = [i for i, word in enumerate(parsed.words) if word in {left, right}]
        if len(places) == 2 and parsed.words[places[0]] == left:
            first, second = places
            told = "ROOT" not in parsed.dep[first:second] and not _explains(parsed, first, second)
            if told and not _is_range(parsed, first):
                yield first, second + 1


def _explains(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether brackets say what an acronym stands for: "ONEMI (the emergencies office)"."""
    return parsed.words[start - 1].isupper() and end - start > 2


def _is_state(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether two commas hold the state of a town: "in Fayetteville, N.C., with"."""
    names = [*parsed.words[start - 1 : start], *parsed.words[start + 1 : end]]
    return end - start <= 3 and all(word[:1].isupper() for word in names)


def _is_range(parsed: Parsed, dash: int) -> bool:
    """Tell whether a dash stands between two figures: "2019–20"."""
    figures = parsed.low(dash - 1)[-1:].isdigit() and parsed.low(dash + 1)[:1].isdigit()
    return figures and parsed.low(dash) in {"-", "–", "—", "--"}


def _in_list(parsed: Parsed, end: int) -> bool:
    after = parsed.low(end + 1)
    return after in {"and", "or", "but"} or parsed.dep[end + 1] in {"conj", "cc"}


def _trailing(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield "…, which …", "…, and …", "… while …" to the end of the sentence."""
    main = next((i for i, dep in enumerate(parsed.dep) if dep in _CLAUSE), last)
    for place in range(main + 2, last - 1):
        low, dep = parsed.low(place), parsed.dep[place]
        after_comma = parsed.words[place - 1] == ","
        start = place - 1 if after_comma else place
        relative = low in {"which", "who", "where", "whose"} and after_comma
        clause = dep in {"mark", "advmod"} and low in _CLAUSE_OPENERS
        participle = after_comma and dep in {"partmod", "xcomp", "prep", "appos", "advcl"}
        denied = {"not", "n't", "n’t", "never"} & {parsed.low(at) for at in range(place)}
        joined = low in {"and", "but"} and dep == "cc" and not denied
        second = joined and _verb_follows(parsed, place, last)
        measured = clause and parsed.dep[place - 1] in {"npadvmod", "tmod"}
        if (
            (relative or clause or participle or second)
            and not measured
            and "ROOT" in parsed.dep[:place]
            and not _awaited(parsed, place, last)
            and not _introduces(parsed, place)
            and _complete(parsed, place, last)
        ):
            yield start, last


def _introduces(parsed: Parsed, place: int) -> bool:
    """Tell whether a stretch says who somebody is, or of which year something was.

    "Gudrun Achebe, who speaks for the employers", "Scholz, the chancellor", "the strike, in 2019,".
    """
    named = parsed.low(place - 1) == "," and parsed.words[place - 2][:1].isupper()
    who = parsed.low(place) in {"who", "whose", "the", "a", "an"} or parsed.dep[place] == "poss"
    year = parsed.low(place + 1)
    return (named and who) or (year.isdigit() and len(year) == 4 and parsed.low(place) == "in")


def _awaited(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a clause says when something will be: "will open once the road is mended"."""
    rest = {word.lower() for word in (*parsed.words[:start], *parsed.words[end:])}
    begun = [parsed.low(place) for place in range(start, min(start + 4, end))]
    hypothetical = begun[:2] == ["in", "case"] or "event" in begun[:3]
    return (begun[:1] in (["when"], ["once"], ["where"]) and bool(rest & _FUTURE)) or hypothetical


def _complete(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a stretch holds the verb of each object and main clause in it."""
    verb = False
    for place in range(start, end):
        dep = parsed.dep[place]
        if dep in {"partmod", "advcl", "rcmod", "conj", "xcomp", "pcomp", "infmod"}:
            verb = True
        if dep == "ROOT" or (dep == "dobj" and not verb):
            return False
        if dep in _CLAUSE and parsed.low(start) not in {"and", "but"} and not verb:
            return False
    return True


def _verb_follows(parsed: Parsed, place: int, last: int) -> bool:
    """Tell whether a verb is joined here: a verb of its own and no subject shared with before.

    Not after "both", "either" or "not only", which would wait for the second half.
    """
    before = [parsed.low(at) for at in range(place)]
    paired = "preconj" in parsed.dep[:place] or {"both", "either", "neither"} & set(before)
    if paired or ("not", "only") in pairwise(before):
        return False
    for at in range(place + 1, min(place + 12, last)):
        if parsed.dep[at] in {"nsubj", "nsubjpass", "aux", "auxpass"}:
            return True
        if parsed.dep[at] == "conj":
            return parsed.may_be_verb(at) and parsed.dep[at + 1] in _AFTER_VERB
    return False


def _attribution(parsed: Parsed, commas: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    """Yield ", police said" and ", according to officials", where nothing in doubt is said."""
    for comma in commas:
        tail = [parsed.low(place) for place in range(comma + 1, last)]
        says = tail[:2] == ["according", "to"] or bool(set(tail) & _SAYING)
        if says and "," not in tail and len(tail) <= 12 and needless(parsed, comma, last):
            yield comma, last


def needless(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a stretch names officials for what nobody doubts: no reader asks who says so."""
    if {word.lower() for word in parsed.words} & _DOUBT or set(parsed.words) & _QUOTES:
        return False
    said = [parsed.low(place) for place in range(start, end)]
    speakers = said[: said.index("told")] if "told" in said else said  # "he told police"
    return bool(set(speakers) & _OFFICIAL)


def _times(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield days that are told in passing: "on Monday", "late Wednesday", but of no plan."""
    if {word.lower() for word in parsed.words} & _FUTURE:
        return
    for start in range(1, last):
        goes_on = parsed.low(start + 1) in _TIME_GOES_ON
        if parsed.dep[start] == "tmod" and parsed.low(start) in _DAYS and not goes_on:
            opened = start
            while parsed.dep[opened - 1] in {"amod", "det", "nn", "advmod"} and opened > 1:
                opened -= 1
            yield opened, start + 1
        if parsed.low(start) == "on" and parsed.low(start + 1) in _DAYS:
            hour = parsed.low(start + 2) in {"morning", "afternoon", "evening", "night"}
            end = start + 3 if hour else start + 2
            # "on Monday's vote", "on Monday and Tuesday", "on Monday or later"
            if end <= last and parsed.low(end) not in _TIME_GOES_ON:
                yield start, end


def _phrases(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
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
    return closes and parsed.dep[start - 1] in _VERBS and parsed.low(start - 1) not in _SAYING


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
        or _is_range(parsed, place)
        or _is_town(parsed, place, last)
    )
    return None if goes_on else place


def _is_town(parsed: Parsed, comma: int, last: int) -> bool:
    """Tell whether a comma stands between a town and its country: "in London, England"."""
    if parsed.words[comma] != "," or comma + 1 >= last:
        return False
    closes = parsed.words[comma + 2] in {",", "."} or parsed.dep[comma + 2] in {"p", "pobj"}
    return parsed.words[comma + 1][:1].isupper() and closes


def _adverbs(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield single adverbs: "quickly", "also"."""
    for place in range(1, last):
        if (
            parsed.dep[place] == "advmod"
            and parsed.low(place).endswith(("ly", "also", "later", "meanwhile", "however", "then"))
            and parsed.dep[place + 1] not in {"amod", "num", "advmod", "quantmod", "number"}
            and parsed.words[place - 1] != ","
            # "very quickly", "two days later"; Italy and July end as adverbs do
            and parsed.dep[place - 1] not in {"advmod", "quantmod", "npadvmod", "tmod"}
            and parsed.words[place].islower()
        ):
            yield place, place + 1
