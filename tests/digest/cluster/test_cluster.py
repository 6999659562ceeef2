"""One event each: given clusters stay, found ones depend on nothing but what the articles say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from digest.cluster import Clustered, cluster
from digest.config import ClusterConfig
from digest.records import Article, DropReason, Stage
from digest.text.words import stem, words
from tests.digest.building import article

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "seeds"
CONFIG = ClusterConfig()

FLOOD = (
    (
        "The river Orna flooded Mirfeld on Sunday and killed 12 people, mayor Lena Brandt said. "
        "Boats took families from the roofs of the old town. The bridge to the station is closed."
    ),
    (
        "Twelve are dead in Mirfeld after the Orna burst its banks. Mayor Lena Brandt asked for "
        "boats and blankets, and said the old town would stay dark until Friday."
    ),
    (
        "Rain over Mirfeld had swollen the Orna for three days before the flood, engineers said. "
        "Lena Brandt, the mayor, wants to know why the old bridge was not closed in time."
    ),
)
PAINTER = (
    (
        "The national library has found a notebook of the painter Agnes Thorel. It holds 90 "
        "drawings from the coast, the curator Ivo Lantz said, and a list of debts to her sister."
    ),
    (
        "Ninety drawings by Agnes Thorel lay in a box of maps at the national library. Curator "
        "Ivo Lantz calls the notebook the find of his life; the drawings will be shown in spring."
    ),
)


def _articles() -> list[Article]:
    found = [article(f"flood-{n}", text, title="Flood") for n, text in enumerate(FLOOD)]
    return found + [article(f"paint-{n}", t, title="Library") for n, t in enumerate(PAINTER)]


def _groups(found: Clustered) -> set[frozenset[str]]:
    return {frozenset(a.id for a in one.articles) for one in found.clusters}


EVENTS = {
    frozenset({"flood-0", "flood-1", "flood-2"}),
    frozenset({"paint-0", "paint-1"}),
}


def test_two_events_are_two_clusters() -> None:
    found = cluster(_articles(), CONFIG)
    assert _groups(found) == EVENTS
    assert found.dropped == ()
    assert not any(one.given for one in found.clusters)


def test_nothing_given_no_clusters() -> None:
    assert cluster([], CONFIG) == Clustered(clusters=(), dropped=())


def test_one_article_is_one_cluster() -> None:
    one = article("a", FLOOD[0])
    (found,) = cluster([one], CONFIG).clusters
    assert (found.articles, found.independent, found.links) == ((one,), (0,), ())


def test_one_text_many_times_is_one_cluster() -> None:
    copies = [article(f"c{n}", FLOOD[0], published="2024-05-05") for n in range(4)]
    (found,) = cluster(copies, CONFIG).clusters
    assert len(found.articles) == 4
    assert set(found.independent) == {0}


def test_articles_without_a_shared_term_stay_alone() -> None:
    texts = ["Bees swarm early.", "Glaciers retreat faster.", "Chess champions disagree loudly."]
    found = cluster([article(f"a{n}", t, title=t) for n, t in enumerate(texts)], CONFIG)
    assert len(found.clusters) == 3


def test_given_clusters_are_kept_whatever_they_hold() -> None:
    given = [
        article("a", FLOOD[0], cluster="mine", published="2024-05-01"),
        article("b", PAINTER[0], cluster="mine", published="2020-01-01"),
        article("c", FLOOD[1], cluster="other"),
        article("d", FLOOD[2]),
    ]
    found = cluster(given, CONFIG)
    by_id = {one.id: one for one in found.clusters}
    assert [a.id for a in by_id["mine"].articles] == ["b", "a"]
    assert [a.id for a in by_id["other"].articles] == ["c"]
    assert by_id["mine"].given
    assert len(by_id) == 3


def test_the_order_of_the_articles_decides_nothing() -> None:
    articles = _articles()
    expected = cluster(articles, CONFIG)
    for turn in range(1, len(articles)):
        assert cluster([*articles[turn:], *articles[:turn]][::-1], CONFIG) == expected


_PROGRAM = """
from digest.cluster import cluster
from digest.config import ClusterConfig
from digest.codec import dump_clusters
from tests.digest.cluster.test_cluster import _articles
print(dump_clusters(cluster(_articles(), ClusterConfig()).clusters))
"""


def test_the_hash_seed_decides_nothing() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == len(EVENTS)


def test_articles_far_apart_in_time_are_two_events() -> None:
    dates = ["2024-05-05", "2024-05-06T08:00:00Z", "2024-06-30T08:00:00+02:00"]
    articles = [
        article(f"a{n}", t, published=d) for n, (t, d) in enumerate(zip(FLOOD, dates, strict=True))
    ]
    apart = {frozenset({"a0", "a1"}), frozenset({"a2"})}
    assert _groups(cluster(articles, CONFIG)) == apart
    wide = CONFIG.model_copy(update={"window_days": 90.0})
    assert _groups(cluster(articles, wide)) == {frozenset({"a0", "a1", "a2"})}


def test_an_unreadable_date_is_no_date() -> None:
    articles = [article("a", FLOOD[0], published="Sunday"), article("b", FLOOD[1])]
    assert _groups(cluster(articles, CONFIG)) == {frozenset({"a", "b"})}


def test_articles_of_small_clusters_are_dropped_with_a_reason() -> None:
    articles = [*_articles(), article("lone", "Bees swarm early this year, keepers say.")]
    found = cluster(articles, CONFIG.model_copy(update={"min_size": 3}))
    assert _groups(found) == {frozenset({"flood-0", "flood-1", "flood-2"})}
    assert {d.article_id for d in found.dropped} == {"paint-0", "paint-1", "lone"}
    assert {(d.stage, d.reason) for d in found.dropped} == {
        (Stage.CLUSTER, DropReason.SMALL_CLUSTER)
    }
    assert "2 of the 3" in next(d.detail for d in found.dropped if d.article_id == "paint-0")
    kept = [a.id for one in found.clusters for a in one.articles]
    assert sorted([*kept, *(d.article_id for d in found.dropped)]) == sorted(a.id for a in articles)


def test_older_versions_travel_with_the_article_that_stands_for_them() -> None:
    old = article("old", FLOOD[0].replace("12", "4"))
    found = cluster(_articles(), CONFIG, superseded=[("flood-0", old), ("gone", old)])
    superseded = {one.articles[0].id: one.superseded for one in found.clusters}
    assert superseded == {"flood-0": (old,), "paint-0": ()}


def test_links_name_what_both_articles_say() -> None:
    articles = {a.id: a for a in _articles()}
    for one in cluster(list(articles.values()), CONFIG).clusters:
        linked = {name for link in one.links for name in (link.left_id, link.right_id)}
        assert linked == {a.id for a in one.articles}
        for link in one.links:
            assert 0 < link.similarity <= 1
            assert link.terms
            assert link.entities
            for name in (link.left_id, link.right_id):
                text = f"{articles[name].title} {articles[name].text}"
                held = {stem(word) for word in words(text)}
                assert {part for term in link.terms for part in term.split()} <= held
                assert set(link.entities) <= held


def test_the_port_has_a_collision_and_a_strike() -> None:
    rows = [
        json.loads(line)
        for line in (SEEDS / "articles/port-news.jsonl").read_text("utf-8").splitlines()
    ]
    expected = yaml.safe_load((SEEDS / "expectations.yaml").read_text("utf-8"))["port-news"]
    articles = [
        article(row["id"], row["text"], title=row["title"], published=row.get("published"))
        for row in rows
    ]
    found = {frozenset(a.id for a in one.articles) for one in cluster(articles, CONFIG).clusters}
    events: dict[str, set[str]] = {}
    for name, event in expected["events"].items():
        events.setdefault(event, set()).add(name)
    assert found == {frozenset(names) for names in events.values()}
