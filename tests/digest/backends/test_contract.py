"""What every backend owes its caller, whichever it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.backends import build_backend
from digest.codec import dump_records
from digest.config import FactsConfig, FusionConfig, LeadConfig, LexRankConfig, ScriptedConfig
from digest.errors import BackendError
from digest.facts import find_facts
from digest.records import Cluster, Facts, Summary
from digest.text.sentences import count_words
from digest.text.words import common_words
from tests.digest.building import article, cluster_of

if TYPE_CHECKING:
    from digest.config import BackendConfig
    from digest.records import Article

BACKENDS = ("lead", "lexrank", "fusion", "scripted")
COPYING = ("lead", "lexrank")

_SUBJECTS = (
    "Mayor Ada Brandt|The harbour ferry Sea Lantern|Farmers from Upper Sarn|The Lisk Water Board|"
    "Dockworkers in Port Oran|Zoë Müller-Ødegård|Fire crews|A court in Velm"
).split("|")
_VERBS = "opened|repaired|criticised|inspected|closed|measured|paid for|visited".split("|")
_OBJECTS = (
    "the northern bridge near berth 4|a school with 312 pupils|the flooded market hall|"
    "nine pumps at the river mouth|the ticket office of the museum|two warehouses full of grain|"
    "the new tram depot|an unfinished hospital wing"
).split("|")
_ENDS = (
    "on Monday after weeks of delay.|before the council met on 12 May.|while heavy rain fell.|"
    "at a cost of $3.5 million.|without a permit from the district.|for the first time since 2019."
).split("|")
SENTENCES = [
    f"{subject} {_VERBS[(i + j) % 8]} {thing} {_ENDS[(i * 3 + j) % 6]}"
    for i, subject in enumerate(_SUBJECTS)
    for j, thing in enumerate(_OBJECTS)
]
# Sentences that share no content, as the only way to be sure that none repeats another.
_NOUNS = [word for word in sorted(common_words()) if 5 <= len(word) <= 9 and word.isalpha()][::23]
DISTINCT = [
    f"The {a} {b} and the {c} {d} were with the {e} {f} of the {g} there."
    for a, b, c, d, e, f, g in zip(*(_NOUNS[k:350:7] for k in range(7)), strict=True)
]


def config_of(kind: str, cluster: Cluster) -> BackendConfig:
    match kind:
        case "lead":
            return LeadConfig(kind="lead")
        case "lexrank":
            return LexRankConfig(kind="lexrank", threshold=0.1, damping=0.85)
        case "fusion":
            return FusionConfig(kind="fusion", max_similarity=0.5)
    script = tuple(s.text for a in cluster.articles for s in a.sentences)
    return ScriptedConfig(kind="scripted", sentences={cluster.id: script})


def summary_of(kind: str, cluster: Cluster, *, max_words: int = 100) -> Summary:
    facts = find_facts(cluster, FactsConfig())
    backend = build_backend(config_of(kind, cluster))
    assert backend.name == kind
    return backend.summarize(cluster, facts, max_words=max_words)


def words_of(summary: Summary) -> int:
    return sum(count_words(sentence.text) for sentence in summary.sentences)


def from_sentences(*articles: list[str]) -> Cluster:
    made = [
        article(f"a{number}", " ".join(texts), title=f"Report {number} from Port Oran")
        for number, texts in enumerate(articles)
    ]
    return cluster_of(*made)


@pytest.fixture(params=BACKENDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_empty_cluster_gives_no_sentences(kind: str) -> None:
    summary = summary_of(kind, Cluster(id="none", articles=(), independent=()))
    assert (summary.cluster_id, summary.backend) == ("none", kind)
    assert summary.sentences == ()
    assert summary.headline == ""


def test_one_sentence_is_the_summary(kind: str) -> None:
    text = "Mayor Ada Brandt opened the northern bridge of Port Oran on Monday."
    summary = summary_of(kind, from_sentences([text]))
    assert [sentence.text for sentence in summary.sentences] == [text]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    articles=st.lists(
        st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12), min_size=1, max_size=5
    ),
    budget=st.integers(20, 400),
    kind=st.sampled_from(BACKENDS),
)
def test_the_budget_is_never_exceeded(articles: list[list[str]], budget: int, kind: str) -> None:
    cluster = from_sentences(*articles)
    summary = summary_of(kind, cluster, max_words=budget)
    assert words_of(summary) <= budget
    assert summary.sentences
    available = {s.text for a in cluster.articles for s in a.sentences}
    if kind in (*COPYING, "scripted"):
        assert {sentence.text for sentence in summary.sentences} <= available
    for sentence in summary.sentences:
        assert sentence.text.endswith((".", "!", "?", "”", '"'))


@pytest.mark.parametrize("budget", [40, 100, 220, 400])
def test_most_of_the_budget_is_used_where_the_sources_allow(kind: str, budget: int) -> None:
    articles = [DISTINCT[start::4] for start in range(4)]
    assert max(map(count_words, DISTINCT)) <= 20
    assert words_of(summary_of(kind, from_sentences(*articles), max_words=budget)) >= 0.8 * budget


def test_sentences_stay_whole_and_say_where_they_are_from(kind: str) -> None:
    cluster = from_sentences(SENTENCES[:9], SENTENCES[20:29], SENTENCES[40:49])
    by_id: dict[str, Article] = {a.id: a for a in cluster.articles}
    for sentence in summary_of(kind, cluster).sentences:
        for variant in sentence.origin:
            assert by_id[variant.article_id].sentences[variant.sentence].text == variant.text
        if kind in COPYING:
            assert [variant.text for variant in sentence.origin] == [sentence.text]
        if kind == "fusion":
            assert len(sentence.origin) in {1, 2}  # neighbours about one subject are joined


def test_whole_sentences_come_from_one_source_sentence_each() -> None:
    cluster = from_sentences(SENTENCES[:9], SENTENCES[20:29], SENTENCES[40:49])
    backend = build_backend(FusionConfig(kind="fusion", max_similarity=0.5, rewrite=False))
    summary = backend.summarize(cluster, find_facts(cluster, FactsConfig()), max_words=100)
    assert summary.sentences
    assert all(len(sentence.origin) == 1 for sentence in summary.sentences)


def test_the_same_input_gives_the_same_bytes(kind: str) -> None:
    cluster = from_sentences(SENTENCES[:12], SENTENCES[24:36], SENTENCES[48:60])
    assert dump_records([summary_of(kind, cluster)]) == dump_records([summary_of(kind, cluster)])


_AGAIN = """
import sys
from tests.digest.backends import test_contract as c
cluster = c.from_sentences(c.SENTENCES[:12], c.SENTENCES[24:36], c.SENTENCES[48:60])
for kind in c.BACKENDS:
    sys.stdout.write(c.dump_records([c.summary_of(kind, cluster)]))
"""


def test_the_hash_seed_does_not_matter() -> None:
    def run(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-c", _AGAIN]
        return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

    first, second = run("0"), run("4242")
    assert first.count(b"\n") == len(BACKENDS)
    assert first == second


def test_unicode_comes_through(kind: str) -> None:
    texts = [
        "Zoë Müller-Ødegård opened the bridge over the Łyna in Kraków after the rain.",
        "“Ça suffit,” said François Hà, who paid €3.50 for a cup of tea 🍵 in São Tomé.",
        "The court fined Иван Ильин and the 北京 branch of his bank a total of ₹3 million.",
    ]
    summary = summary_of(kind, from_sentences(texts))
    assert [s.text for s in summary.sentences if s.text in texts]
    assert words_of(summary) <= 100


def test_a_sentence_longer_than_the_budget_is_left_out(kind: str) -> None:
    long = f"The council of Port Oran {'talked and ' * 40}went home on Monday."
    short = "Fire crews closed the tram depot on Monday after a long night."
    summary = summary_of(kind, from_sentences([long, short]), max_words=20)
    assert [sentence.text for sentence in summary.sentences] == [short]
    assert summary_of(kind, from_sentences([long]), max_words=20).sentences == ()


@pytest.mark.parametrize("backend", ["lexrank", "fusion"])
def test_what_two_sources_copy_is_said_once(backend: str) -> None:
    cluster = from_sentences(SENTENCES[:4], SENTENCES[:4], SENTENCES[:4])
    texts = [s.text for s in summary_of(backend, cluster, max_words=400).sentences]
    assert len(texts) == len(set(texts)) > 0


def test_facts_without_conflicts_will_do(kind: str) -> None:
    cluster = from_sentences(SENTENCES[:6], SENTENCES[30:36])
    nothing = Facts(cluster_id=cluster.id, facts=(), entities=(), conflicts=())
    summary = build_backend(config_of(kind, cluster)).summarize(cluster, nothing, max_words=60)
    assert 0 < words_of(summary) <= 60


def test_the_scripted_backend_fails_when_told_to() -> None:
    cluster = from_sentences(SENTENCES[:2])
    backend = build_backend(ScriptedConfig(kind="scripted", fail=True))
    facts = find_facts(cluster, FactsConfig())
    with pytest.raises(BackendError, match="scripted backend fails for event"):
        backend.summarize(cluster, facts, max_words=50)


def test_text_without_content_words_has_no_centre() -> None:
    cluster = from_sentences(["It is what it is.", "That was that again."])
    assert summary_of("lexrank", cluster).sentences
