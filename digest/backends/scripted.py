"""The test double: prepared sentences. It obeys the same contract as the real backends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import BackendError
from digest.records import Summary, SummarySentence
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from digest.config import ScriptedConfig
    from digest.records import Cluster, Facts


@dataclass(frozen=True, slots=True)
class ScriptedBackend:
    """Answers with what the configuration holds for a cluster, or fails when told to."""

    config: ScriptedConfig

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "scripted"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:  # noqa: ARG002 - the script knows the facts
        """Return the scripted sentences that fit the budget.

        Raises:
            BackendError: the configuration says `fail: true`.
        """
        if self.config.fail:
            raise BackendError(f"scripted backend fails for {cluster.id}, as configured")
        room = max_words
        kept: list[SummarySentence] = []
        for text in self.config.sentences.get(cluster.id, ()) if cluster.articles else ():
            if count_words(text) <= room:
                room -= count_words(text)
                kept.append(SummarySentence(text=text))
        title = next((article.title for article in cluster.articles if article.title), "")
        return Summary(
            cluster_id=cluster.id, backend=self.name, headline=title, sentences=tuple(kept)
        )
