"""The figures of a report, drawn with matplotlib.

A system is a color, a shape and a letter or name at once: no reader has to tell colors apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from eval.report.svg import INK, LINE, SERIES, SOFT, house_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
_DASHES = ("-", "--", ":", "-.")
_WIDTH = 5.6  # inches of 72 px: on a phone, 350 px wide, the text is still 10 px high
_TICK_LETTERS = 44  # that fit below an axis
_CROWD = 8  # systems above which marks are drawn smaller
_FAR = 6.0  # about four standard deviations, where heights are normal
# Where a letter may stand beside its marker, in points, in the order of preference.
_PLACES = ((11, 0), (-11, 0), (0, 12), (0, -12), (10, 10), (-10, 10), (10, -10), (-10, -10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A system in the plane: where it lies, and how far that could be off to either side."""

    label: str
    number: int
    x: float
    y: float
    x_reach: tuple[float, float]
    y_reach: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A configuration over nights: one value per night, None where it has none."""

    label: str
    number: int
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A difference with its interval; `mde80` is what could have been shown."""

    label: str
    number: int
    difference: float
    low: float | None
    high: float | None
    mde80: float | None


def color_of(number: int) -> str:
    """Return the placeholder color of the system at a position."""
    return SERIES[number % len(SERIES)]


def scatter(spots: Sequence[Spot], *, x_label: str, y_label: str) -> Figure:
    """Return systems in the plane with the intervals of both axes."""
    crowded = len(spots) > _CROWD
    figure, axes = _canvas(height=4.8 if crowded else 4.2)
    for spot in spots:
        color = color_of(spot.number)
        axes.errorbar(
            [spot.x],
            [spot.y],
            xerr=[[spot.x_reach[0]], [spot.x_reach[1]]],
            yerr=[[spot.y_reach[0]], [spot.y_reach[1]]],
            fmt=MARKERS[spot.number % len(MARKERS)],
            markersize=6 if crowded else 8,
            color=color,
            ecolor=color,
            elinewidth=0.8 if crowded else 1.2,
            capsize=0 if crowded else 3,
        )
    axes.margins(0.12)
    axes.set(xlim=_shares(axes.get_xlim()), ylim=_shares(axes.get_ylim()))
    _letters(axes, spots)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    return figure


def _shares(limits: tuple[float, float]) -> tuple[float, float]:
    """Return the limits of an axis of percentages: beyond 0 and 100 there is only room to draw."""
    low, high = limits
    spare = 0.06 * (min(high, 100.0) - max(low, 0.0))
    return max(low, -spare), min(high, 100.0 + spare)


def without_far(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """Return the systems whose height is not far from the others': one far off flattens all.

    Far is more than six times the median distance from the median.
    """
    heights = [spot.y for spot in spots]
    middle = median(heights)
    usual = median(abs(height - middle) for height in heights)
    near = tuple(spot for spot in spots if abs(spot.y - middle) <= _FAR * usual)
    return near if len(spots) > 3 and usual else tuple(spots)


def _letters(axes: Axes, spots: Sequence[Spot]) -> None:
    """Put each letter beside its marker, where most room is."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    across, up = 330 / (right - left or 1), 240 / (top - bottom or 1)  # points, about
    points = [((spot.x - left) * across, (spot.y - bottom) * up) for spot in spots]
    taken = list(points)
    for spot, (x, y) in zip(spots, points, strict=True):
        others = [point for point in taken if point != (x, y)]

        def room(place: tuple[int, int], x: float = x, y: float = y) -> float:
            at = (x + place[0], y + place[1])
            nearest = (abs(at[0] - ox) + abs(at[1] - oy) for ox, oy in others)  # noqa: B023 - used at once
            return min(min(nearest, default=20.0), 20.0)

        best = max(_PLACES, key=room)
        taken.append((x + best[0], y + best[1]))
        axes.annotate(
            spot.label,
            (spot.x, spot.y),
            xytext=best,
            textcoords="offset points",
            ha="center",
            va="center",
            fontweight="bold",
            color=INK,
        )


def nights(lines: Sequence[Line], names: Sequence[str], steps: Sequence[int], y: str) -> Figure:
    """Return a metric over nights; `steps` are positions in `names` at which something changed."""
    figure, axes = _canvas(height=3.4)
    for step in steps:
        axes.axvline(step - 0.5, color=SOFT, linewidth=1, linestyle=(0, (2, 3)))
    for line in lines:
        axes.plot(
            range(len(names)),
            [float("nan") if value is None else value for value in line.values],
            color=color_of(line.number),
            marker=MARKERS[line.number % len(MARKERS)],
            linestyle=_DASHES[line.number % len(_DASHES)],
            markersize=6,
            linewidth=1.6,
        )
    axes.margins(x=0.06, y=0.15)
    _ends(axes, lines)
    fitting = max(2, _TICK_LETTERS // max(map(len, names)))
    shown = range(0, len(names), -(-len(names) // fitting))
    axes.set_xticks(list(shown), [names[position] for position in shown])
    axes.set_ylabel(y)
    return figure


def _ends(axes: Axes, lines: Sequence[Line]) -> None:
    """Write the letters behind the last values, each far enough from the one below."""
    bottom, top = axes.get_ylim()
    apart = (top - bottom) * 0.075
    lowest = float("-inf")
    ends = [
        (value, position, line)
        for line in lines
        for position, value in [_last(line.values)]
        if value is not None
    ]
    for value, position, line in sorted(ends, key=lambda end: (end[0], end[2].number)):
        lowest = max(value, lowest + apart)
        axes.annotate(
            line.label,
            (position, lowest),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            color=INK,
        )


def _last(values: Sequence[float | None]) -> tuple[int, float | None]:
    found = [(position, value) for position, value in enumerate(values) if value is not None]
    return found[-1] if found else (0, None)


def differences(bars: Sequence[Bar], x_label: str) -> Figure:
    """Return one row per candidate: its difference, its interval, and what could be shown at all.

    The hatched band reaches from -MDE to +MDE.
    """
    figure, axes = _canvas(height=0.9 + 0.42 * len(bars))
    axes.axvline(0, color=SOFT, linewidth=1)
    for row, bar in enumerate(bars):
        if bar.mde80 is not None:
            axes.barh(
                row,
                2 * bar.mde80,
                left=-bar.mde80,
                height=0.62,
                facecolor="none",
                edgecolor=LINE,
                hatch="////",
                linewidth=0,
            )
        color = color_of(bar.number)
        if bar.low is not None and bar.high is not None:
            axes.plot([bar.low, bar.high], [row, row], color=color, linewidth=2.2)
        axes.plot(
            [bar.difference],
            [row],
            marker=MARKERS[bar.number % len(MARKERS)],
            color=color,
            markersize=8,
            linestyle="",
        )
    axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.margins(x=0.06)
    axes.set_xlabel(x_label)
    return figure


def _canvas(*, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # noqa: PLC0415 - .4 s

    with house_style():
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        return figure, figure.add_subplot()
