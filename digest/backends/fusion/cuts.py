"""Which stretches of a sentence can go: proposals from syntax, so that what stays is a sentence.

The compression model says how much each word matters; left alone it writes telegrams ("an man was
sentenced"), as its corpus does. So it only chooses among stretches that grammar lets go: asides,
openings, trailing clauses, attributions nobody needs, prepositional phrases, adverbs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.backends.fusion.asides import has_subject, run_of_asides
from digest.backends.fusion.parsed import BOUND_OPENERS, MARKS, STOPS, Cut, Kind
from digest.backends.fusion.proposals import needless, proposals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.parsed import Parsed

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
    " hourly annually quarterly nightly seriously severely critically gravely fatally mortally"
    " slightly lightly".split()
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
_DENIALS: Final = frozenset("not no never nobody none neither nor cannot without n't n’t".split())
_TOLLS: Final = frozenset(
    "killed killing kills dead died deaths injured injuring injuries wounded wounding missing"
    " homeless casualties victims survivors".split()
)
_ENDS: Final = STOPS | {"...", "…", '"', "”", "’", "»", ")", "''"}
_OPENED: Final = frozenset("“«")
_QUOTED: Final = _OPENED | frozenset("”»")
_CLOSES: Final = {'"': '"', "“": "”", "«": "»", "„": "“”", "‘": "’", "``": "''", "'": "'"}


def cuts(parsed: Parsed) -> list[Cut]:
    """Return the stretches that can go, the least missed first.

    Each leaves a sentence and takes no word that binds what stays: no condition, no doubt, half of
    no quotation. What ends in no mark is no whole sentence, and nothing of it can go.
    """
    if not parsed.words or parsed.words[-1] not in _ENDS:
        return []
    found: dict[tuple[int, int], Cut] = {}
    for kind, start, end in proposals(parsed):
        if _is_free(parsed, start, end) and not _restricts(parsed, start, kind):
            weight = _weight(parsed, start, end)
            run = _run(parsed, start, end, kind)
            cut = Cut(weight=weight, start=start, end=end, kind=kind, run=run)
            found.setdefault((start, end), cut)
    return sorted(found.values())


def _run(parsed: Parsed, start: int, end: int, kind: Kind) -> tuple[int, int] | None:
    """Return the run of asides that a stretch is one of; None after an opening, which keeps one."""
    if kind is not Kind.ASIDE or parsed.words[start] != "," or parsed.words[end - 1] == ",":
        return None
    run = run_of_asides(parsed, start, end)
    return run if has_subject(parsed, run[0]) else None


def _restricts(parsed: Parsed, start: int, kind: Kind) -> bool:
    """Tell whether something said of few, all or none before a stretch holds within it alone."""
    if kind not in {Kind.PHRASE, Kind.TIME, Kind.TRAILING} or parsed.words[start] == ",":
        return False
    joined = parsed.low(start) in {"and", "but"}
    return not joined and any(parsed.low(place) in _BOUNDED for place in range(start))


def _is_free(parsed: Parsed, start: int, end: int) -> bool:
    """Tell whether nothing that stays depends on what goes."""
    gone = parsed.words[start:end]
    first = next((word.lower() for word in gone if word not in MARKS), "")
    short = end - start <= 3 and bool({word.lower() for word in gone} & _BINDING)
    # "the", "was" or "to" before the cut would be left without what they belong to.
    before = parsed.dep[start - 1] if start else "p"
    loose = before in {"det", "aux", "auxpass", "amod", "nn", "poss", "ps", "prep", "neg", "mark",
        "complm", "title", "num"} and parsed.words[start - 1] not in MARKS  # fmt: skip
    bound = start > 0 and first in BOUND_OPENERS and parsed.words[start] != ","
    bound |= first in _CONDITIONS
    # Whether something is so is the news: the guard withholds a sentence that lost its "not".
    bound |= bool({word.lower() for word in gone} & _DENIALS)
    # How many died is the news, wherever it stands.
    bound |= bool({word.lower() for word in gone} & _TOLLS)
    # Who is quoted goes by one rule, wherever it stands.
    bound |= "according" in {word.lower() for word in gone} and not needless(parsed, start, end)
    whole = not _inside_quotation(parsed.words, start) and not _inside_quotation(parsed.words, end)
    whole &= next((word for word in gone if word in _QUOTED), "“") in _OPENED
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
    kept = [parsed.keep[place] for place in range(start, end) if parsed.words[place] not in MARKS]
    return sum(kept) / len(kept) if kept else 1.0
