"""One agency, one publisher or shared wording is one source."""

from __future__ import annotations

from digest.cluster.independence import independent_sources
from tests.digest.building import article

ONE = "The river Orna flooded the old town of Mirfeld and twelve people died, said the mayor."
TWO = "Bees have swarmed two weeks early in the orchards of the south, their keepers report."
THREE = "A chess champion has refused to shake hands with a rival before the final in Oslo."


def test_strangers_are_sources_of_their_own() -> None:
    articles = [article(x, t, publisher=x) for x, t in zip("abc", (ONE, TWO, THREE), strict=True)]
    assert independent_sources(articles) == (0, 1, 2)


def test_one_publisher_is_one_source_in_any_case() -> None:
    articles = [
        article("a", ONE, publisher="The Post"),
        article("b", TWO, publisher="Herald"),
        article("c", THREE, publisher="THE POST"),
    ]
    assert independent_sources(articles) == (0, 1, 0)


def test_one_agency_is_one_source_and_joins_its_publishers() -> None:
    articles = [
        article("a", ONE, publisher="The Post", agency="Reuters"),
        article("b", TWO, publisher="Herald", agency="Reuters"),
        article("c", THREE, publisher="Herald"),
    ]
    assert [one.agency for one in articles] == ["Reuters", "Reuters", None]
    assert independent_sources(articles) == (0, 0, 0)


def test_an_agency_that_publishes_is_the_same_source() -> None:
    articles = [article("a", ONE, agency="Reuters"), article("b", TWO, publisher="Reuters")]
    assert independent_sources(articles) == (0, 0)


def test_a_quarter_of_the_wording_makes_one_source() -> None:
    rewritten = f"{TWO} {ONE[:45]} {THREE}"
    articles = [
        article("a", ONE),
        article("b", rewritten),
        article("c", "Glaciers are in retreat."),
    ]
    assert independent_sources(articles) == (0, 0, 1)


def test_a_set_phrase_of_many_articles_proves_nothing() -> None:
    texts = [f"Number{n} told this paper that the inquiry would go on." for n in range(12)]
    articles = [article(f"a{n}", text) for n, text in enumerate(texts)]
    assert independent_sources(articles) == tuple(range(12))


def test_without_articles_there_is_no_source() -> None:
    assert independent_sources([]) == ()
