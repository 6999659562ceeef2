"""Which stretches of a sentence can go: proposals from syntax, so that what stays is a sentence.

The compression model says how much each word matters; left alone it writes telegrams ("an man was
sentenced"), as its corpus does. So it only chooses among stretches that grammar lets go: asides,
openings, trailing clauses, attributions nobody needs, prepositional phrases, adverbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Words whose loss changes what is claimed: conditions, limits, doubt, contrast, and what follows.
_BINDING: Final = frozenset(
    "if unless until except without only than whether lest provided not no n't n’t never nor hardly"
    " barely alleged allegedly suspected purported purportedly accused reportedly claimed denied"
    " denies former acting outgoing would-be most almost nearly about around least more fewer less"
    " up over under some between".split()
)
# A stretch that begins with one of these is a condition or completes its verb.
_BOUND_OPENERS: Final = frozenset(
    "if unless until except without than whether because to of as by from into onto against that"
    " than like despite".split()
)
_SAYING: Final = frozenset("said says say told added adding reported announced confirmed".split())
# Whose word is as good as the fact in ordinary news; whoever else speaks stays with what was said.
_OFFICIAL: Final = frozenset(
    "police officials authorities official ministry office department spokesman spokeswoman"
    " statement agency reports media organisers organizers firefighters rescuers".split()
)
_DOUBT: Final = frozenset(
    "may might could would should will can allegedly reportedly blame blamed believe believed plan"
    " plans intend expected expects likely suspect suspected accuse accused if claim claims".split()
)
_DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight morning"
    " afternoon evening night week".split()
)
_INSIDE_NOUN: Final = frozenset(
    "det amod nn num number poss ps quantmod predet title advmod dep tmod partmod p".split()
)
_OPENERS: Final = frozenset("prep advmod mark partmod tmod advcl xcomp dep npadvmod".split())
_CLAUSE: Final = frozenset({"ROOT", "ccomp"})
_MARKS: Final = frozenset(
    {",", ".", ";", ":", "-", "--", "–", "—", "(", ")", "?", "!", '"', "“", "”"}
)
_SUBJECT_STARTS: Final = frozenset("det nsubj nn amod title poss num nsubjpass expl".split())
_ASIDE_STARTS: Final = frozenset(
    "prep partmod advmod mark appos det num nn amod poss npadvmod tmod".split()
)
_CLAUSE_OPENERS: Final = frozenset(
    "while after when as before though although where once amid following".split()
)
_PAUSES: Final = frozenset({",", ";", ":", "–", "—", "--"})
_STOPS: Final = frozenset({".", "?", "!"})
_QUOTES: Final = frozenset({'"', "“", "”", "``", "''"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A sentence as words with what the compression model says of each.

    `keep` is the probability that a shorter sentence has the word, `dep` its dependency label.
    """

    words: tuple[str, ...]
    keep: tuple[float, ...]
    dep: tuple[str, ...]

    def low(self, place: int) -> str:
        """Return a word in lower case, "" outside the sentence."""
        return self.words[place].lower() if 0 <= place < len(self.words) else ""


class Kind(StrEnum):
    """What a stretch is."""

    OPENING = "opening"
    ASIDE = "aside"
    TRAILING = "trailing"
    ATTRIBUTION = "attribution"
    PHRASE = "phrase"
    TIME = "time"
    ADVERB = "adverb"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cut:
    """Words `start` to `end`, exclusive, can go; `weight` in [0, 1] is how much is lost."""

    weight: float
    start: int
    end: int
    kind: Kind


def cuts(parsed: Parsed) -> list[Cut]:
    """Return the stretches that can go, the least missed first.

    Each leaves a sentence and takes no word that binds what stays: no condition, no doubt, half of
    no quotation.
    """
    found: dict[tuple[int, int], Cut] = {}
    for kind, start, end in _proposals(parsed):
        if _is_free(parsed, start, end):
            weight = _weight(parsed, start, end)
            found.setdefault((start, end), Cut(weight=weight, start=start, end=end, kind=kind))
    return sorted(found.values())


def _proposals(parsed: Parsed) -> Iterator[tuple[Kind, int, int]]:
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
    if not commas or parsed.dep[0] not in _OPENERS or parsed.low(0) in _BOUND_OPENERS - {"as"}:
        return
    for comma in commas[:2]:
        inside = set(parsed.dep[:comma])
        if not inside & _CLAUSE and parsed.dep[comma + 1] in _SUBJECT_STARTS and comma <= 14:
            yield 0, comma + 1
            return


def _asides(parsed: Parsed, commas: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what stands between two commas, brackets or dashes and is no item of a list."""
    for start, end in pairwise(commas):
        inside = parsed.dep[start + 1 : end]
        if not inside or end - start > 20 or _in_list(parsed, end):
            continue
        relative = parsed.low(start + 1) in {"which", "who", "whose", "where", "whom"}
        if relative or (
            inside[0] in _ASIDE_STARTS
            and not set(inside) & {"ROOT", "nsubj", "nsubjpass", "conj", "cc"}
        ):
            yield start, end + 1
    for left, right in (("(", ")"), ("–", "–"), ("—", "—"), ("--", "--")):
        places = [i for i, word in enumerate(parsed.words) if word in {left, right}]
        if len(places) == 2 and parsed.words[places[0]] == left:
            yield places[0], places[1] + 1


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
        second = low in {"and", "but"} and dep == "cc" and _verb_follows(parsed, place, last)
        measured = clause and parsed.dep[place - 1] in {"npadvmod", "tmod"}
        if (
            (relative or clause or participle or second)
            and not measured
            and _complete(parsed, place, last)
        ):
            yield start, last


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
    """Tell whether a verb is joined here: a verb of its own and no subject shared with before."""
    for at in range(place + 1, min(place + 12, last)):
        if parsed.dep[at] in {"nsubj", "nsubjpass", "aux", "auxpass"}:
            return True
        if parsed.dep[at] == "conj":
            return at + 1 <= last and parsed.dep[at + 1] in {"dobj", "prep", "det", "aux", "prt",
                "xcomp", "complm", "poss"}  # fmt: skip
    return False


def _attribution(parsed: Parsed, commas: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    """Yield ", police said" and ", according to officials", where nothing in doubt is said."""
    if {word.lower() for word in parsed.words} & _DOUBT or set(parsed.words) & _QUOTES:
        return
    for comma in commas:
        tail = [parsed.low(place) for place in range(comma + 1, last)]
        says = tail[:2] == ["according", "to"] or bool(set(tail) & _SAYING)
        if says and set(tail) & _OFFICIAL and len(tail) <= 12:
            yield comma, last


def _times(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield days and hours that are told in passing: "on Monday", "late Wednesday"."""
    for start in range(1, last):
        if parsed.dep[start] == "tmod" and parsed.low(start) in _DAYS:
            opened = start
            while parsed.dep[opened - 1] in {"amod", "det", "nn", "advmod"} and opened > 1:
                opened -= 1
            yield opened, start + 1
        if parsed.low(start) == "on" and parsed.low(start + 1) in _DAYS:
            if parsed.low(start + 2) not in {"morning", "afternoon", "evening", "night"}:
                yield start, start + 2
            elif start + 3 <= last:
                yield start, start + 3


def _phrases(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield prepositional phrases: "near the border", "with heavy equipment"."""
    for start in range(1, last):
        # "650 kilometres off the coast", "eight days after the quake", "those in Borneo"
        measured = parsed.dep[start - 1] in {"npadvmod", "tmod", "num", "advmod", "quantmod"}
        pointed = parsed.low(start - 1) in {"those", "that", "one", "ones", "such", "part", "some"}
        bound = measured or pointed or parsed.words[start - 1] == ","
        if parsed.dep[start] == "prep" and not bound:
            end = _end_of_phrase(parsed, start, last)
            if end is not None:
                yield start, end


def _end_of_phrase(parsed: Parsed, start: int, last: int) -> int | None:
    """Return where the noun of a preposition ends, its "of" phrases included."""
    place = start + 1
    while place < last and parsed.dep[place] in _INSIDE_NOUN and parsed.words[place] not in _MARKS:
        place += 1
    if place >= last or parsed.dep[place] != "pobj":
        return None
    place += 1
    if parsed.low(place) == "of" and parsed.dep[place] == "prep":
        return _end_of_phrase(parsed, place, last)
    # "in Paris and London", "on the man's farm", "at the house where": the noun goes on.
    goes_on = place < last and (
        parsed.dep[place] in {"cc", "conj", "ps", "rcmod", "pobj", "nn", "partmod", "num", "appos"}
        or parsed.low(place) in {"who", "which", "that", "where", "and", "or"}
    )
    return None if goes_on else place


def _adverbs(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield single adverbs: "quickly", "also"."""
    for place in range(1, last):
        if (
            parsed.dep[place] == "advmod"
            and parsed.low(place).endswith(("ly", "also", "later", "meanwhile", "however", "then"))
            and parsed.dep[place + 1] not in {"amod", "num", "advmod", "quantmod", "number"}
            and parsed.words[place - 1] != ","
        ):
            yield place, place + 1


def _is_free(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether nothing that stays depends on what goes."""
    gone = parsed.words[start:end]
    first = next((word.lower() for word in gone if word not in _MARKS), "")
    short = end - start <= 3 and bool({word.lower() for word in gone} & _BINDING)
    # "the", "was" or "to" before the cut would be left without what they belong to.
    before = parsed.dep[start - 1] if start else "p"
    loose = before in {"det", "aux", "auxpass", "amod", "nn", "poss", "ps", "prep", "neg", "mark",
        "complm", "title", "num"} and parsed.words[start - 1] not in _MARKS  # fmt: skip
    bound = start > 0 and first in _BOUND_OPENERS and parsed.words[start] != ","
    whole = not _inside_quotation(parsed.words, start) and not _inside_quotation(parsed.words, end)
    brackets = gone.count("(") == gone.count(")")
    return bool(gone) and not (short or loose or bound) and whole and brackets


def _inside_quotation(words: Sequence[str], place: int) -> bool:
    """Tell whether a quotation that began before a place has not ended there."""
    straight = sum(word == '"' for word in words[:place]) % 2 == 1
    curly = [word for word in words[:place] if word in {"“", "”"}]
    return straight or (bool(curly) and curly[-1] == "“")


def _weight(parsed: Parsed, start: int, end: int) -> float:
    """Return the mean probability of being kept over the words of a stretch, marks left out."""
    kept = [parsed.keep[place] for place in range(start, end) if parsed.words[place] not in _MARKS]
    return sum(kept) / len(kept) if kept else 1.0


def remaining(words: Sequence[str], taken: Sequence[Cut]) -> list[int]:
    """Return the places of the words that stay after some cuts; cuts may lie inside one another.

    Marks that would stand twice, first, or before the last one go, too.
    """
    gone = {place for cut in taken for place in range(cut.start, cut.end)}
    kept: list[int] = []
    for place, word in enumerate(words):
        if place in gone:
            continue
        if (
            kept
            and words[kept[-1]] in _PAUSES
            and word in _PAUSES | _STOPS
            and kept[-1] + 1 != place
        ):
            kept.pop()
        if kept or word not in _PAUSES:
            kept.append(place)
    return kept


def printed(text: str, spans: Sequence[tuple[int, int]], kept: Sequence[int]) -> str:
    r"""Return the words that stay as text: its own spaces, one where words went.

    >>> import re
    >>> text = "On Monday, the vote, held in Oslo, passed."
    >>> spans = [match.span() for match in re.finditer(r"\w+|[,.]", text)]
    >>> words = [text[start:end] for start, end in spans]
    >>> first = Cut(weight=0, start=0, end=3, kind=Kind.OPENING)
    >>> second = Cut(weight=0, start=5, end=10, kind=Kind.ASIDE)
    >>> printed(text, spans, remaining(words, [first, second]))
    'The vote passed.'
    """
    parts: list[str] = []
    for before, place in zip([None, *kept], kept, strict=False):
        start, end = spans[place]
        word = text[start:end]
        if before is None:
            parts.append(word)
        elif before + 1 == place:
            parts.append(text[spans[before][1] : end])
        else:
            close = word in _PAUSES | _STOPS or word in {")", "’s", "'s"}
            parts.append(word if close else f" {word}")
    left = "".join(parts)
    return left[:1].upper() + left[1:]
