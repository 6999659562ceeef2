"""How a report names and prints things: metrics, figures, letters of systems, files of clusters."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.table import COLUMNS

if TYPE_CHECKING:
    from eval.comparing.records import Comparison, Interval

FAITHFULNESS = "entity_precision_source"
NOVELTY = "novel_3grams"

_HEADINGS = {
    "rouge1_fmeasure": "ROUGE-1 F",
    "rouge2_fmeasure": "ROUGE-2 F",
    "rougeLsum_fmeasure": "ROUGE-Lsum F",
    FAITHFULNESS: "Entities supported",
    f"{FAITHFULNESS}_union": "Supported by any source",
    f"{FAITHFULNESS}_names": "Names supported",
    f"{FAITHFULNESS}_numbers": "Numbers supported",
    "entity_conflicts": "Conflicting names",
    "entity_f1_target": "Entities of references, F",
    "entity_recall_source": "Entities covered",
    "citation_precision": "Citations that support",
    "citation_recall": "Sentences supported",
    "coverage": "Copied words",
    "density": "Length of copies",
    NOVELTY: "New trigrams",
    "source_coverage": "Sources used",
    "max_similarity": "Most similar sentences",
    "words": "Words",
}
_STYLES = {column.metric: column.shown for column in COLUMNS}
# Ratios that the terminal's table has no column for.
_RATIO = re.compile(r"rouge.*|entity_(precision|recall|f1)_.*|citation_.*|novel_.*|.*coverage.*")
_UNSAFE = re.compile(r"[^a-z0-9]+")
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric as it is shown: `scale` times its value, with so many decimals."""

    name: str
    heading: str
    scale: int
    decimals: int

    def figure(self, value: float | None) -> str:
        """Return a value as it is printed; a dash for None.

        >>> metric_of("rouge2_fmeasure").figure(0.2804)
        '28.0'
        """
        if value is None:
            return NOTHING
        return f"{value * self.scale:.{self.decimals}f}".replace("-", "−")

    def signed(self, value: float | None) -> str:
        """Return a difference with its sign, a real minus; plain 0 where it rounds to that.

        >>> metric_of("rouge2_fmeasure").signed(-0.012)
        '−1.2'
        """
        if value is None:
            return NOTHING
        text = f"{value * self.scale:+.{self.decimals}f}"
        return text[1:] if float(text) == 0 else text.replace("-", "−")

    def between(self, interval: Interval | None, *, signed: bool = False) -> str | None:
        """Return an interval in brackets; None where there is none."""
        if interval is None or interval.low is None or interval.high is None:
            return None
        put = self.signed if signed else self.figure
        return f"[{put(interval.low)}, {put(interval.high)}]"

    @property
    def unit(self) -> str:
        """Return "%" for shares, "" for others."""
        return "%" if self.scale == 100 else ""


def metric_of(name: str) -> Metric:
    """Return how a metric is shown; one that nobody named is shown under its own name."""
    style = _STYLES.get(name) or ("%" if _RATIO.fullmatch(name) else "2")
    percent = style == "%"
    return Metric(
        name=name,
        heading=_HEADINGS.get(name) or name.replace("_", " "),
        scale=100 if percent else 1,
        decimals=1 if percent else int(style),
    )


def shown_metrics(comparison: Comparison) -> tuple[Metric, ...]:
    """Return the primary metrics, then those of the terminal's table that some system has."""
    known = {
        measured.metric
        for system in comparison.systems
        for measured in system.metrics
        if measured.mean is not None
    }
    others = (name for name in (*_STYLES, "coverage") if name in known)
    return tuple(metric_of(name) for name in dict.fromkeys((*comparison.primary, *others)))


def letter(number: int) -> str:
    """Return the letter that stands for the system at a position, from 0; numbers after Z.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', '27')
    """
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def page_name(cluster_id: str) -> str:
    """Return the file of a cluster: readable, safe on every disk, one per id, the same each night.

    >>> page_name("Flood in Mora / 2")
    'flood-in-mora-2-70c495ef.html'
    """
    readable = _UNSAFE.sub("-", cluster_id.lower()).strip("-")[:40]
    mark = hashlib.sha256(cluster_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{mark}.html" if readable else f"{mark}.html"
