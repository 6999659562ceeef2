"""What the page of a cluster shows: every output beside its sources, and each pair of outputs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from digest.render.words import plain, printable
from eval.records import OutputState
from eval.report.marks import marked_lines
from eval.report.pairs import change, word_changes
from eval.report.sources import SourceList
from eval.report.support import UNSUPPORTED, shade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.records import Example
    from eval.report.marks import Piece
    from eval.report.material import Output
    from eval.report.pairs import Change, Named
    from eval.report.shown import Metric
    from eval.report.sources import ShownSource

_BEGINNING = 8  # words
_STATES = {
    OutputState.EMPTY: "wrote nothing",
    OutputState.FAILED: "failed",
    OutputState.MISSING: "no output handed in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOutput:
    """One output. `state` is None where something was written, else why there is nothing."""

    letter: str
    name: str
    state: str | None
    lines: tuple[tuple[Piece, ...], ...]
    words: int
    unsupported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """A metric of one cluster: a figure per system, in their order."""

    metric: Metric
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPage:
    """A page. `pairs` is what the script needs to compare any two systems."""

    id: str
    title: str
    outputs: tuple[ShownOutput, ...]
    sources: tuple[ShownSource, ...]
    references: tuple[tuple[str, ...], ...]
    scores: tuple[ScoreRow, ...]
    pairs: Mapping[str, Any]


def build_cluster(
    example: Example,
    outputs: Mapping[str, Output],
    letters: Mapping[str, str],
    metrics: Sequence[Metric],
) -> ClusterPage:
    """Return what the page of one cluster shows.

    Args:
        example: its articles and references.
        outputs: by system, in the order of `letters`.
        letters: system -> the letter that stands for it.
        metrics: those to print.
    """
    sources = SourceList(
        example,
        (
            (letters[name], verdict.evidence)
            for name, output in outputs.items()
            for verdict in output.verdicts
            if verdict.evidence is not None
        ),
    )
    return ClusterPage(
        id=plain(example.id),
        title=_title(example),
        outputs=tuple(
            _shown(letters[name], name, output, sources) for name, output in outputs.items()
        ),
        sources=sources.shown(),
        references=tuple(
            tuple(filter(None, map(plain, reference.split("\n"))))
            for reference in example.references
        ),
        scores=tuple(
            ScoreRow(
                metric=metric,
                figures=tuple(
                    metric.figure(output.metrics.get(metric.name)) for output in outputs.values()
                ),
            )
            for metric in metrics
        ),
        pairs=_pairs(outputs, letters),
    )


def _title(example: Example) -> str:
    """Return the first title of the articles, else how the first of them begins."""
    titles = (plain(article.title or "") for article in example.articles)
    begins = (" ".join(plain(a.text).split()[:_BEGINNING]) + " …" for a in example.articles)
    return next(filter(None, titles), "") or next(begins, "")


def _shown(letter: str, name: str, output: Output, sources: SourceList) -> ShownOutput:
    state = _STATES.get(output.state)
    if state is not None and output.failure:
        state = f"{state}: {plain(output.failure)}"
    return ShownOutput(
        letter=letter,
        name=name,
        state=state,
        lines=marked_lines(output.text, output.verdicts, sources),
        words=len(output.text.split()),
        unsupported=sum(shade(verdict) in UNSUPPORTED for verdict in output.verdicts),
    )


def _pairs(outputs: Mapping[str, Output], letters: Mapping[str, str]) -> dict[str, Any]:
    words = {name: printable(output.text).split() for name, output in outputs.items()}
    return {
        "words": {letters[name]: text for name, text in words.items()},
        "pairs": {
            letters[a] + letters[b]: {
                "same": outputs[a].text == outputs[b].text,
                "words": [n for step in word_changes(words[a], words[b]) for n in step],
                **_plain_change(change(outputs[a].verdicts, outputs[b].verdicts)),
            }
            for a, b in combinations(outputs, 2)
        },
    }


def _plain_change(found: Change) -> dict[str, Any]:
    return {
        "gained": list(map(_plain_named, found.gained)),
        "invented": list(map(_plain_named, found.invented)),
        "lost": list(map(_plain_named, found.lost)),
        "dropped": list(map(_plain_named, found.dropped)),
        "weakened": [[_plain_named(a), _plain_named(b)] for a, b in found.weakened],
        "mended": [[_plain_named(a), _plain_named(b)] for a, b in found.mended],
    }


def _plain_named(named: Named) -> tuple[str, int, str]:
    return plain(named.text), named.mention, named.shade.value
