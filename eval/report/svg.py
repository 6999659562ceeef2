"""Figures of matplotlib as SVG that is part of a page: its colors, its font, its policy.

matplotlib writes colors and fonts into `style` attributes, which a strict content security policy
ignores. They become presentation attributes here, and the placeholder colors of `ROLES` become the
page's own custom properties, so that a figure follows light and dark.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from digest.render.inline import trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

INK, SOFT, LINE, PAPER = "#010101", "#020202", "#030303", "#040404"
SERIES = tuple(f"#0500{number:02x}" for number in range(1, 7))
ROLES = {INK: "var(--ink)", SOFT: "var(--soft)", LINE: "var(--line)", PAPER: "var(--paper)"} | {
    color: f"var(--series-{number})" for number, color in enumerate(SERIES, 1)
}
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"#([\w-]+)")
_DROPPED = frozenset({f"{_SVG}style", f"{_SVG}metadata", f"{_SVG}title"})
# The page's font is set by its style sheet.
_FONTS = frozenset({"font-family", "font-style", "font-variant"})


def page_svg(figure: Figure, *, name: str, labelled_by: str) -> str:
    """Return a figure as an `svg` element, exempt from escaping; equal figures give equal bytes.

    Args:
        figure: drawn in the colors of `ROLES`.
        name: makes its ids unique on a page.
        labelled_by: the id of the element that says what the figure shows.
    """
    root = ET.fromstring(_written(figure, name))  # noqa: S314 - what matplotlib just wrote
    for parent in root.iter():
        for child in list(parent):
            if child.tag in _DROPPED:
                parent.remove(child)
    for element in root.iter():
        _unstyle(element)
    _keep_referenced_ids(root)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {
        "role": "img",
        "aria-labelledby": labelled_by,
        "class": "plot",
        "stroke-linejoin": "round",
    }
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    return trusted(re.sub(r"\s*\n\s*", " ", ET.tostring(root, encoding="unicode")))


def _written(figure: Figure, name: str) -> bytes:
    buffer = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with house_style(name):
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    return buffer.getvalue()


@contextmanager
def house_style(name: str = "") -> Iterator[None]:
    """Draw as this house does inside, whatever the reader's own matplotlibrc says.

    Args:
        name: makes the ids that SVG needs unique.
    """
    from matplotlib import rc_context, rcdefaults, rcParams  # noqa: PLC0415 - .4 s

    with rc_context():
        rcdefaults()
        rcParams.update(
            {
                "font.size": 12,
                "text.color": INK,
                "axes.edgecolor": SOFT,
                "axes.labelcolor": INK,
                "axes.grid": True,
                "axes.axisbelow": True,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.formatter.useoffset": False,
                "grid.color": LINE,
                "xtick.color": SOFT,
                "ytick.color": SOFT,
                "xtick.labelcolor": INK,
                "ytick.labelcolor": INK,
                "path.simplify": False,
                "svg.fonttype": "none",
                "svg.hashsalt": name,
            }
        )
        yield


def _unstyle(element: ET.Element) -> None:
    """Turn the style attribute into attributes, and placeholder colors into the page's."""
    for part in element.attrib.pop("style", "").split(";"):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if value and key not in _FONTS:
            element.attrib[key] = ROLES.get(value, value)
    reference = element.attrib.pop(_HREF, None)
    if reference is not None:
        element.attrib["href"] = reference


def _keep_referenced_ids(root: ET.Element) -> None:
    wanted = {
        found
        for element in root.iter()
        for key, value in element.attrib.items()
        if key in {"href", "clip-path", "fill", "stroke"}
        for found in _REFERENCE.findall(value)
    }
    for element in root.iter():
        if element.attrib.get("id") not in wanted:
            element.attrib.pop("id", None)
