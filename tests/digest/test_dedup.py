"""Exact copies, near duplicates, revisions; whatever is given is kept or dropped."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import digest.dedup
from digest.config import DedupConfig
from digest.dedup import canonical_url, dedup
from digest.records import Article, DropReason, Stage
from digest.text.shingles import jaccard, shingles
from tests.digest.building import article

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = DedupConfig()
STORY = (
    "The river Orna broke its banks on Sunday after three days of heavy rain in the hills above "
    "Mirfeld. Rescue crews in boats took families from the roofs of their houses in the old town. "
    "Twelve people died in the flood, the mayor Lena Brandt said in the evening. The bridge to the "
    "railway station is closed, and trains stop at the next town down the line. The county has "
    "opened three schools for those who cannot go home. More rain is forecast for the night, and "
    "the power company expects the lights to stay off until the weekend."
)
NEW_TOLL = STORY.replace("Twelve people died", "Nineteen people died")
OTHER = (
    "The national library has found a lost notebook of the painter Agnes Thorel in a box of maps. "
    "It holds ninety drawings made on a journey to the coast, and a list of debts. Curators say "
    "that the drawings will be shown next spring together with letters to her sister."
)
WORDS = STORY.split()


@pytest.fixture(autouse=True, params=[64, 0], ids=["few", "many"], scope="module")
def _either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Find near duplicates as among few articles, and as among many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest.dedup, "_FEW", request.param)
        yield


def _reasons(articles: list[Article]) -> dict[str, tuple[DropReason, str | None]]:
    found = dedup(articles, CONFIG)
    return {d.article_id: (d.reason, d.duplicate_of) for d in found.dropped}


def test_nothing_given_nothing_lost() -> None:
    found = dedup([], CONFIG)
    assert (found.kept, found.dropped, found.revisions, found.superseded) == ((), (), (), ())


def test_two_stories_are_kept_in_the_order_given() -> None:
    given_articles = [article("b", STORY), article("a", OTHER)]
    found = dedup(given_articles, CONFIG)
    assert found.kept == tuple(given_articles)
    assert found.dropped == ()


def test_one_text_in_other_case_and_spacing_is_an_exact_copy() -> None:
    shouted = replace(article("b", STORY), text=STORY.upper().replace(" ", "  "))
    found = dedup([article("a", STORY), shouted], CONFIG)
    (lost,) = found.dropped
    assert (lost.article_id, lost.stage, lost.reason) == (
        "b",
        Stage.DEDUP,
        DropReason.EXACT_DUPLICATE,
    )
    assert (lost.duplicate_of, lost.similarity) == ("a", 1.0)
    assert lost.detail == "100% of its wording is that of a"
    assert found.revisions == ()


def test_one_page_under_two_addresses_is_an_exact_copy() -> None:
    page = article("a", STORY, url="https://www.example.org/flood/?id=7&utm_source=mail#top")
    again = article("b", OTHER, url="http://example.org/flood?fbclid=x&id=7")
    assert _reasons([page, again])["b"][1] == "a"
    elsewhere = article("b", OTHER, url="http://example.org/flood?id=8")
    assert _reasons([page, elsewhere]) == {}


def test_the_address_of_a_site_is_no_identity() -> None:
    home = "https://example.org/"
    assert _reasons([article("a", STORY, url=home), article("b", OTHER, url=home)]) == {}


def test_a_page_that_was_rewritten_is_a_revision_and_the_newest_stays() -> None:
    url = "https://example.org/live"
    early = article("a", STORY, url=url, published="2024-05-05T08:00:00Z")
    late = article("b", OTHER + " Twenty people were there.", url=url, published="2024-05-05T20:00")
    assert _reasons([early, late]) == {"a": (DropReason.OLDER_REVISION, "b")}


def test_wire_copy_with_a_word_changed_is_a_near_duplicate() -> None:
    copy = STORY.replace("heavy rain", "strong rain")
    (lost,) = dedup([article("a", STORY), article("b", copy)], CONFIG).dropped
    assert (lost.reason, lost.duplicate_of) == (DropReason.NEAR_DUPLICATE, "a")
    assert lost.similarity == round(jaccard(shingles(STORY), shingles(copy)), 4)


def test_a_paraphrase_is_an_article_of_its_own() -> None:
    other = (
        "At least a dozen lives were lost when the Orna flooded the centre of Mirfeld at the "
        "weekend. Boats picked up residents who had fled to the roofs, and three schools became "
        "shelters. There is no power before Saturday."
    )
    assert _reasons([article("a", STORY), article("b", other)]) == {}


def test_a_new_figure_makes_a_revision() -> None:
    old = article("z", STORY, published="2024-05-05T08:00:00Z")
    new = article("a", NEW_TOLL, published="2024-05-05T20:00:00Z")
    found = dedup([old, new], CONFIG)
    (revision,) = found.revisions
    assert (revision.kept_id, revision.older_id) == ("a", "z")
    assert (revision.removed, revision.added) == (("Twelve",), ("Nineteen",))
    assert found.kept == (new,)
    assert found.superseded == (("a", old),)
    assert found.dropped[0].reason is DropReason.OLDER_REVISION


def test_a_new_name_makes_a_revision() -> None:
    old = article("a", STORY, published="2024-05-05")
    new = article("b", STORY.replace("Lena Brandt", "Hugo Marlin"), published="2024-05-06")
    (revision,) = dedup([old, new], CONFIG).revisions
    assert (revision.removed, revision.added) == (("Lena Brandt",), ("Hugo Marlin",))


def test_a_newer_version_that_only_adds_supersedes_nothing() -> None:
    old = article("a", STORY, published="2024-05-05")
    new = article("b", STORY + " The army sent Omar Reyes.", published="2024-05-06")
    found = dedup([old, new], CONFIG)
    assert found.dropped[0].reason is DropReason.NEAR_DUPLICATE
    assert found.superseded == ()


def test_an_undated_version_counts_as_the_older_one() -> None:
    undated, dated = article("a", NEW_TOLL), article("b", STORY, published="2024-05-05")
    assert _reasons([undated, dated]) == {"a": (DropReason.OLDER_REVISION, "b")}


def test_two_undated_versions_leave_the_first_by_id() -> None:
    assert _reasons([article("b", NEW_TOLL), article("a", STORY)])["b"][1] == "a"


def test_given_clusters_are_never_compared() -> None:
    url = "https://example.org/flood"
    texts = [
        article("a", STORY, cluster="one", url=url),
        article("b", STORY, cluster="two", url=url),
        article("c", NEW_TOLL, cluster="three"),
        article("d", STORY, url=url),
    ]
    assert _reasons(texts) == {}
    assert _reasons([*texts, article("e", STORY, cluster="two")])["e"][1] == "b"


def _chain() -> list[Article]:
    """Three versions: each near the next, the first and the last far apart."""
    second = " ".join([*WORDS[16:], *OTHER.split()[:14]])
    third = " ".join([*second.split()[16:], *OTHER.split()[14:30]])
    texts = [STORY, second, third]
    near = [jaccard(shingles(a), shingles(b)) for a, b in ((texts[0], texts[1]), (second, third))]
    assert min(near) >= CONFIG.near_threshold > jaccard(shingles(STORY), shingles(third))
    return [article(f"v{n}", text, published=f"2024-05-0{n}") for n, text in enumerate(texts, 1)]


def test_every_version_of_a_chain_points_to_the_kept_one() -> None:
    for order in permutations(_chain()):
        found = dedup(list(order), CONFIG)
        assert [a.id for a in found.kept] == ["v3"]
        assert {d.duplicate_of for d in found.dropped} == {"v3"}


def test_a_copy_of_an_older_version_points_to_the_newest() -> None:
    old = article("a", STORY, published="2024-05-01")
    copy = article("b", STORY, published="2024-04-30")
    new = article("c", NEW_TOLL, published="2024-05-02")
    assert _reasons([old, copy, new]) == {
        "a": (DropReason.OLDER_REVISION, "c"),
        "b": (DropReason.OLDER_REVISION, "c"),
    }


def test_articles_that_share_an_id_are_not_lost() -> None:
    found = dedup([article("a", STORY), article("a", STORY)], CONFIG)
    assert (len(found.kept), len(found.dropped)) == (1, 1)


def test_addresses_that_cannot_be_read_are_themselves() -> None:
    assert canonical_url(" http://[broken ") == "http://[broken"
    assert canonical_url("http://example.org:port/a") == "http://example.org:port/a"


def test_what_tells_two_pages_apart_stays_in_the_address() -> None:
    assert canonical_url("https://example.org/?story-one") != canonical_url(
        "https://example.org/?story-two"
    )
    assert canonical_url("https://example.org:8443/a") == "example.org:8443/a"
    assert canonical_url("https://example.org:443/a") == "example.org/a"


@given(st.text(max_size=60))
def test_any_address_can_be_given(url: str) -> None:
    assert isinstance(canonical_url(url), str)


_EDITS = st.lists(
    st.tuples(st.integers(0, len(WORDS) - 1), st.sampled_from(["", "Kestrel", "31", "grey"])),
    max_size=6,
)
_DATES = st.sampled_from([None, "2024-05-05", "2024-05-05T10:00:00Z", "2024-05-06"])


def _edited(edits: list[tuple[int, str]]) -> str:
    words = list(WORDS)
    for place, word in edits:
        words[place] = word
    return " ".join(filter(None, words))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_EDITS, _DATES), min_size=1, max_size=5), st.randoms())
def test_kept_and_dropped_are_what_was_given(
    versions: list[tuple[list[tuple[int, str]], str | None]], dice: object
) -> None:
    articles = [
        article(f"v{number}", _edited(edits), published=date)
        for number, (edits, date) in enumerate(versions)
    ]
    found = dedup(articles, CONFIG)
    kept = {a.id for a in found.kept}
    assert sorted([*kept, *(d.article_id for d in found.dropped)]) == [a.id for a in articles]
    assert {d.duplicate_of for d in found.dropped} <= kept
    older = {d.article_id for d in found.dropped if d.reason is DropReason.OLDER_REVISION}
    assert older == {old.id for _, old in found.superseded} == {r.older_id for r in found.revisions}
    shuffled = list(articles)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    again = dedup(shuffled, CONFIG)
    assert {a.id for a in again.kept} == kept
    assert sorted(map(repr, again.dropped)) == sorted(map(repr, found.dropped))
    assert again.superseded == found.superseded
