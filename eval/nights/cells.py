"""One configuration on one corpus: generated, generated again, scored; goes on where it stopped."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.codec import decode, encode
from digest.config import load_config
from digest.store import write_atomically
from eval.comparing.entrants import read_entrants
from eval.comparing.systems import counted
from eval.corpora import read_corpus
from eval.families import build_suite
from eval.harness import Batch, score
from eval.ledger import corpus_sha256, fingerprint
from eval.nights.facts import facts_of
from eval.nights.locking import held
from eval.nights.records import CellResult, Level, Noise
from eval.outputs import write_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.config import Config
    from digest.protocols import Progress
    from eval.comparing.entrants import Entrant
    from eval.comparing.records import Counted
    from eval.nights.records import Fact
    from eval.records import Example, Prediction
    from eval.suite import Options

RESULT = "cell.json"
SCORES = "scores"
_IDENTITY = "identity.jsonl"
_PATIENCE_S = 20  # for the orphan of a killed night, which ends by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class CellJob:
    """What a cell needs; it is sent to a process of its own."""

    name: str
    folder: Path
    configuration: Path
    corpus: str
    run: str
    max_words: int | None
    reruns: int
    options: Options


def finished(folder: Path) -> CellResult | None:
    """Return what a cell measured, None where it is not finished."""
    path = folder / RESULT
    return decode(CellResult, path.read_text(encoding="utf-8")) if path.exists() else None


def run_cell(job: CellJob, progress: Progress) -> CellResult:
    """Run a cell and return what it measured; what an earlier try has written is used again.

    Raises:
        DigestError: a configuration or corpus cannot be used, or somebody else runs this cell.
    """
    with held(job.folder.with_name(f".{job.folder.name}.lock"), what=job.name, wait_s=_PATIENCE_S):
        found = finished(job.folder)
        if found is not None:
            return found
        overrides = () if job.max_words is None else (f"summarize.max_words={job.max_words}",)
        config = load_config(job.configuration, overrides)
        examples = read_corpus(job.corpus)
        facts = facts_of(
            config,
            corpus_sha256=corpus_sha256(sorted((e.id, fingerprint(e)) for e in examples)),
            signatures=build_suite(job.options).signatures,
        )
        _begin(job.folder, facts)
        result = _measured(job, config, examples, facts, progress)
        write_atomically(job.folder / RESULT, encode(result) + "\n")
        return result


def _begin(folder: Path, facts: Sequence[Fact]) -> None:
    """Keep what a stopped try has written only where it was about the same things."""
    identity = folder / _IDENTITY
    text = "".join(f"{encode(fact)}\n" for fact in facts)
    if folder.exists() and not (identity.exists() and identity.read_text("utf-8") == text):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(identity, text)


def _measured(
    job: CellJob,
    config: Config,
    examples: Sequence[Example],
    facts: tuple[Fact, ...],
    progress: Progress,
) -> CellResult:
    written = write_outputs(
        config, examples, job.folder / "predictions.jsonl", run=job.run, progress=progress
    )
    entrant = _scored(job, examples, written, job.folder / SCORES, progress)
    levels = _levels(entrant)
    others = [levels]
    for number in range(1, job.reruns + 1):
        path = job.folder / f"rerun-{number}.jsonl"
        again = write_outputs(_afresh(config), examples, path, run=job.run, progress=progress)
        if again == written:
            others.append(levels)
        else:
            folder = job.folder / f"rerun-{number}"
            others.append(_levels(_scored(job, examples, again, folder, progress)))
    return CellResult(
        outputs_sha256=entrant.outputs_sha256,
        n=len(entrant.outputs),
        states=_states(entrant),
        levels=levels,
        noise=_noise(others),
        facts=facts,
    )


def _afresh(config: Config) -> Config:
    """Return a configuration that takes nothing from the cache of generations."""
    backends = tuple(
        backend.model_copy(update={"cache": False}) if hasattr(backend, "cache") else backend
        for backend in config.summarize.backends
    )
    summarize = config.summarize.model_copy(update={"backends": backends})
    return config.model_copy(update={"summarize": summarize})


def _scored(
    job: CellJob,
    examples: Sequence[Example],
    written: Sequence[Prediction],
    output: Path,
    progress: Progress,
) -> Entrant:
    name = Path(job.corpus).name
    batch = Batch(name=name, examples=examples, predictions=written, source=job.corpus)
    # One process: a cell has no children that could outlive it.
    score([batch], job.options, output=output, processes=1, progress=progress)
    return read_entrants(output)[0]


def _levels(entrant: Entrant) -> tuple[Level, ...]:
    names = dict.fromkeys(name for o in entrant.outputs.values() for name in o.values)
    return tuple(_level(name, entrant) for name in names)


def _level(metric: str, entrant: Entrant) -> Level:
    found = [o.values[metric].value for o in entrant.outputs.values() if metric in o.values]
    values = [value for value in found if value is not None]
    n = len(values)
    mean = sum(values) / n if n else None
    spread = sum((value - (mean or 0.0)) ** 2 for value in values)
    return Level(metric=metric, mean=mean, sd=(spread / (n - 1)) ** 0.5 if n > 1 else None, n=n)


def _states(entrant: Entrant) -> tuple[Counted, ...]:
    return counted(output.state.value for output in entrant.outputs.values())


def _noise(runs: Sequence[Sequence[Level]]) -> tuple[Noise, ...]:
    """Return how far each metric's mean moved between identical runs; nothing from one run."""
    if len(runs) < 2:
        return ()
    means: dict[str, list[float]] = {}
    for levels in runs:
        for level in levels:
            if level.mean is not None:
                means.setdefault(level.metric, []).append(level.mean)
    return tuple(
        Noise(metric=name, difference=max(found) - min(found), runs=len(found))
        for name, found in means.items()
    )
