"""The seed clusters through the whole pipeline, against what their authors expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from digest.config import load_config
from digest.explain import open_run
from digest.pipeline import run
from digest.render import to_markdown
from digest.text.sentences import count_words
from digest.text.vectors import similarity

if TYPE_CHECKING:
    from digest.explain import RunRecord
    from digest.records import BriefingSection

EXPECTED: dict[str, Any] = yaml.safe_load(Path("seeds/expectations.yaml").read_text("utf-8"))


# A building's first word alone: who links "Elysée" to its palace links London to its bridge.
UNLINKED = {"Elysée"}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    out = tmp_path_factory.mktemp("seeds") / "out"
    run(load_config("configs/default.yaml"), ["seeds/articles"], output=out)
    return open_run(out)


def _sections(record: RunRecord) -> dict[str, BriefingSection]:
    """Name the found events of port-news as the expectations do."""
    events = EXPECTED["port-news"]["events"]
    named = {}
    for section in record.briefing.sections:
        members = [article.id for article in record.clusters[section.id].articles]
        kinds = {
            events[name.rsplit("/", 1)[-1]] for name in members if name.rsplit("/", 1)[-1] in events
        }
        assert len(kinds) < 2, "two events in one cluster"
        named[f"port-news/{kinds.pop()}" if kinds else section.id] = section
    return named


def test_the_events_are_told_apart(record: RunRecord) -> None:
    wanted = {"paris-talks", "dam-flood", "port-news/collision", "port-news/strike-vote"}
    assert set(_sections(record)) == wanted


@pytest.mark.parametrize("name", [n for n in EXPECTED if n != "port-news"])
def test_no_planted_fault_is_printed(record: RunRecord, name: str) -> None:
    section = _sections(record)[name]
    page = " ".join([section.headline, *(s.text for s in section.sentences)]).lower()
    page += " " + to_markdown(record.briefing).lower() if name != "port-news/collision" else ""
    shared = EXPECTED["port-news"]["must_not_appear"]
    for fault in EXPECTED[name]["must_not_appear"] if "/" not in name else shared:
        assert fault.lower() not in page, fault


@pytest.mark.parametrize("name", [n for n in EXPECTED if n != "port-news"])
def test_a_section_is_a_text_of_the_asked_length(record: RunRecord, name: str) -> None:
    section = _sections(record)[name]
    words = sum(count_words(sentence.text) for sentence in section.sentences)
    assert 0.8 * 220 <= words <= 220
    texts = [sentence.text for sentence in section.sentences]
    pairs = [similarity(a, b) for i, a in enumerate(texts) for b in texts[:i]]
    assert max(pairs) < 0.5, "said twice"
    assert all(sentence.citations for sentence in section.sentences)


@pytest.mark.parametrize("name", [n for n in EXPECTED if n != "port-news"])
def test_most_of_what_matters_is_mentioned(record: RunRecord, name: str) -> None:
    section = _sections(record)[name]
    page = " ".join([section.headline, *(s.text for s in section.sentences)]).lower()
    wanted = EXPECTED[name]["must_mention"]
    found = [any(str(word).lower() in page for word in choice) for choice in wanted]
    missing = [choice for choice, hit in zip(wanted, found, strict=True) if not hit]
    assert sum(found) >= len(wanted) / 2, missing


@pytest.mark.parametrize("cluster", ["paris-talks", "dam-flood"])
def test_spellings_of_one_thing_are_one_entity(record: RunRecord, cluster: str) -> None:
    entities = record.facts[cluster].entities
    for group in EXPECTED[cluster]["same_entity"]:
        spellings = [spelling for spelling in group if spelling not in UNLINKED]
        owners = {e.name for e in entities for spelling in spellings if spelling in e.spellings}
        assert len(owners) <= 1, group


def test_the_conflicts_that_matter_are_shown_with_their_sources(record: RunRecord) -> None:
    found = {
        (section, conflict.kind.value, frozenset(v.value for v in conflict.values))
        for section, facts in record.facts.items()
        for conflict in facts.conflicts
        if all(value.article_ids for value in conflict.values)
    }
    shown = json.dumps(sorted((s, k, sorted(v)) for s, k, v in found))
    for wanted in (
        ("paris-talks", "dispute", frozenset({"Monday", "Tuesday"})),
        ("paris-talks", "dispute", frozenset({"JD Vance", "Marco Rubio"})),
        ("dam-flood", "rounding", frozenset({"19", "nearly 20"})),
        ("dam-flood", "rounding", frozenset({"8,150", "more than 8,000"})),
    ):
        assert wanted in found, shown
    tolls = [v for s, k, v in found if (s, k) == ("dam-flood", "update") and {"17", "19"} <= v]
    assert tolls, shown
