"""Asides: what stands between two commas, brackets or dashes, and how several follow each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from digest.backends.fusion.phrases import is_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.backends.fusion.parsed import Parsed

_FINITE: Final = frozenset("ROOT ccomp aux auxpass cop".split())
SUBJECTS: Final = frozenset("nsubj nsubjpass csubj expl ROOT".split())
SUBJECT_STARTS: Final = frozenset("det nsubj nn amod title poss num nsubjpass expl".split())
_ASIDE_STARTS: Final = frozenset(
    "prep partmod advmod mark appos det num nn amod poss npadvmod tmod".split()
)


def asides(parsed: Parsed, commas: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what stands between two commas, brackets or dashes and is no item of a list."""
    for start, end in pairwise(commas):
        inside = parsed.dep[start + 1 : end]
        if not inside or end - start > 20 or _in_list(parsed, end):
            continue
        opens = not has_subject(parsed, start)
        if introduces(parsed, start + 1) or _is_name(parsed, start, end):
            continue
        if opens and parsed.dep[end + 1] not in SUBJECT_STARTS:
            continue  # "In an interview, Page, 39, told …": what looks like an aside is the subject
        relative = parsed.low(start + 1) in {"which", "who", "whose", "where", "whom"}
        if relative or (
            inside[0] in _ASIDE_STARTS
            and not set(inside) & {"ROOT", "nsubj", "nsubjpass", "conj", "cc"}
        ):
            # After an opening ("In 2005, …, the vote") its comma is the one that stays.
            alone = run_of_asides(parsed, start, end) == (start, end)
            yield start, end + 1 if alone and not opens else end
    for left, right in (("(", ")"), ("–", "–"), ("—", "—"), ("--", "--")):
        places = [i for i, word in enumerate(parsed.words) if word in {left, right}]
        if len(places) == 2 and parsed.words[places[0]] == left:
            first, second = places
            if second + 1 == len(parsed.words):
                continue  # what closes the sentence stays
            told = "ROOT" not in parsed.dep[first:second] and not _explains(parsed, first, second)
            if told and not is_range(parsed, first):
                yield first, second + 1


def has_subject(parsed: Parsed, end: int) -> bool:
    """Tell whether a subject stands before a place."""
    return bool(set(parsed.dep[:end]) & SUBJECTS)


def run_of_asides(parsed: Parsed, start: int, end: int) -> tuple[int, int]:
    """Return the commas that open and close the asides in a row of which one is given by its own.

    "The suspect, Osman, also known as Issac, fled": each can go with one comma, both with three.
    """
    while (before := _comma_before(parsed, start)) is not None:
        start = before
    while (after := _comma_after(parsed, end)) is not None:
        end = after
    return start, end


def _comma_before(parsed: Parsed, comma: int) -> int | None:
    """Return the comma that opens the aside which ends at a comma, None where none does."""
    place = next((at for at in range(comma - 1, 0, -1) if parsed.words[at] == ","), None)
    return place if place is not None and _is_aside(parsed, place, comma) else None


def _comma_after(parsed: Parsed, comma: int) -> int | None:
    """Return the comma that closes the aside which begins at a comma, None where none does."""
    places = range(comma + 1, len(parsed.words) - 1)
    place = next((at for at in places if parsed.words[at] == ","), None)
    return place if place is not None and _is_aside(parsed, comma, place) else None


def _is_aside(parsed: Parsed, start: int, end: int) -> bool:
    return not set(parsed.dep[start:end]) & (_FINITE | SUBJECTS)


def _explains(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether brackets say what an acronym stands for: "ONEMI (the emergencies office)"."""
    return parsed.words[start - 1].isupper() and end - start > 2


def _is_name(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether two commas hold a name and no more: "the suspect, Hussain Osman, fled".

    Or the state of a town: "in Fayetteville, N.C., with".
    """
    inside = parsed.words[start + 1 : end]
    names = [*parsed.words[start - 1 : start], *inside]
    named = end - start > 2 and all(word[:1].isupper() for word in inside)
    return named or (end - start <= 3 and all(word[:1].isupper() for word in names))


def _in_list(parsed: Parsed, end: int) -> bool:
    after = parsed.low(end + 1)
    return after in {"and", "or", "but"} or parsed.dep[end + 1] in {"conj", "cc"}


def introduces(parsed: Parsed, place: int) -> bool:
    """Tell whether a stretch says who somebody is, or of which year something was.

    "Gudrun Achebe, who speaks for the employers", "Scholz, the chancellor", "the strike, in 2019,".
    """
    named = parsed.low(place - 1) == "," and parsed.words[place - 2][:1].isupper()
    who = parsed.low(place) in {"who", "whose", "the", "a", "an"} or parsed.dep[place] == "poss"
    year = parsed.low(place + 1)
    return (named and who) or (year.isdigit() and len(year) == 4 and parsed.low(place) == "in")
