"""A comparison -> pages to browse, made by `eval.report`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import UsageError

if TYPE_CHECKING:
    from eval.comparing.records import Comparison
    from eval.nights.records import Trend


def write_pages(
    output: Path, comparison: Comparison, corpus: Path, *, trend: Trend | None = None
) -> Path:
    """Write the report of a comparison and return its first page.

    Args:
        output: a folder.
        comparison: what to show.
        corpus: the examples, JSON lines.
        trend: metrics over nights, where there are nights.

    Raises:
        UsageError: this installation has no report.
    """
    if find_spec("eval.report") is None:
        raise UsageError("this installation has no eval.report, which makes the pages; no --html")
    report = import_module("eval.report")  # Jinja and the pages: only who asks for them waits
    folders = tuple(Path(folder) for folder in dict.fromkeys(s.source for s in comparison.systems))
    material = report.Material(comparison=comparison, folders=folders, corpus=corpus, trend=trend)
    page: Path = report.write_report(output, material)
    return page
