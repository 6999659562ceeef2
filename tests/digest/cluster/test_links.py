"""What a person put together or kept apart wins over what the articles say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.cluster import cluster
from digest.cluster.grouping import partition
from digest.cluster.links import read_links
from digest.config import ClusterConfig
from digest.errors import ConfigError
from tests.digest.building import article

if TYPE_CHECKING:
    from pathlib import Path

FLOOD = "The river Orna flooded Mirfeld on Sunday and killed 12 people, mayor Lena Brandt said."
LATER = "Mayor Lena Brandt of Mirfeld said the Orna flood on Sunday had killed 12 people."
PAINTER = "The national library has found a notebook of the painter Agnes Thorel in a box of maps."


def _groups(tmp_path: Path, links: str, **dates: str) -> set[frozenset[str]]:
    path = tmp_path / "links.yaml"
    path.write_text(links, encoding="utf-8")
    articles = [
        article(name, text, published=dates.get(name))
        for name, text in (("a", FLOOD), ("b", LATER), ("c", PAINTER))
    ]
    found = cluster(articles, ClusterConfig(links=str(path)))
    return {frozenset(one.id for one in group.articles) for group in found.clusters}


def test_without_links_the_articles_decide(tmp_path: Path) -> None:
    assert _groups(tmp_path, "") == {frozenset("ab"), frozenset("c")}


def test_must_link_joins_what_nothing_else_does(tmp_path: Path) -> None:
    links = "must_link: [[b, c]]\ncannot_link: [[a, b]]\n"
    assert _groups(tmp_path, links) == {frozenset("bc"), frozenset("a")}


def test_must_link_holds_beyond_the_time_window(tmp_path: Path) -> None:
    dates = {"a": "2024-01-01", "b": "2024-05-05", "c": "2024-05-05"}
    assert _groups(tmp_path, "must_link: [[a, b]]", **dates) == {frozenset("ab"), frozenset("c")}


def test_cannot_link_parts_what_belongs_together(tmp_path: Path) -> None:
    assert _groups(tmp_path, "cannot_link: [[b, a]]") == {frozenset(x) for x in "abc"}


def test_ids_of_other_runs_are_passed_over(tmp_path: Path) -> None:
    links = "must_link: [[a, gone], [x, y]]\ncannot_link: [[gone, b], [x, z]]\n"
    assert _groups(tmp_path, links) == {frozenset("ab"), frozenset("c")}


def test_an_article_of_another_run_still_links_two(tmp_path: Path) -> None:
    links = "must_link: [[a, gone], [gone, c]]\ncannot_link: [[a, b]]"
    assert _groups(tmp_path, links) == {frozenset("ac"), frozenset("b")}


def test_numeric_ids_are_the_text_they_were_written_as(tmp_path: Path) -> None:
    path = tmp_path / "links.yaml"
    path.write_text("must_link: [[101, 102]]", encoding="utf-8")
    assert read_links(str(path), {"101": 5, "102": 3}) == ([(5, 3)], [])


def test_no_file_no_links() -> None:
    assert read_links(None, {"a": 0}) == ([], [])


@pytest.mark.parametrize(
    ("links", "message"),
    [
        ("must_link: [[a, b, c]]", "must_link must be a list of"),
        ("must_link: [[a, [b]]]", "must_link must be a list of"),
        ("cannot_link: {a: b}", "cannot_link must be a list of"),
        ("cannot_link: yes", "cannot_link must be a list of"),
        ("cannot_link: 0", "cannot_link must be a list of"),
        ("- [a, b]", "must hold must_link and cannot_link"),
        ("must-link: [[a, b]]", "must hold must_link and cannot_link"),
        ("must_link: [[a, b]", "cannot be read"),
        ("must_link: [[a, b]]\ncannot_link: [[b, a]]", "which must_link puts together"),
        (
            "must_link: [[a, x], [y, b], [x, y]]\ncannot_link: [[a, b]]",
            r"cannot_link has \[a, b\]",
        ),
        ("cannot_link: [[a, a]]", "which must_link puts together"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, links: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _groups(tmp_path, links)


def test_a_missing_or_foreign_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yaml cannot be read"):
        read_links(str(tmp_path / "gone.yaml"), {})
    (tmp_path / "latin.yaml").write_bytes(b"must_link: [[caf\xe9, b]]")
    with pytest.raises(ConfigError, match=r"latin\.yaml cannot be read"):
        read_links(str(tmp_path / "latin.yaml"), {})


_PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=12, max_size=12), _PAIRS, _PAIRS)
def test_links_hold_whatever_the_rows_say(
    cells: list[list[int]], must: list[tuple[int, int]], cannot: list[tuple[int, int]]
) -> None:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as in the code under test

    dense = [[1.0 if column in row else 0.01 for column in range(6)] for row in cells]
    rows = csr_matrix([[v / sum(x * x for x in row) ** 0.5 for v in row] for row in dense])
    home = list(range(12))
    for left, right in must:
        home = [home[left] if root == home[right] else root for root in home]
    apart = [(i, j) for i, j in cannot if home[i] != home[j]]
    labels = partition(
        rows, threshold=0.1, outside=lambda _i, _j: False, must_link=must, cannot_link=apart
    )
    assert all(labels[i] == labels[j] for i, j in must)
    assert all(labels[i] != labels[j] for i, j in apart)
