"""Clusters + Facts -> Summaries: call a chain of backends, check the shape of what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import BackendError
from digest.protocols import BatchBackend
from digest.records import Summarized, Task
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.protocols import Backend
    from digest.records import Cluster, Facts, Summary, WritingReport


def summarize(
    cluster: Cluster, facts: Facts, backends: Sequence[Backend], *, max_words: int
) -> Summarized:
    """Return the first acceptable summary of one cluster; see `summarize_all`.

    Raises:
        BackendError: every backend of the chain failed.
    """
    task = Task(cluster=cluster, facts=facts, max_words=max_words)
    ((_, outcome),) = summarize_all([task], backends)
    if isinstance(outcome, BackendError):
        raise outcome
    return outcome


def _anything(summary: Summary, task: Task) -> str | None:  # noqa: ARG001 - the shape of `refuse`
    return None


def summarize_all(
    tasks: Sequence[Task],
    backends: Sequence[Backend],
    *,
    refuse: Callable[[Summary, Task], str | None] = _anything,
) -> Iterator[tuple[int, Summarized | BackendError]]:
    """Yield for each task, with its index, the first acceptable summary of a chain of backends.

    A summary is acceptable when it has sentences, or the cluster has none, keeps the budget, and
    `refuse` has nothing against it. A backend gets all tasks that those before it left over, so
    that it can batch them; outcomes come as soon as they are known, in any order.

    Args:
        tasks: what to write.
        backends: asked in order.
        refuse: returns why a summary will not do, None where it does.
    """
    failures: dict[int, list[str]] = {number: [] for number in range(len(tasks))}
    refused: dict[int, list[WritingReport]] = {number: [] for number in failures}
    for backend in backends:
        left = sorted(failures)
        for place, outcome in _written(backend, [tasks[number] for number in left]):
            number = left[place]
            fault = _fault(outcome, tasks[number], refuse)
            if fault is not None:
                failures[number].append(f"{backend.name}: {fault}")
                refused[number] += _reports(outcome)
            elif not isinstance(outcome, BackendError):
                yield (
                    number,
                    Summarized(
                        summary=outcome,
                        failures=tuple(failures.pop(number)),
                        refused=tuple(refused[number]),
                    ),
                )
    for number, said in failures.items():
        yield (
            number,
            BackendError(
                f"no backend could write cluster {tasks[number].cluster.id}: {'; '.join(said)}; "
                "end summarize.backends with an extractive one (lead)",
                reports=tuple(refused[number]),
            ),
        )


def _written(
    backend: Backend, tasks: Sequence[Task]
) -> Iterator[tuple[int, Summary | BackendError]]:
    if isinstance(backend, BatchBackend):
        yield from backend.summarize_all(tasks)
        return
    for number, task in enumerate(tasks):
        try:
            yield number, backend.summarize(task.cluster, task.facts, max_words=task.max_words)
        except BackendError as error:
            yield number, error


def _reports(outcome: Summary | BackendError) -> tuple[WritingReport, ...]:
    if isinstance(outcome, BackendError):
        return outcome.reports
    return (outcome.report,) if outcome.report else ()


def _fault(
    outcome: Summary | BackendError, task: Task, refuse: Callable[[Summary, Task], str | None]
) -> str | None:
    """Return what makes an outcome unacceptable, None where it is fine."""
    if isinstance(outcome, BackendError):
        return str(outcome)
    words = sum(count_words(sentence.text) for sentence in outcome.sentences)
    if words > task.max_words:
        return f"wrote {words} words, {task.max_words} are allowed"
    lengths = (count_words(s.text) for a in task.cluster.articles for s in a.sentences)
    shortest = min(lengths, default=0)
    if not outcome.sentences and 0 < shortest <= task.max_words:
        return "wrote nothing"
    return refuse(outcome, task)
