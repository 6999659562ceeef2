"""Stretches that grammar lets go: asides, openings, clauses, attributions, phrases, adverbs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from digest.backends.fusion.asides import SUBJECT_STARTS, SUBJECTS, asides, introduces
from digest.backends.fusion.parsed import BOUND_OPENERS, Kind
from digest.backends.fusion.phrases import (
    DAYS,
    FUTURE,
    SAYING,
    adverbs,
    phrases,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.backends.fusion.parsed import Parsed

_SCENES: Final = frozenset(
    "day year years month months week weeks ago anniversary last next earlier later first second"
    " third fourth final stage round season game match century morning afternoon evening night"
    " today".split()
)
_AFTER_VERB: Final = frozenset("dobj prep det aux prt xcomp complm poss".split())
# Whose word is as good as the fact in ordinary news; whoever else speaks stays with what was said.
_OFFICIAL: Final = frozenset(
    "police officials authorities official ministry office department agency media organisers"
    " organizers firefighters rescuers".split()
)
_DOUBT: Final = frozenset(
    "may might could would should will can allegedly reportedly blame blamed believe believed plan"
    " plans intend expected expects likely suspect suspected accuse accused if claim claims".split()
)
_OPENERS: Final = frozenset("prep advmod mark partmod tmod advcl xcomp dep npadvmod".split())
_CLAUSE: Final = frozenset({"ROOT", "ccomp"})
_CLAUSE_OPENERS: Final = frozenset(
    "while after when as before though although where once amid following".split()
)
# "It was uncertain when the trial would begin": the question is what is said.
_OPEN: Final = frozenset(
    "uncertain unclear unknown unsure undecided certain clear known sure decided say know".split()
)
_QUOTES: Final = frozenset({'"', "“", "”", "``", "''", "«", "»", "„", "‘"})


def proposals(parsed: Parsed) -> Iterator[tuple[Kind, int, int]]:
    """Yield (kind, start, end) of stretches without which a sentence is one, in words."""
    last = len(parsed.words) - 1  # the mark at the end stays
    commas = [i for i, word in enumerate(parsed.words) if word == "," and i < last]
    found = {
        Kind.OPENING: _opening(parsed, commas),
        Kind.ASIDE: asides(parsed, commas),
        Kind.ATTRIBUTION: _attribution(parsed, commas, last),
        Kind.TRAILING: _trailing(parsed, last),
        Kind.TIME: times(parsed, last),
        Kind.PHRASE: phrases(parsed, last),
        Kind.ADVERB: adverbs(parsed, last),
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
        starts = parsed.dep[comma + 1] in SUBJECT_STARTS and _subject_next(parsed, comma + 1)
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
    bare = opening <= DAYS | {"on", "late", "early"}
    dated = bool(opening & _SCENES) or any(word.isdigit() for word in opening)
    return bool(denied) or (dated and not bare)


def _subject_next(parsed: Parsed, start: int) -> bool:
    """Tell whether subject and verb come before the next comma: not in "Today, the day of x, …".

    What follows an opening that goes would otherwise begin with an apposition to it.
    """
    rest = parsed.words[start:]
    end = start + (rest.index(",") if "," in rest else len(rest))
    found = set(parsed.dep[start:end])
    return bool(found & SUBJECTS) and bool(found & {"ROOT", "ccomp", "aux", "auxpass"})


def _trailing(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield "…, which …", "…, and …", "… while …" to the end of the sentence."""
    main = next((i for i, dep in enumerate(parsed.dep) if dep in _CLAUSE), last)
    for place in range(main + 2, last - 1):
        low, dep = parsed.low(place), parsed.dep[place]
        after_comma = parsed.words[place - 1] == ","
        start = place - 1 if after_comma else place
        relative = low in {"which", "who", "where", "whose"} and after_comma
        clause = dep in {"mark", "advmod"} and low in _CLAUSE_OPENERS
        clause &= not (low in {"when", "where"} and parsed.low(place - 1) in _OPEN)
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
            and not introduces(parsed, place)
            and _complete(parsed, place, last)
        ):
            yield start, last


def _awaited(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a clause says when something will be: "will open once the road is mended"."""
    rest = {word.lower() for word in (*parsed.words[:start], *parsed.words[end:])}
    begun = [parsed.low(place) for place in range(start, min(start + 4, end))]
    hypothetical = begun[:2] == ["in", "case"] or "event" in begun[:3]
    return (begun[:1] in (["when"], ["once"], ["where"]) and bool(rest & FUTURE)) or hypothetical


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
    listed = any(
        parsed.dep[at] == "conj" and parsed.words[at - 1] == "," for at in range(1, place)
    )  # "closed shops, cost jobs and cut spending"
    if paired or listed or ("not", "only") in pairwise(before):
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
        says = tail[:2] == ["according", "to"] or bool(set(tail) & SAYING)
        if says and "," not in tail and len(tail) <= 12 and needless(parsed, comma, last):
            yield comma, last


def needless(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a stretch names officials for what nobody doubts: no reader asks who says so."""
    if {word.lower() for word in parsed.words} & _DOUBT or set(parsed.words) & _QUOTES:
        return False
    said = [parsed.low(place) for place in range(start, end)]
    speakers = said[: said.index("told")] if "told" in said else said  # "he told police"
    return bool(set(speakers) & _OFFICIAL)
