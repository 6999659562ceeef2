from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.ingest.items import Found, drop, to_item, with_unique_ids
from digest.records import Dropped, DropReason, RawArticle


def _article(name: str, **fields: str) -> RawArticle:
    item = to_item(Found(text="Text.", **fields), fallback_id=name, source=name, sha256="0")
    assert isinstance(item, RawArticle)
    return item


def test_fields_are_tidied_and_the_text_is_not() -> None:
    found = Found(
        text=" A\n b ", title=" Two\n lines ", publisher="", url=" https://e.org/a ", published="x"
    )
    item = to_item(found, fallback_id="a b\n", source="s", sha256="0")
    assert item == RawArticle(
        id="a b", source="s", text=" A\n b ", sha256="0", title="Two lines", url="https://e.org/a"
    )


def test_only_web_addresses_become_links() -> None:
    for url in ("javascript:alert(1)", "ftp://e.org/a", "/a", "http://[", "https://e.org/a b"):
        assert _article("a", url=url).url is None


def test_lone_surrogates_never_reach_a_record() -> None:
    item = _article("a\udcff", title="\ud800x")
    assert (item.id, item.title) == ("a�", "�x")
    assert drop("a\udcff", DropReason.EMPTY).article_id == "a�"


def test_without_text_it_is_a_drop() -> None:
    item = to_item(Found(text=" \n"), fallback_id="a", source="s", sha256="0")
    assert isinstance(item, Dropped)
    assert item.reason is DropReason.EMPTY


def test_an_id_that_came_first_is_not_given_away() -> None:
    ids = ["a", "a", "a-2", "a", "b"]
    assert [getattr(item, "id", "") for item in with_unique_ids(map(_article, ids))] == [
        "a",
        "a-3",
        "a-2",
        "a-4",
        "b",
    ]


@given(st.lists(st.sampled_from(["a", "a-2", "a-3", "a-2-2", "b"])))
def test_ids_are_unique_and_first_ones_stay(ids: list[str]) -> None:
    unique = [getattr(item, "id", "") for item in with_unique_ids(map(_article, ids))]
    assert len(set(unique)) == len(ids)
    assert all(unique[ids.index(name)] == name for name in ids)
