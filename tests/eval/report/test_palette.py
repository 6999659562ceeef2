"""The colors of systems: seen on both papers, and told apart by people who see fewer colors."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations, pairwise
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.report.plots import MARKERS
from eval.report.svg import SERIES

Floats: TypeAlias = NDArray[np.float64]

_PAPER = {"light": "#fcfbf8", "dark": "#15171a"}
# Linear RGB as seen with one kind of cone missing: Machado et al. 2009, severity 1.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_DEFICIENCIES = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def _series(scheme: str) -> list[str]:
    css = files("eval.report").joinpath("report.css").read_text(encoding="utf-8")
    light, _, dark = css.partition("prefers-color-scheme: dark")
    block = light if scheme == "light" else dark
    return re.findall(r"--series-\d: (#[0-9a-f]{6});", block)


def _linear(color: str) -> Floats:
    values = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _luminance(color: str) -> float:
    return float(_linear(color) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_color_is_seen_on_its_paper(scheme: str) -> None:
    found = _series(scheme)
    assert len(found) == len(SERIES)
    paper = _luminance(_PAPER[scheme])
    for color in found:
        lighter, darker = sorted((_luminance(color), paper), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, color


def _lab(linear: Floats) -> Floats:
    """Return linear RGB as CIELAB, white D65."""
    ratios = _XYZ @ linear / _XYZ.sum(axis=1)
    f = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("deficiency", _DEFICIENCIES)
def test_colors_differ_for_everybody(scheme: str, deficiency: str) -> None:
    matrix = np.array(_DEFICIENCIES[deficiency])
    seen = [_lab(np.clip(matrix @ _linear(color), 0, 1)) for color in _series(scheme)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) > 20


def test_neighbours_differ_in_shape_too() -> None:
    looks = [(SERIES[n % len(SERIES)], MARKERS[n % len(MARKERS)]) for n in range(24)]
    assert len(set(looks)) == 24
    assert all(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(looks))
