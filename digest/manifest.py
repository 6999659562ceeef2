"""What a run leaves about itself: configuration, inputs, versions, timings, counts."""

from __future__ import annotations

import platform
import time
from collections import Counter
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, TypeVar

from digest.backends.embedded.weights import embedded_weights
from digest.text.sentences import SPLITTER
from digest.writing import writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.config import Config
    from digest.protocols import Progress
    from digest.records import Article, Summarized, Verdict

T = TypeVar("T")

_LIBRARIES = (
    "digest datasketch ftfy numpy pysbd py3langid rapidfuzz scikit-learn scipy snowballstemmer "
    "torch trafilatura transformers"
).split()


class SilentProgress:
    """Tells nobody."""

    def start(self, stage: str, total: int) -> None:
        """Ignore the start of a stage."""

    def advance(self, stage: str) -> None:
        """Ignore a step."""

    def finish(self, stage: str, note: str) -> None:
        """Ignore the end of a stage."""


class Step:
    """One running stage."""

    def __init__(self, name: str, progress: Progress) -> None:
        """Begin; `progress` is told of each step."""
        self._name, self._progress, self.said = name, progress, ""

    def done(self, item: T) -> T:
        """Count one step and hand back what it made."""
        self._progress.advance(self._name)
        return item

    def note(self, text: str) -> None:
        """Say in a few words what came out."""
        self.said = text


class Tally:
    """Seconds and results of the stages of one run, in order."""

    def __init__(self, progress: Progress) -> None:
        """Begin with no stages."""
        self._progress = progress
        self.stages: list[dict[str, Any]] = []

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Step]:
        """Time a stage and report it, however it ends."""
        step = Step(name, self._progress)
        self._progress.start(name, total)
        began = time.perf_counter()
        try:
            yield step
        finally:
            seconds = round(time.perf_counter() - began, 4)
            self.stages.append({"stage": name, "seconds": seconds, "result": step.said})
            self._progress.finish(name, step.said)


def build_manifest(
    config: Config,
    header: dict[str, Any],
    verdicts: Sequence[Verdict],
    written: Sequence[Summarized],
    articles: Sequence[Article],
    tally: Tally,
) -> dict[str, Any]:
    """Return the manifest. All but clock, run id and seconds depend on inputs and config alone."""
    guard = Counter(v.action.value if v.action else "withheld" for v in verdicts)
    reasons = Counter(v.reason.value for v in verdicts if v.reason)
    return {
        "schema_version": 1,
        "run_id": header["run_id"],
        "created": header["created"],
        "config": config.model_dump(mode="json"),
        "config_sha256": config.sha256,
        "seed": config.seed,
        "backends": [backend.kind for backend in config.summarize.backends],
        "embedded_models": embedded_weights(config),
        "inputs": {article.id: article.sha256 for article in articles},
        "writing": writing(written),
        "guard": {"mode": config.verify.mode, "actions": guard, "reasons": reasons},
        "stages": tally.stages,
        "splitter": SPLITTER,
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
