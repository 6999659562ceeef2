"""What a part must be able to do to be plugged in: one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.errors import BackendError
    from digest.records import Cluster, Facts, Summary, Task


T = TypeVar("T")


class Backend(Protocol):
    """Writes one cluster's summary."""

    @property
    def name(self) -> str:
        """The name used in configurations and manifests."""
        ...

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        """Return a summary of at most `max_words` whitespace-separated words, in whole sentences.

        An empty cluster gives a summary without sentences.

        Raises:
            BackendError: nothing could be written for this cluster.
        """
        ...


@runtime_checkable
class BatchBackend(Backend, Protocol):
    """A backend that is faster on many clusters at once."""

    def summarize_all(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Summary | BackendError]]:
        """Yield the outcome of every task, with its index, as soon as it is known, in any order.

        One task's failure is its outcome and costs no other. Alone or together, a task has the
        same outcome.
        """
        ...


class Progress(Protocol):
    """Told what a run is doing. The console shows it; a library caller may ignore it."""

    def start(self, stage: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        ...

    def advance(self, stage: str) -> None:
        """One step of a stage is done."""
        ...

    def finish(self, stage: str, note: str) -> None:
        """End a stage; `note` says in a few words what came out."""
        ...


class Desk(Protocol):
    """Keeps what the stages of a run have made, so that a run can go on where it was stopped."""

    def put(self, name: str, text: str) -> None:
        """Keep a finished stage's text under a name."""
        ...

    def find(self, name: str) -> str | None:
        """Return what is kept under a name, None where nothing is."""
        ...

    def keep(
        self,
        name: str,
        compute: Callable[[], T],
        dump: Callable[[T], str],
        load: Callable[[str], T],
    ) -> T:
        """Return what is kept under a name, computing and keeping it where nothing is."""
        ...

    def append(self, name: str, record: object) -> None:
        """Keep one more record under a name."""
        ...

    def appended(self, name: str, record: type[T]) -> list[T]:
        """Return the records appended under a name, in order."""
        ...
