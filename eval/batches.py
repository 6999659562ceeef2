"""What a command line names -> Batches for the harness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from digest.store import MANIFEST
from eval.corpora import read_corpus, read_rows, stream_corpus
from eval.errors import NotComparableError
from eval.harness import Batch
from eval.ledger import corpus_sha256, fingerprint
from eval.predictions import stream_predictions
from eval.runs import read_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.records import Example

_SHOWN = 3  # ids named in a remark


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
            source=lasting(corpus),
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
        yield Batch(
            name=name,
            examples=examples,
            predictions=predictions,
            source=lasting(str(folder)),
            references=lasting(references) if references else None,
            remark=_joined(examples) if references else "",
        )


def _joined(examples: Sequence[Example]) -> str:
    """Say how many events have references, and which have none: their ids are those of the run."""
    bare = [example.id for example in examples if not example.references]
    said = f", {len(examples) - len(bare)} with references"
    more = f" and {len(bare) - _SHOWN} more" if len(bare) > _SHOWN else ""
    return f"{said}; none for {', '.join(map(repr, bare[:_SHOWN]))}{more}" if bare else said


def lasting(path_or_name: str) -> str:
    """Return a path that holds in any working directory; the name of a data set as it is."""
    path = Path(path_or_name)
    return str(path.absolute()) if path.exists() else path_or_name


def examples_of(corpus: Mapping[str, Any], *, instead: str | None = None) -> tuple[Example, ...]:
    """Return the examples that a folder of scores was scored with.

    Args:
        corpus: a row of `corpora` in its `summary.json`.
        instead: where the corpus is now.

    Raises:
        UsageError: it cannot be found.
        NotComparableError: it has changed since.
    """
    source = instead or corpus.get("source")
    if source is None:
        raise UsageError(f"nobody kept where the corpus {corpus['name']!r} is: give --corpus")
    if (Path(source) / MANIFEST).exists():
        references = corpus.get("references")
        known = dict(_references(references)) if references else {}
        examples, _ = read_run(Path(source), name="run", references=known)
    else:
        examples = read_corpus(source)
    found = sorted((example.id, fingerprint(example)) for example in examples)
    if corpus_sha256(found) != corpus["sha256"]:
        raise NotComparableError(
            f"{source} has changed since its outputs were scored: other ids, articles or "
            "references; give the corpus of that time as --corpus, or generate anew"
        )
    return examples


def _references(path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for where, row in read_rows(path):
        texts = row.get("references") if isinstance(row, Mapping) else None
        name = row.get("id") if isinstance(row, Mapping) else None
        good = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        if not isinstance(name, str) or not isinstance(texts, list) or not good:
            raise UsageError(f'{where}: a row must be {{"id": "…", "references": ["…"]}}')
        yield name, tuple(texts)
