"""Examples -> Predictions: each example is one given cluster, sent through every stage.

A prediction is the text of the published sentences, one per line: what rougeLsum needs. Headlines,
citations and conflicts are no part of it, so that systems which only write text compare.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from digest.backends import build_backend
from digest.cite import cite
from digest.clean import clean
from digest.cluster import cluster
from digest.config import parse_config
from digest.dedup import dedup
from digest.errors import BackendError
from digest.facts import find_facts
from digest.merge import merge
from digest.pipeline import too_much_withheld
from digest.records import Article, RawArticle, Task
from digest.summarize import summarize_all
from digest.verify import verify
from eval.records import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.config import Config
    from digest.dedup import Deduped
    from digest.protocols import Backend
    from digest.records import Briefing, Summarized, Summary
    from eval.records import Example

_TOGETHER = 16


def predict(
    config: Config,
    examples: Iterable[Example],
    *,
    max_words: int | None = None,
    run: str | None = None,
) -> Iterator[Prediction]:
    """Yield one prediction per example, in order; a few examples are written together.

    An example that fails, or of which nothing can be published, gives "" and says why in
    `failure`: missing outputs are scored, never skipped.

    Args:
        config: the effective configuration.
        examples: what to write about.
        max_words: in place of `config.summarize.max_words`.
        run: the system's name in the output; the configuration's hash where none is given.

    Raises:
        ConfigError: `max_words` is out of range.
    """
    if max_words is not None:
        config = _with_budget(config, max_words)
    name = run or config.sha256[:12]
    backends = [build_backend(backend, seed=config.seed) for backend in config.summarize.backends]
    for some in _batches(examples):
        for example, text, failure in _written(config, some, backends):
            why = failure or (None if text else "nothing was fit to publish")
            yield Prediction(id=example.id, prediction=text, run=name, failure=why)


def briefing_text(briefing: Briefing) -> str:
    """Return the published sentences of a briefing, one per line."""
    return "\n".join(
        " ".join(sentence.text.split())
        for section in briefing.sections
        for sentence in section.sentences
    )


def raw_articles(example: Example) -> list[RawArticle]:
    """Return an example's articles as input for `digest.clean`, all in one given cluster.

    Ids that repeat inside the example get a number: citations must lead to one article.
    """
    counted: dict[str, int] = {}
    found: list[RawArticle] = []
    for row in example.articles:
        counted[row.id] = counted.get(row.id, 0) + 1
        name = row.id if counted[row.id] == 1 else f"{row.id}#{counted[row.id]}"
        found.append(
            RawArticle(
                id=name,
                source=f"{example.id}/{name}",
                text=row.text,
                sha256=hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest(),
                title=row.title,
                publisher=row.publisher,
                url=row.url,
                published=row.published,
                cluster=example.id,
            )
        )
    return found


def _with_budget(config: Config, max_words: int) -> Config:
    data = config.model_dump(mode="json")
    data["summarize"]["max_words"] = max_words
    return parse_config(data, where="--max-words")


def _batches(examples: Iterable[Example]) -> Iterator[list[Example]]:
    """Yield examples a few at a time: enough for a model's batches, few enough for memory."""
    remaining = iter(examples)
    while some := list(islice(remaining, _TOGETHER)):
        yield some


@dataclass(slots=True)
class _Job:
    """An example on its way: its clusters' tasks, or why there are none."""

    example: Example
    deduped: Deduped | None = None
    tasks: list[Task] = field(default_factory=list)
    written: list[Summary] = field(default_factory=list)
    failure: str | None = None

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Keep what goes wrong inside: one example must not cost the others; it is told."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - as the docstring says
            self.failure = f"{type(error).__name__}: {error}"


def _written(
    config: Config, examples: Sequence[Example], backends: Sequence[Backend]
) -> Iterator[tuple[Example, str, str | None]]:
    jobs = [_Job(example=example) for example in examples]
    for job in jobs:
        with job.guarded():
            _prepare(job, config)
    asked = [(job, task) for job in jobs if job.failure is None for task in job.tasks]
    outcomes = _outcomes(config, [task for _, task in asked], backends)
    for (job, _), outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, Exception):
            job.failure = f"{type(outcome).__name__}: {outcome}"
        else:
            job.written.append(outcome.summary)
    for job in jobs:
        text = ""
        if job.failure is None:
            with job.guarded():
                text = briefing_text(_briefing(job, config))
        yield job.example, text, job.failure


def _outcomes(
    config: Config, tasks: Sequence[Task], backends: Sequence[Backend]
) -> list[Summarized | Exception]:
    """Return the outcome of each task; what a backend's bug leaves open has that bug as outcome."""
    found: dict[int, Summarized | Exception] = {}
    crash: Exception = BackendError("the backend gave no outcome")
    try:
        found.update(summarize_all(tasks, backends, refuse=too_much_withheld(config)))
    except Exception as error:  # noqa: BLE001 - told as the failure of what is left
        crash = error
    return [found.get(number, crash) for number in range(len(tasks))]


def _prepare(job: _Job, config: Config) -> None:
    cleaned = [clean(raw, config.clean) for raw in raw_articles(job.example)]
    job.deduped = dedup([item for item in cleaned if isinstance(item, Article)], config.dedup)
    found = cluster(job.deduped.kept, config.cluster, superseded=job.deduped.superseded)
    for one in found.clusters:
        facts = find_facts(one, config.facts)
        job.tasks.append(Task(cluster=one, facts=facts, max_words=config.summarize.max_words))


def _briefing(job: _Job, config: Config) -> Briefing:
    sections = [
        cite(summary, task.cluster, task.facts)
        for summary, task in zip(job.written, job.tasks, strict=True)
    ]
    kept = len(job.deduped.kept) if job.deduped else 0
    return verify(
        merge(sections, config.merge),
        config.verify,
        title=config.render.title,
        created="",  # the clock is no part of a prediction
        articles_read=len(job.example.articles),
        articles_dropped=len(job.example.articles) - kept,
    ).briefing
