"""What a command line names -> Batches for the harness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.corpora import read_rows, stream_corpus
from eval.harness import Batch
from eval.predictions import stream_predictions
from eval.runs import read_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def corpus_batch(predictions: Sequence[str], corpus: str | None) -> list[Batch]:
    """Return the batch of some files of predictions about one corpus; none without files.

    Raises:
        UsageError: predictions without a corpus, or a corpus without predictions.
    """
    if bool(predictions) != bool(corpus):
        missing = "--corpus" if predictions else "--predictions"
        raise UsageError(f"--predictions and --corpus belong together; {missing} is missing")
    if not corpus:
        return []
    return [
        Batch(
            name=Path(corpus).name,
            examples=stream_corpus(corpus),
            predictions=chain.from_iterable(map(stream_predictions, predictions)),
        )
    ]


def run_batches(folders: Sequence[Path], references: str | None) -> Iterator[Batch]:
    """Yield a batch per run folder, each called by its name, or its path where names repeat.

    Raises:
        UsageError: a folder is no finished run, or the references cannot be read.
    """
    known = dict(_references(references)) if references else {}
    counted = Counter(folder.name for folder in folders)
    for folder in folders:
        name = folder.name if counted[folder.name] == 1 and folder.name else str(folder)
        examples, predictions = read_run(folder, name=name, references=known)
        yield Batch(name=name, examples=examples, predictions=predictions)


def _references(path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for where, row in read_rows(path):
        texts = row.get("references") if isinstance(row, Mapping) else None
        name = row.get("id") if isinstance(row, Mapping) else None
        good = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        if not isinstance(name, str) or not isinstance(texts, list) or not good:
            raise UsageError(f'{where}: a row must be {{"id": "…", "references": ["…"]}}')
        yield name, tuple(texts)
