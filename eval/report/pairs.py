"""Two outputs side by side: what one names that the other does not, and which words differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Label, Mention
from eval.metrics.entity_keys import Family, entity_keys, family_of
from eval.report.support import UNSUPPORTED, Shade, shade, weakest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eval.records import EntityVerdict

# Two texts about one event share "the" and "of" everywhere: shorter runs of equal words between
# changed ones are shown as changed, so that a reader sees phrases instead of confetti.
_SHORTEST_RUN = 3
_QUOTES = "“”\"'‘’«» "


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity of one output: its fullest spelling there, where it is first named, and how good.

    `mention` is the position in the output's verdicts, `shade` that of its weakest mention.
    """

    text: str
    mention: int
    shade: Shade


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the second output names and the first does not, and the other way round.

    `gained` and `lost` are supported or cannot be judged, `invented` and `dropped` are unsupported.
    `weakened` are (in the first, in the second) of what both name and only the first has supported,
    `mended` the opposite.
    """

    gained: tuple[Named, ...]
    invented: tuple[Named, ...]
    lost: tuple[Named, ...]
    dropped: tuple[Named, ...]
    weakened: tuple[tuple[Named, Named], ...]
    mended: tuple[tuple[Named, Named], ...]


def change(first: Sequence[EntityVerdict], second: Sequence[EntityVerdict]) -> Change:
    """Return how what is named changes from one output to another, in reading order.

    What is one entity within an output stays one; across the two, "McIlroy" is the "Rory McIlroy"
    of the other where no other name is as near.
    """
    before, after = _joined(_entities(first), _entities(second))
    came = [after[key] for key in after if key not in before]
    went = [before[key] for key in before if key not in after]
    both = [(before[key], after[key]) for key in after if key in before]
    bad = [(a.shade in UNSUPPORTED, b.shade in UNSUPPORTED) for a, b in both]
    return Change(
        gained=tuple(one for one in came if one.shade not in UNSUPPORTED),
        invented=tuple(one for one in came if one.shade in UNSUPPORTED),
        lost=tuple(one for one in went if one.shade not in UNSUPPORTED),
        dropped=tuple(one for one in went if one.shade in UNSUPPORTED),
        weakened=tuple(p for p, b in zip(both, bad, strict=True) if b == (False, True)),
        mended=tuple(p for p, b in zip(both, bad, strict=True) if b == (True, False)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    named: Named
    mention: Mention
    family: Family


def _entities(verdicts: Sequence[EntityVerdict]) -> list[_Entity]:
    groups: dict[tuple[Family, str], list[int]] = {}
    for position, verdict in enumerate(verdicts):
        groups.setdefault((family_of(verdict.label), verdict.key), []).append(position)
    return [
        _entity(family, [(position, verdicts[position]) for position in positions])
        for (family, _), positions in groups.items()
    ]


def _entity(family: Family, mentions: Sequence[tuple[int, EntityVerdict]]) -> _Entity:
    fullest = max((verdict for _, verdict in mentions), key=lambda verdict: len(verdict.text))
    shades = {position: shade(verdict) for position, verdict in mentions}
    worst = weakest(list(shades.values()))
    shown = next(position for position, found in shades.items() if found is worst)
    return _Entity(
        named=Named(text=_spelled(fullest), mention=shown, shade=worst),
        mention=Mention(
            text=fullest.text, label=fullest.label, start=fullest.start, end=fullest.end
        ),
        family=family,
    )


def _spelled(verdict: EntityVerdict) -> str:
    return f"“{verdict.text.strip(_QUOTES)}”" if verdict.label is Label.QUOTE else verdict.text


def _joined(
    first: Sequence[_Entity], second: Sequence[_Entity]
) -> tuple[dict[tuple[Family, str], Named], dict[tuple[Family, str], Named]]:
    """Return the entities of both by keys that they share."""
    keys = entity_keys([entity.mention for entity in (*first, *second)])
    return _by_key(first, keys[: len(first)]), _by_key(second, keys[len(first) :])


def _by_key(entities: Sequence[_Entity], keys: Iterable[str]) -> dict[tuple[Family, str], Named]:
    found: dict[tuple[Family, str], Named] = {}
    for entity, key in zip(entities, keys, strict=True):
        known = found.setdefault((entity.family, key), entity.named)
        if weakest([known.shade, entity.named.shade]) is not known.shade:
            found[entity.family, key] = entity.named
    return found


def word_changes(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return where two texts differ: words `a:b` of the first became words `c:d` of the second.

    A longest common subsequence, with runs of under three equal words between changes counted as
    changed.

    Returns:
        (a, b, c, d), ascending; equal words stand between.

    >>> word_changes("The old dam broke at noon".split(), "The dam broke at ten".split())
    [(1, 2, 1, 1), (5, 6, 4, 5)]
    """
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - .04 s

    changed: list[tuple[int, int, int, int]] = []
    for step in Indel.opcodes(first, second):
        if step.tag == "equal":
            continue
        a, b, c, d = step.src_start, step.src_end, step.dest_start, step.dest_end
        if changed and a - changed[-1][1] < _SHORTEST_RUN:
            a, c = changed[-1][0], changed[-1][2]
            changed.pop()
        changed.append((a, b, c, d))
    return changed
