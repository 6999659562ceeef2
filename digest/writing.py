"""What a run says of its writers: who wrote what, with which settings, and what it took."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.records import Summarized, WritingReport

_SUMS = (
    "calls cached failed retries input_tokens output_tokens cached_input_tokens"
    " cached_output_tokens"
).split()


def reports_of(written: Summarized) -> tuple[WritingReport, ...]:
    """Return the reports of all models asked for a summary, the one that wrote it last."""
    last = written.summary.report
    return (*written.refused, *((last,) if last else ()))


def tokens_made(written: Summarized) -> int:
    """Return how many tokens models made for a summary, those of the cache left out."""
    return sum(report.output_tokens for report in reports_of(written))


def told(written: Sequence[Summarized], *, tokens: int, seconds: float) -> str:
    """Return in a line how the writing went: how many, by whom, how fast, and what went wrong.

    Args:
        written: all summaries, those of a resumed run included.
        tokens: what models made just now.
        seconds: what that took.
    """
    done = sum(bool(item.summary.sentences) for item in written)
    parts = [f"{done} written{_by_whom(written)}", *warnings(written)]
    if tokens:
        parts[0] += f", {tokens / seconds:.1f} tokens/s"
    return "; ".join(parts)


def _by_whom(written: Sequence[Summarized]) -> str:
    """Return who wrote, and the first thing a backend of the chain failed by; "" where none did."""
    failures = [failure for item in written for failure in item.failures]
    if not failures:
        return ""
    wrote = Counter(item.summary.backend for item in written)
    names = ", ".join(f"{name} {count}" for name, count in sorted(wrote.items()))
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    return f" ({names}); failed: {failures[0]}{more}"


def warnings(written: Iterable[Summarized]) -> list[str]:
    """Return what went wrong and cost no text: caches that keep nothing, each named once."""
    said = (report.unkept for item in written for report in reports_of(item))
    return list(dict.fromkeys(text for text in said if text))


def writing(written: Sequence[Summarized]) -> dict[str, Any]:
    """Return the manifest's section on writing.

    `generation` has the effective settings of each model that was asked, under the hash by which
    the reports name them. Tokens are what was spent in this run; what came from the cache was spent
    before and has sums of its own. Failed calls count.
    """
    reports = [report for item in written for report in reports_of(item)]
    costs = [report.cost for report in reports if report.cost is not None]
    return {
        "clusters": [
            {
                "id": item.summary.cluster_id,
                "backend": item.summary.backend,
                "failures": item.failures,
                "report": _shown(item.summary.report) if item.summary.report else None,
                "refused": [_shown(report) for report in item.refused],
            }
            for item in written
        ],
        "backends": Counter(item.summary.backend for item in written),
        "generation": {
            _sha256(settings): json.loads(settings)
            for settings in sorted({report.generation for report in reports})
        },
        **{name: sum(getattr(report, name) for report in reports) for name in _SUMS},
        "estimated": any(report.estimated for report in reports),
        "cost": sum(costs) if costs else None,
        "warnings": warnings(written),
    }


def _shown(report: WritingReport) -> dict[str, Any]:
    shown = asdict(report)
    return {
        "model": shown.pop("model"),
        "revision": shown.pop("revision"),
        "generation_sha256": _sha256(shown.pop("generation")),
        **shown,
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
