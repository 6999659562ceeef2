"""Write a report: every page beside its place, then the whole folder swapped in."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from digest.errors import UsageError
from digest.render.words import moment, plain, storable
from eval.corpora import stream_corpus
from eval.report import overview, pairwise
from eval.report.cluster import build_cluster
from eval.report.figures import copying, from_baseline
from eval.report.history import configurations, histories
from eval.report.material import read_outputs
from eval.report.matrix import matrix_data, matrix_row
from eval.report.pages import (
    CLUSTER_FOLDER,
    CLUSTER_KIND,
    CLUSTERS,
    CLUSTERS_KIND,
    NIGHTS,
    NIGHTS_KIND,
    OVERVIEW,
    OVERVIEW_KIND,
    Link,
    Site,
    render,
)
from eval.report.plots import nights
from eval.report.shown import letter, page_name, shown_metrics
from eval.report.support import WORDINGS
from eval.report.svg import page_svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from eval.nights.records import Trend
    from eval.report.cluster import ClusterPage
    from eval.report.history import History
    from eval.report.material import Material, Output

_MARK = "report.txt"
_README = "A report of `digest eval compare`: open index.html. It needs no network.\n"


def write_report(output: Path, material: Material) -> Path:
    """Write the report of a comparison and return its first page, `index.html`.

    The folder needs no network and no server. Equal material gives equal bytes. An earlier report
    in its place is replaced when the new one is complete.

    Args:
        output: a folder that is not there, is empty, or holds an earlier report.
        material: the comparison and what it was made from.

    Raises:
        UsageError: the folder holds something else, cannot be written, or rows or examples of the
            comparison are missing.
    """
    output = output.absolute()
    partial = output.with_name(f"{output.name}.partial")
    try:
        for folder in (output, partial):
            _refuse_strangers(folder)
        if partial.exists():
            shutil.rmtree(partial)
        (partial / CLUSTER_FOLDER).mkdir(parents=True)
        (partial / _MARK).write_text(_README, encoding="utf-8")
        for name, text in _Report(material).pages():
            (partial / name).write_text(storable(text), encoding="utf-8", newline="\n")
        if output.exists():
            shutil.rmtree(output)
        partial.rename(output)
    except OSError as error:
        raise UsageError(f"cannot write the report {output}: {error}") from error
    return output / OVERVIEW


def _refuse_strangers(folder: Path) -> None:
    if folder.is_dir() and ((folder / _MARK).exists() or next(folder.iterdir(), None) is None):
        return
    if folder.exists():
        raise UsageError(f"{folder} is there already and no report; name another folder")


class _Report:
    """The pages of one report."""

    def __init__(self, material: Material) -> None:
        self._comparison = overview.ranked(material.comparison)
        self._material = replace(material, comparison=self._comparison)
        names = [system.name for system in self._comparison.systems]
        self._letters = {name: letter(number) for number, name in enumerate(names)}
        self._metrics = shown_metrics(self._comparison)
        self._columns = overview.columns(self._comparison, self._metrics)
        self._site = self._sited()

    def _sited(self) -> Site:
        pages = [Link(OVERVIEW, "Overview"), Link(CLUSTERS, "Clusters")]
        if self._material.trend and self._material.trend.points:
            pages.append(Link(NIGHTS, "Nights"))
        return Site(
            corpus=plain(self._comparison.corpus),
            clusters=len(self._comparison.cluster_ids),
            systems=tuple((mark, plain(name)) for name, mark in self._letters.items()),
            created=moment(self._material.created),
            pages=tuple(pages),
        )

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield each file and its text; pages of clusters in the order of the corpus."""
        outputs = read_outputs(self._material, [metric.name for metric in self._metrics])
        titles: dict[str, str] = {}
        for example in stream_corpus(self._material.corpus):
            if example.id in outputs:
                page = build_cluster(example, outputs[example.id], self._letters, self._metrics)
                titles[example.id] = page.title
                yield self._cluster(example.id, page)
        missing = next((name for name in outputs if name not in titles), None)
        if missing is not None:
            raise UsageError(f"{self._material.corpus} has no example {missing!r}")
        yield CLUSTERS, self._matrix(outputs, titles)
        yield OVERVIEW, self._overview()
        trend = self._material.trend
        if trend and trend.points:
            yield NIGHTS, self._nights(trend)

    def _cluster(self, cluster_id: str, page: ClusterPage) -> tuple[str, str]:
        ids = self._comparison.cluster_ids
        position = self._positions[cluster_id]
        here = f"{CLUSTER_FOLDER}/{page_name(cluster_id)}"
        return here, render(
            CLUSTER_KIND,
            self._site,
            here=here,
            heading=self._heading,
            page=page,
            position=position + 1,
            previous=page_name(ids[position - 1]) if position else None,
            next=page_name(ids[position + 1]) if position + 1 < len(ids) else None,
            wordings=[(shade.value, wording) for shade, wording in WORDINGS.items()],
            signs={shade: wording.sign for shade, wording in WORDINGS.items()},
        )

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._comparison.cluster_ids)}

    @property
    def _heading(self) -> str:
        """Name the report by what is compared, while that is few."""
        names = [name for _, name in self._site.systems]
        baseline = self._comparison.baseline
        if len(names) == 2 and baseline:
            candidate = next(name for name in names if name != plain(baseline))
            return f"{candidate} against {plain(baseline)}"
        return f"{len(names)} systems on {self._site.corpus}"

    def _matrix(self, outputs: Mapping[str, Mapping[str, Output]], titles: dict[str, str]) -> str:
        baseline = self._comparison.baseline or self._comparison.systems[0].name
        rows = [
            matrix_row(name, titles[name], outputs[name], self._columns[0], baseline=baseline)
            for name in outputs
        ]
        systems = self._site.systems
        data = matrix_data(self._comparison, self._columns, list(outputs.values()))
        return render(
            CLUSTERS_KIND,
            self._site,
            here=CLUSTERS,
            heading="Clusters and systems",
            page={
                "rows": rows,
                "columns": self._columns,
                "data": data,
                "reference": " ".join(systems[data["baseline"]]),
            },
        )

    def _overview(self) -> str:
        comparison = self._comparison
        primary = self._metrics[: len(comparison.primary)]
        others = self._metrics[len(comparison.primary) :]
        content = {
            "baseline": comparison.baseline and plain(comparison.baseline),
            "alpha": f"{comparison.alpha:g}".removeprefix("0"),
            "level": f"{100 * (1 - comparison.alpha):g}",
            "pairs": pairwise.pair_lines(comparison),
            "primary": self._columns[: len(primary)],
            "rows": overview.system_rows(comparison, primary, self._letters),
            "squares": pairwise.squares(comparison, primary, self._letters),
            "differences": from_baseline(comparison, primary, self._letters),
            "scatter": copying(comparison, self._letters),
            "others": self._columns[len(primary) :],
            "other_rows": overview.system_rows(comparison, others, self._letters),
            "detail_columns": pairwise.DETAILS,
            "details": pairwise.details(comparison, self._metrics),
            "settings": overview.settings(comparison),
            "signatures": comparison.signatures,
            "notes": tuple(map(plain, comparison.notes)),
        }
        return render(OVERVIEW_KIND, self._site, here=OVERVIEW, heading=self._heading, page=content)

    def _nights(self, trend: Trend) -> str:
        names = configurations(trend)
        letters = {name: letter(number) for number, name in enumerate(names)}
        found = histories(trend, self._metrics[: len(self._comparison.primary)], letters)
        content = {
            "nights": len({point.night for point in trend.points}),
            "configurations": [(letters[name], plain(name)) for name in names],
            "several": len({history.corpus for history in found}) > 1,
            "histories": [
                {"shown": one, "svg": _night_svg(one, number)}
                for number, one in enumerate(found, 1)
            ],
        }
        return render(
            NIGHTS_KIND, self._site, here=NIGHTS, heading="Metrics over nights", page=content
        )


def _night_svg(history: History, number: int) -> str:
    name = f"nights-{number}"
    label = history.metric.heading + (", %" if history.metric.unit else "")
    figure = nights(history.lines, history.nights, history.step_positions, label)
    return page_svg(figure, name=name, labelled_by=name)
