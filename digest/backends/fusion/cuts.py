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
    " up over under some between"
    # doubt, degree, intent and rate
    " possibly probably presumably apparently potentially seemingly supposedly ostensibly likely"
    " unlikely partly partially largely mostly mainly roughly approximately virtually practically"
    " effectively rarely seldom scarcely solely merely formerly falsely wrongly mistakenly"
    " accidentally unintentionally inadvertently temporarily provisionally conditionally"
    " tentatively initially technically theoretically unofficially daily weekly monthly yearly"
    " hourly annually quarterly nightly".split()
)
# A stretch that holds one of these where it begins is a condition, whatever marks are around it.
_CONDITIONS: Final = frozenset(
    "if unless until except without than whether provided lest only assuming despite not".split()
)
# What is said of few, of all or of none holds within its bounds alone: "no one was hurt in the
# second blast", "all schools in Paris", "the worst flood in years", "40% of voters in Ohio".
_BOUNDED: Final = frozenset(
    "no not n't n’t never none nobody nothing nor neither all every each only few fewer less any"
    " most first % percent biggest largest worst best highest lowest deadliest strongest longest"
    " oldest youngest smallest greatest richest poorest heaviest hottest coldest fastest".split()
)
# "is in Paris", "based in Paris", "depends on oil", "called for talks" say nothing alone.
_INCOMPLETE: Final = frozenset(
    "is are was were be been being 's ’s 're ’re am remain remains remained stay stays stayed lie"
    " lies lay sit sits sat live lives lived stand stands stood based located situated belong"
    " belongs depend depends depended consist consists consisted result resulted results call"
    " calls called calling appeal appealed look looked ask asked run ran account accounts accounted"
    " deal deals dealt refer refers referred rely relies relied end ended ends".split()
)
_FUTURE: Final = frozenset("will would shall should can could may might must ’ll 'll".split())
# A stretch that begins with one of these is a condition or completes its verb.
_BOUND_OPENERS: Final = frozenset(
    "if unless until except without than whether because to of as by from into onto against that"
    " than like despite".split()
)
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
_ENDS: Final = _STOPS | {"...", "…", '"', "”", "’", "»", ")", "''"}
_CLOSING: Final = _PAUSES | _STOPS | {")", "’s", "'s"}
_QUOTES: Final = frozenset({'"', "“", "”", "``", "''", "«", "»", "„", "‘"})
_CLOSES: Final = {'"': '"', "“": "”", "«": "»", "„": "“”", "‘": "’", "``": "''", "'": "'"}


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
    no quotation. What ends in no mark is no whole sentence, and nothing of it can go.
    """
    if not parsed.words or parsed.words[-1] not in _ENDS:
        return []
    found: dict[tuple[int, int], Cut] = {}
    for kind, start, end in _proposals(parsed):
        if _is_free(parsed, start, end) and not _restricts(parsed, start, kind):
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
        if _awaited(parsed, 0, comma + 1):
            return
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
            first, second = places
            if not _is_range(parsed, first) and "ROOT" not in parsed.dep[first:second]:
                yield first, second + 1


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
        second = low in {"and", "but"} and dep == "cc" and _verb_follows(parsed, place, last)
        measured = clause and parsed.dep[place - 1] in {"npadvmod", "tmod"}
        if (
            (relative or clause or participle or second)
            and not measured
            and not _awaited(parsed, place, last)
            and _complete(parsed, place, last)
        ):
            yield start, last


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
            return at + 1 <= last and parsed.dep[at + 1] in {"dobj", "prep", "det", "aux", "prt",
                "xcomp", "complm", "poss"}  # fmt: skip
    return False


def _attribution(parsed: Parsed, commas: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    """Yield ", police said" and ", according to officials", where nothing in doubt is said."""
    for comma in commas:
        tail = [parsed.low(place) for place in range(comma + 1, last)]
        says = tail[:2] == ["according", "to"] or bool(set(tail) & _SAYING)
        if says and "," not in tail and len(tail) <= 12 and _needless(parsed, comma, last):
            yield comma, last


def _needless(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether a stretch names officials for what nobody doubts: no reader asks who says so."""
    if {word.lower() for word in parsed.words} & _DOUBT or set(parsed.words) & _QUOTES:
        return False
    said = [parsed.low(place) for place in range(start, end)]
    speakers = said[: said.index("told")] if "told" in said else said  # "he told police"
    return bool(set(speakers) & _OFFICIAL)


def _times(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield days and hours that are told in passing: "on Monday", "late Wednesday"."""
    for start in range(1, last):
        goes_on = parsed.low(start + 1) in {
            "ago",
            "after",
            "before",
            "earlier",
            "later",
            "'s",
            "’s",
        }
        if parsed.dep[start] == "tmod" and parsed.low(start) in _DAYS and not goes_on:
            opened = start
            while parsed.dep[opened - 1] in {"amod", "det", "nn", "advmod"} and opened > 1:
                opened -= 1
            yield opened, start + 1
        if parsed.low(start) == "on" and parsed.low(start + 1) in _DAYS:
            hour = parsed.low(start + 2) in {"morning", "afternoon", "evening", "night"}
            end = start + 3 if hour else start + 2
            # "on Monday's vote", "on Monday and Tuesday", "on Monday or later"
            if end <= last and parsed.low(end) not in {
                "'s",
                "’s",
                "and",
                "or",
                "to",
                "through",
                "-",
            }:
                yield start, end


def _phrases(parsed: Parsed, last: int) -> Iterator[tuple[int, int]]:
    """Yield prepositional phrases: "near the border", "with heavy equipment"."""
    for start in range(1, last):
        # "650 kilometres off the coast", "eight days after the quake", "those in Borneo"
        measured = parsed.dep[start - 1] in {"npadvmod", "tmod", "num", "advmod", "quantmod"}
        pointed = parsed.low(start - 1) in {"those", "that", "one", "ones", "such", "part", "some"}
        incomplete = parsed.low(start - 1) in _INCOMPLETE or parsed.dep[start - 1] == "partmod"
        bound = measured or pointed or incomplete or parsed.words[start - 1] == ","
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
        or _is_range(parsed, place)
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
            # "very quickly", "two days later"; Italy and July end as adverbs do
            and parsed.dep[place - 1] not in {"advmod", "quantmod", "npadvmod", "tmod"}
            and parsed.words[place].islower()
        ):
            yield place, place + 1


def _restricts(parsed: Parsed, start: int, kind: Kind) -> bool:
    """Tell whether something said of few, all or none before a stretch holds within it alone."""
    if kind not in {Kind.PHRASE, Kind.TIME, Kind.TRAILING} or parsed.words[start] == ",":
        return False
    joined = parsed.low(start) in {"and", "but"}
    return not joined and any(parsed.low(place) in _BOUNDED for place in range(start))


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
    bound |= first in _CONDITIONS
    # Who is quoted goes by one rule, wherever it stands.
    bound |= "according" in {word.lower() for word in gone} and not _needless(parsed, start, end)
    whole = not _inside_quotation(parsed.words, start) and not _inside_quotation(parsed.words, end)
    brackets = gone.count("(") == gone.count(")")
    return bool(gone) and not (short or loose or bound) and whole and brackets


def _inside_quotation(words: Sequence[str], place: int) -> bool:
    """Tell whether a quotation that began before a place has not ended there."""
    awaited = ""
    for word in words[:place]:
        if awaited:
            awaited = "" if word in awaited else awaited
        elif word != "'" or words.count("'") % 2 == 0:  # else it is a possessive: "the workers'"
            awaited = _CLOSES.get(word, "")
    return bool(awaited)


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
            apart = text[start - 1 : start].isspace() or word not in _CLOSING
            parts.append(f" {word}" if apart else word)
    left = "".join(parts)
    opened = kept[:1] != [0] and bool(kept) and text[slice(*spans[kept[0]])].islower()
    return left[:1].upper() + left[1:] if opened else left
