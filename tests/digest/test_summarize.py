from __future__ import annotations

from dataclasses import dataclass

import pytest

from digest.backends import build_backend
from digest.config import FactsConfig, LeadConfig, ScriptedConfig
from digest.errors import BackendError
from digest.facts import find_facts
from digest.records import Cluster, Facts, Summarized, Summary, SummarySentence
from digest.summarize import summarize
from tests.digest.building import article, cluster_of

TEXT = "The Tamrin dam flooded the village of Beldan on Saturday."
CLUSTER = cluster_of(article("a", TEXT))
FACTS = find_facts(CLUSTER, FactsConfig())
LEAD = build_backend(LeadConfig(kind="lead"))
BROKEN = build_backend(ScriptedConfig(kind="scripted", fail=True))
MUTE = build_backend(ScriptedConfig(kind="scripted"))


@dataclass(frozen=True)
class Verbose:
    """Ignores the budget, as models do."""

    name: str = "verbose"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        assert facts.cluster_id == cluster.id
        text = "word " * (max_words + 1)
        return Summary(
            cluster_id=cluster.id,
            backend=self.name,
            headline="",
            sentences=(SummarySentence(text=text),),
        )


def test_the_first_good_answer_counts() -> None:
    done = summarize(CLUSTER, FACTS, [LEAD, BROKEN], max_words=50)
    assert isinstance(done, Summarized)
    assert (done.summary.backend, done.failures) == ("lead", ())
    assert [s.text for s in done.summary.sentences] == [TEXT]


def test_failures_fall_down_the_chain_and_are_told() -> None:
    done = summarize(CLUSTER, FACTS, [BROKEN, Verbose(), MUTE, LEAD], max_words=50)
    assert done.summary.backend == "lead"
    assert done.failures == (
        "scripted: scripted backend fails for event, as configured",
        "verbose: wrote 51 words, 50 are allowed",
        "scripted: wrote nothing",
    )


def test_a_chain_that_fails_says_how_to_mend_it() -> None:
    with pytest.raises(BackendError, match=r"event: .*; scripted: wrote nothing; end summarize"):
        summarize(CLUSTER, FACTS, [BROKEN, MUTE], max_words=50)


def test_nothing_may_be_written_of_nothing() -> None:
    empty = Cluster(id="none", articles=(), independent=())
    facts = Facts(cluster_id="none", facts=(), entities=(), conflicts=())
    assert summarize(empty, facts, [MUTE], max_words=50).summary.sentences == ()


def test_nothing_may_be_written_where_nothing_fits() -> None:
    assert summarize(CLUSTER, FACTS, [LEAD], max_words=3).summary.sentences == ()
