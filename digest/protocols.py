"""What a part must be able to do to be plugged in: one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from digest.records import Cluster, Facts, Summary


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
