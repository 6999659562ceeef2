"""An output as pieces of text: what names something is a mark that leads to its source sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.render.words import printable
from eval.report.support import WORDINGS, Shade, shade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.records import EntityVerdict
    from eval.report.sources import SourceList


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some characters of a line; plain text where `shade` is None.

    `mention` is the position in the output's verdicts. Its first piece has `says`, what a reader
    who cannot see the look is told, and `quote`, the id of its source sentence, if there is one.
    """

    text: str
    mention: int | None = None
    shade: Shade | None = None
    quote: str | None = None
    says: str | None = None


def marked_lines(
    text: str, verdicts: Sequence[EntityVerdict], sources: SourceList
) -> tuple[tuple[Piece, ...], ...]:
    """Return the lines of an output as pieces, blank lines left out.

    Where mentions lie inside each other, a name in a quotation, the shortest has the characters.
    """
    owners: list[int | None] = [None] * len(text)
    by_length = sorted(range(len(verdicts)), key=lambda n: verdicts[n].start - verdicts[n].end)
    for number in by_length:
        verdict = verdicts[number]
        owners[verdict.start : verdict.end] = [number] * (verdict.end - verdict.start)
    lines: list[tuple[Piece, ...]] = []
    told: set[int] = set()
    start = 0
    for line in text.split("\n"):
        if line.strip():
            pieces = _pieces(line, owners[start : start + len(line)])
            lines.append(
                tuple(_piece(part, owner, verdicts, sources, told) for part, owner in pieces)
            )
        start += len(line) + 1
    return tuple(lines)


def _pieces(line: str, owners: Sequence[int | None]) -> list[tuple[str, int | None]]:
    """Return runs of characters that have the same owner."""
    found: list[tuple[str, int | None]] = []
    start = 0
    for position in range(1, len(line) + 1):
        if position == len(line) or owners[position] != owners[start]:
            found.append((printable(line[start:position]), owners[start]))
            start = position
    return found


def _piece(
    text: str,
    owner: int | None,
    verdicts: Sequence[EntityVerdict],
    sources: SourceList,
    told: set[int],
) -> Piece:
    if owner is None:
        return Piece(text=text)
    verdict = verdicts[owner]
    found = shade(verdict)
    if owner in told:
        return Piece(text=text, shade=found)
    told.add(owner)
    place = sources.place(verdict.evidence) if verdict.evidence else None
    says = WORDINGS[found].name + (f", source {place.number}" if place else "")
    return Piece(
        text=text, mention=owner, shade=found, quote=place.quote_id if place else None, says=says
    )
