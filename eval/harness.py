"""Score outputs: predictions and corpora in, a folder of scores out.

Outputs are scored in processes, a corpus row at a time, so that memory does not grow with the
corpus; what is scored is in the ledger at once, so that a killed scoring goes on where it was.
"""

from __future__ import annotations

import json
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeAlias

from digest.errors import DigestError, UsageError
from eval.families import build_suite
from eval.ledger import fingerprint
from eval.records import Case
from eval.store import ScoreFolder
from eval.summary import summarize_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from digest.protocols import Progress
    from eval.ledger import Ledger
    from eval.records import Example, Prediction
    from eval.suite import Options

# A process takes half a second to start: below so many outputs for each, one does it faster.
_OUTPUTS_PER_PROCESS = 50
# Tasks that wait for a process, so that none idles while the corpus is read.
_AHEAD = 3

_Keyed: TypeAlias = "tuple[str, Case]"
_Done: TypeAlias = "list[tuple[str, str]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A corpus and what systems wrote about it. Both are read once, in any order.

    `source` is what the examples can be read from again, a corpus or a run folder; `references` the
    file that the references of a run folder came from. `remark` is told behind their count.
    """

    name: str
    examples: Iterable[Example]
    predictions: Iterable[Prediction]
    source: str | None = None
    references: str | None = None
    remark: str = ""


def score(
    batches: Iterable[Batch],
    options: Options,
    *,
    output: Path,
    processes: int | None = None,
    progress: Progress,
) -> dict[str, Any]:
    """Score every output of every batch and return the summary, which is also written.

    `output` gets `scores.jsonl`, `summary.json` and, last, `manifest.json`. An example for which a
    run has no output is scored as an empty one and counted as missing.

    Args:
        batches: run names must differ between batches that share example ids.
        options: the choices behind the numbers.
        output: a folder; an earlier folder of scores is replaced when this one is finished.
        processes: None for as many as there are cores, fewer for few outputs.
        progress: told of each output.

    Raises:
        UsageError: inputs cannot be read, or do not belong together; the folder cannot be used.
        DigestError: a scoring process died.
    """
    suite = build_suite(options)
    folder = ScoreFolder(output)
    corpora: list[dict[str, Any]] = []
    with folder.open() as ledger:
        for number, batch in enumerate(batches):
            with ledger.together():
                for prediction in batch.predictions:
                    ledger.add_prediction(prediction, corpus=number)
            outputs = ledger.count(number)
            progress.start(batch.name, outputs)
            tasks = _tasks(ledger, batch, number, suite.sha256)
            count = processes or _process_count(options, outputs)
            for done in _scored(tasks, options, count):
                for key, row in done:
                    ledger.add_row(key, row)
                    progress.advance(batch.name)
            corpora.append(_corpus(ledger, batch, number))
            progress.finish(batch.name, f"{corpora[-1]['examples']} examples{batch.remark}")
        rows = (json.loads(row) for row in ledger.rows())
        summary = {
            "schema_version": 1,
            "signatures": suite.signatures,
            "corpora": corpora,
            "runs": summarize_rows(rows),
        }
        folder.publish(ledger.rows(), summary, options)
    return summary


def _corpus(ledger: Ledger, batch: Batch, number: int) -> dict[str, Any]:
    strays = ledger.strays(number)
    if strays:
        raise UsageError(
            f"{batch.name} has no example for {', '.join(map(repr, strays))}: the predictions are "
            "of another corpus, or ids differ"
        )
    return {
        "name": batch.name,
        "source": batch.source,
        "references": batch.references,
        "examples": ledger.examples(number),
        "sha256": ledger.corpus_sha256(number),
        "runs": ledger.runs(number),
    }


def _tasks(ledger: Ledger, batch: Batch, number: int, suite_sha256: str) -> Iterator[list[_Keyed]]:
    """Yield the cases of each example that are not scored yet, with the keys of their rows.

    All outputs for one example go to one process, which prepares sources and references once.
    """
    runs = ledger.runs(number)
    for example in batch.examples:
        content = fingerprint(example)
        predictions = ledger.predictions(example, content, corpus=number)
        cases = [Case(example=example, run=run, prediction=predictions.get(run)) for run in runs]
        keyed = [
            (f"{suite_sha256}-{content}-{case.run}-{fingerprint(case.prediction)}", case)
            for case in cases
        ]
        task = [pair for pair in keyed if not ledger.expect(pair[1], pair[0])]
        if task:
            yield task


def _process_count(options: Options, outputs: int) -> int:
    """Return how many processes are worth it; one where a model is loaded, which has threads."""
    if options.nli or options.encoder:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, outputs // _OUTPUTS_PER_PROCESS))


def _scored(tasks: Iterable[list[_Keyed]], options: Options, processes: int) -> Iterator[_Done]:
    """Yield the rows of all tasks in their order, a few tasks ahead of what is taken.

    Raises:
        DigestError: a process died.
    """
    if processes == 1:
        yield from (score_cases(task, options) for task in tasks)
        return
    waiting: deque[Future[_Done]] = deque()
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            for task in tasks:
                waiting.append(pool.submit(score_cases, task, options))
                if len(waiting) > _AHEAD * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise DigestError(
            "a scoring process was killed, most likely for memory; what is scored is kept, so run "
            "the command again, with --processes 1 if it happens twice"
        ) from error


def score_cases(task: list[_Keyed], options: Options) -> _Done:
    """Return the rows of some cases as JSON, each with its key."""
    suite = _suite(options)
    return [(key, json.dumps(suite.row(case), ensure_ascii=False)) for key, case in task]


_suite = cache(build_suite)
