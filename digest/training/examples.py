"""Corpora -> pairs of ids: through the stages of a run, and into the model as the backend would."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digest.clean import clean
from digest.cluster import cluster
from digest.dedup import dedup
from digest.errors import UsageError
from digest.facts import find_facts
from digest.ingest.corpus import corpus_rows
from digest.records import Article, Dropped, Task
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.backends.neural.generator import Request
    from digest.config import Config
    from digest.ingest.corpus import CorpusRow
    from digest.protocols import Progress
    from digest.records import RawArticle
    from digest.training.trainee import Trainee

# What is counted of a corpus, and how it is said. Rows end in one of the first five.
_SAID: Final = {
    "used": "rows used",
    "unreadable": "rows unreadable",
    "no_article": "rows without a usable article",
    "no_reference": "rows without a reference",
    "no_room": "rows of which no sentence or no reference fits",
    "pairs": "pairs of a cluster and a reference",
    "articles": "articles used",
    "articles_dropped": "articles unfit or repeated",
    "inputs_shortened": "inputs from which sentences were left out",
    "references_shortened": "references shortened to whole sentences",
    "references_lost": "references of which no sentence fits",
}
# Texts that a validation writes, for their lengths: a model on a CPU takes seconds for each.
_WRITTEN: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A cluster and one of its references, as ids. Arrays, since a corpus has 10^8 of them."""

    input_ids: array[int]
    labels: array[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """A corpus as a model reads it.

    `requests` are those of the first clusters, `words` the lengths of their references. `counts`
    has a number for every key of what is counted.
    """

    sha256: str
    pairs: tuple[Pair, ...]
    requests: tuple[Request, ...]
    words: tuple[int, ...]
    counts: dict[str, int]

    @property
    def told(self) -> str:
        """What was used and what was not, in words; what did not happen is left out."""
        return ", ".join(f"{n} {_SAID[name]}" for name, n in self.counts.items() if n)


def read_examples(
    path: Path, trainee: Trainee, config: Config, *, stage: str, progress: Progress
) -> Examples:
    """Return every pair of a cluster and one of its references, in the order of the corpus.

    Args:
        path: a JSONL or Parquet file.
        trainee: the model that is to read them.
        config: how articles are cleaned, repeats found and facts grouped; words of a summary.
        stage: the name under which progress is told.
        progress: told of every row.

    Raises:
        UsageError: the corpus cannot be read, or gives not a single pair.
    """
    reader = _Reader(trainee, config)
    progress.start(stage, 0)
    for row in corpus_rows(path, config.ingest):
        reader.take(row)
        progress.advance(stage)
    counts = {name: reader.counts[name] for name in _SAID}
    examples = Examples(
        sha256=file_sha256(path),
        pairs=tuple(reader.pairs),
        requests=tuple(reader.requests),
        words=tuple(reader.words),
        counts=counts,
    )
    progress.finish(stage, examples.told)
    if not examples.pairs:
        raise UsageError(
            f"{path}: nothing to learn from: {examples.told or 'no rows'}; a row must be"
            ' {"id", "articles": [{"title", "text"}], "references": ["…"]}'
        )
    return examples


def file_sha256(path: Path) -> str:
    """Return the hash of a corpus, as 64 hex digits.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def to_task(articles: Sequence[RawArticle], config: Config) -> tuple[Task | None, int]:
    """Return a cluster as a run has it before a backend is asked, and its number of articles.

    None where cleaning leaves nothing.
    """
    cleaned = [clean(raw, config.clean) for raw in articles]
    deduped = dedup([item for item in cleaned if isinstance(item, Article)], config.dedup)
    if not deduped.kept:
        return None, 0
    given = config.cluster.model_copy(update={"min_size": 1})  # a corpus says what a cluster is
    (found,) = cluster(deduped.kept, given, superseded=deduped.superseded).clusters
    facts = find_facts(found, config.facts)
    task = Task(cluster=found, facts=facts, max_words=config.summarize.max_words)
    return task, len(deduped.kept)


class _Reader:
    """Reads a corpus row by row and counts what becomes of it."""

    def __init__(self, trainee: Trainee, config: Config) -> None:
        self._trainee, self._config = trainee, config
        self.counts: Counter[str] = Counter()
        self.pairs: list[Pair] = []
        self.requests: list[Request] = []
        self.words: list[int] = []

    def take(self, row: CorpusRow | Dropped) -> None:
        """Add a row's pairs; it ends as used, or as one of the losses."""
        if isinstance(row, Dropped):
            self.counts["unreadable"] += 1
        elif not row.references:
            self.counts["no_reference"] += 1
        else:
            self.counts[self._paired(row)] += 1

    def _paired(self, row: CorpusRow) -> str:
        task, used = to_task(row.articles, self._config) if row.articles else (None, 0)
        self.counts["articles"] += used
        self.counts["articles_dropped"] += len(row.articles) + len(row.dropped) - used
        if task is None:
            return "no_article"
        asked = self._trainee.asked(task)
        targets = self._targets(row.references)
        if asked is None or not targets:
            return "no_room"
        request, whole = asked
        self.counts["inputs_shortened"] += not whole
        self.counts["pairs"] += len(targets)
        ids = array("i", self._trainee.read(request))
        self.pairs += [Pair(input_ids=ids, labels=labels) for labels in targets]
        if len(self.requests) < _WRITTEN:
            self.requests.append(request)
            self.words.append(count_words(row.references[0]))
        return "used"

    def _targets(self, references: Sequence[str]) -> list[array[int]]:
        found = [self._trainee.target(reference) for reference in references]
        self.counts["references_lost"] += found.count(None)
        kept = [target for target in found if target is not None]
        self.counts["references_shortened"] += sum(not whole for _, whole in kept)
        return [array("i", ids) for ids, _ in kept]
