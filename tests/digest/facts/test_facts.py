"""Every sentence in one fact, one entity per thing, and the conflicts of the seeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.clean import clean
from digest.cluster import cluster
from digest.config import CleanConfig, ClusterConfig, DedupConfig, FactsConfig, IngestConfig
from digest.dedup import dedup
from digest.facts import find_facts
from digest.ingest import ingest
from digest.records import Article, ConflictKind, Facts
from tests.digest.building import article, cluster_of

SEEDS = Path(__file__).parents[3] / "seeds" / "articles"
CONFIG = FactsConfig()


def test_independent_sources_are_counted_once() -> None:
    text = "Mayor Lena Brandt closed the old bridge over the Orna on Sunday evening."
    articles = [
        article("a", text, publisher="Post"),
        article("b", text, publisher="Post"),
        article(
            "c", "On Sunday evening, Brandt, mayor, closed that old Orna bridge.", publisher="Times"
        ),
    ]
    (fact,) = find_facts(cluster_of(*articles), CONFIG).facts
    assert [v.article_id for v in fact.variants] == ["a", "b", "c"]
    assert fact.support == 2


def test_sentences_that_contradict_each_other_are_two_facts() -> None:
    first = "Mayor Lena Brandt closed 3 bridges over the Orna on Sunday evening."
    for other in (first.replace("3", "5"), first.replace("Lena Brandt", "Hugo Marlin")):
        found = find_facts(cluster_of(article("a", first), article("b", other)), CONFIG)
        assert len(found.facts) == 2


def test_an_older_revision_feeds_conflicts_and_no_fact() -> None:
    new = article("new", "The flood in Mirfeld killed 31 people.", publisher="Post")
    old = article("old", "The flood in Mirfeld killed 12 people.", publisher="Post")
    found = find_facts(cluster_of(new, superseded=(old,)), CONFIG)
    assert [v.article_id for fact in found.facts for v in fact.variants] == ["new"]
    (conflict,) = found.conflicts
    assert conflict.kind is ConflictKind.UPDATE
    assert conflict.settled
    assert [(v.value, v.article_ids) for v in conflict.values] == [
        ("31", ("new",)),
        ("12", ("old",)),
    ]


def test_a_dispute_with_equal_support_is_not_settled() -> None:
    texts = ["The flood killed 12 people.", "The flood killed 17 people."]
    articles = [article(f"a{n}", text, publisher=f"p{n}") for n, text in enumerate(texts)]
    (conflict,) = find_facts(cluster_of(*articles), CONFIG).conflicts
    assert (conflict.kind, conflict.settled) == (ConflictKind.DISPUTE, False)
    third = article("a2", "Seventeen people died.", publisher="p2")
    (conflict,) = find_facts(cluster_of(*articles, third), CONFIG).conflicts
    assert conflict.settled
    assert conflict.values[0].value == "17"


def test_a_lone_office_holder_nobody_knows_is_suspect() -> None:
    articles = [
        article(
            "a",
            "Crowds in Lyon cheered as French President Emmanuel Macron came to open the new hall.",
            publisher="A",
        ),
        article(
            "b",
            "French President Emmanuel Macron left the city by train before the rain set in.",
            publisher="B",
        ),
        article("c", "French President Duval spoke.", publisher="C"),
    ]
    found = find_facts(cluster_of(*articles), CONFIG)
    assert [v.text for v in found.suspect] == ["French President Duval spoke."]


_LINES = [
    "The flood in Mirfeld killed 12 people.",
    "The flood in Mirfeld killed 31 people on Sunday.",
    "Mayor Lena Brandt closed the old bridge.",
    "The old bridge was closed by mayor Lena Brandt.",
    "Leaders will meet in Paris on Monday.",
    "Leaders will meet in Paris on Tuesday.",
    "The fund holds $4 million for the valley.",
    "Rain is forecast.",
    "French President Emmanuel Macron spoke.",
]
_TEXTS = st.lists(st.lists(st.sampled_from(_LINES), min_size=1, max_size=5), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(_TEXTS, st.booleans())
def test_facts_partition_the_current_sentences(texts: list[list[str]], revised: bool) -> None:  # noqa: FBT001 - drawn
    articles = [article(f"a{n}", " ".join(lines)) for n, lines in enumerate(texts)]
    older = (article("old", "The flood killed 4 people."),) if revised else ()
    found = find_facts(cluster_of(*articles, superseded=older), CONFIG)
    told = sorted((v.article_id, v.sentence) for fact in found.facts for v in fact.variants)
    assert told == sorted((a.id, n) for a in articles for n in range(len(a.sentences)))
    assert len({fact.id for fact in found.facts}) == len(found.facts)
    assert all(1 <= fact.support <= len(articles) for fact in found.facts)
    assert all(len(c.values) > 1 for c in found.conflicts)
    assert find_facts(cluster_of(*articles, superseded=older), CONFIG) == found


def _seed_facts(name: str) -> Facts:
    raw = ingest([str(SEEDS / name)], IngestConfig()).articles
    cleaned = [item for item in (clean(r, CleanConfig()) for r in raw) if isinstance(item, Article)]
    found = dedup(cleaned, DedupConfig())
    clusters = cluster(found.kept, ClusterConfig(), superseded=found.superseded).clusters
    assert len(clusters) == 1
    return find_facts(clusters[0], CONFIG)


@pytest.fixture(scope="module")
def flood() -> Facts:
    return _seed_facts("dam-flood")


@pytest.fixture(scope="module")
def talks() -> Facts:
    return _seed_facts("paris-talks")


def _has(facts: Facts, kind: str, slot: str, *values: str) -> bool:
    """Tell whether a conflict of the kind, on such a slot, has values that hold those given."""
    return any(
        conflict.kind.value == kind
        and slot in conflict.slot.lower()
        and all(
            any(value.lower() in shown.value.lower() for shown in conflict.values)
            for value in values
        )
        for conflict in facts.conflicts
    )


def _missing(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(reason=reason, strict=True)


@pytest.mark.parametrize(
    ("kind", "slot", "values"),
    [
        ("update", "dead", ("four", "11", "19", "17")),
        ("rounding", "dead", ("19", "nearly 20")),
        ("scope", "dead", ("6", "11")),
        ("update", "missing", ("30", "22", "nine", "seven")),
        ("rounding", "missing", ("nine", "fewer than ten")),
        ("update", "evacuated", ("2,300", "6,400", "8,150")),
        ("rounding", "evacuated", ("2,300", "more than 2,000")),
        ("rounding", "evacuated", ("8,150", "more than 8,000")),
        ("update", "reservoir", ("97 percent", "88 percent", "64 percent")),
        pytest.param(
            *("update", "reservoir", ("71 percent",)),
            marks=_missing("the sentence with 71 percent shares no rare word with the others"),
        ),
        pytest.param(
            *("rounding", "reservoir", ("71 percent", "seven-tenths")),
            marks=_missing("fractions in words are no quantities"),
        ),
        pytest.param(
            *("update", "amount", ("$4 million", "$12.5 million")),
            marks=_missing("relief is called an emergency fund by one paper, relief by the other"),
        ),
        pytest.param(
            *("rounding", "amount", ("$12.5 million", "roughly $12 million")),
            marks=_missing("the two sentences share too few words"),
        ),
        pytest.param(
            *("scope", "houses", ("forty-one", "340")),
            marks=_missing("scope is read for people only"),
        ),
        pytest.param(
            *("dispute", "siren", ("3:55", "4:20")), marks=_missing("clock times are not compared")
        ),
        pytest.param(
            *("dispute", "gate", ("trunks", "seals")), marks=_missing("causes are no values")
        ),
    ],
)
def test_conflicts_of_the_flood(
    flood: Facts, kind: str, slot: str, values: tuple[str, ...]
) -> None:
    shown = tuple("six" if value == "6" else value for value in values)
    assert _has(flood, kind, slot, *shown)


@pytest.mark.parametrize(
    ("kind", "slot", "values"),
    [
        ("dispute", "day of the meeting in paris", ("Tuesday", "Monday")),
        ("dispute", "donald tusk", ("President", "Prime Minister")),
        ("dispute", "marco rubio", ("Senator", "Secretary of State")),
        ("update", "hours", ("two", "three and a half")),
        ("update", "diplomats", ("two", "four")),
        ("dispute", "us", ("JD Vance", "Marco Rubio")),
        pytest.param(
            *("update", "delegation", ("Waltz",)), marks=_missing("lists of people are no values")
        ),
    ],
)
def test_conflicts_of_the_talks(
    talks: Facts, kind: str, slot: str, values: tuple[str, ...]
) -> None:
    assert _has(talks, kind, slot, *values)


@pytest.mark.parametrize("number", ["31", "147", "83", "59", "27", "$95", "65", "1,400"])
def test_numbers_of_other_things_are_set_against_nothing(
    flood: Facts, talks: Facts, number: str
) -> None:
    shown = [v.value for facts in (flood, talks) for c in facts.conflicts for v in c.values]
    assert number not in shown
    assert not any(value.startswith(number) for value in shown)


@pytest.mark.parametrize(
    "names",
    [
        {"Volodymyr Zelensky", "Volodymyr Zelenskiy", "Volodymyr Zelenskyy"},
        {"Olaf Scholz", "Scholz"},
        {"Donald Tusk", "Tusk"},
        {"US", "U.S.", "United States"},
        {"European Union", "EU"},
    ],
)
def test_spellings_of_one_thing_are_one_entity(talks: Facts, names: set[str]) -> None:
    assert any(names <= set(entity.spellings) for entity in talks.entities)


def test_the_garbled_text_of_the_talks_is_suspect(talks: Facts) -> None:
    texts = " ".join(variant.text for variant in talks.suspect)
    for fault in ("Kier Stalmer", "Olaf Scholl", "Sta said"):
        assert fault in texts
    assert {v.article_id for v in talks.suspect} == {"03-nordlys-daily"}
