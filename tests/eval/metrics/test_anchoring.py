"""Which articles an output sentence is held against."""

from __future__ import annotations

import random

import pytest

from digest.text.words import content_stems
from eval.metrics.anchoring import anchoring_signature, closest, index_articles

FLOOD = "Floods hit Varenda. The river rose and the mayor Ada Brandt closed the bridge."
VOTE = "Voters in Kosh-Oran chose a new mayor. Turnout was low, the commission said."
TRAIN = "Train drivers stop work on Monday. The union wants higher pay for night shifts."
STORM = "A storm cut power on the coast. The river rose in two valleys and boats sank."
MATCH = "The home side won the final after extra time. The goalkeeper saved a penalty."
CLUSTER = (FLOOD, VOTE, TRAIN, STORM, MATCH)


def test_the_article_of_the_sentence_comes_first() -> None:
    found = closest("In Varenda floods closed the bridge, Tom Reed said.", "Tom Reed", CLUSTER)
    assert found[0] == 0


def test_the_words_of_the_mention_do_not_count() -> None:
    sentence = "Ada Brandt said drivers want higher pay for night shifts."
    assert closest(sentence, "Ada Brandt", CLUSTER) == (2,)
    assert closest("Ada Brandt won the final.", "Ada Brandt", CLUSTER) == (4,)


def test_a_repeated_mention_does_not_count_either() -> None:
    sentence = "Brandt won the final, and Brandt said Ada Brandt was glad."
    assert closest(sentence, "Ada Brandt", CLUSTER) == (4,)


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_a_small_cluster_is_held_whole(size: int) -> None:
    found = closest("The home side won the final.", "home", CLUSTER[:size])
    assert found == tuple(range(size))


def test_k_and_the_share_of_the_best_bound_what_is_returned() -> None:
    sentence = "The river rose and Varenda closed the bridge."
    assert closest(sentence, "Varenda", CLUSTER, k=1) == (0,)
    assert closest(sentence, "Varenda", CLUSTER, k=2, within=0.0) == (0, 3)
    assert closest(sentence, "Varenda", CLUSTER, k=2, within=1.0) == (0,)


def test_equal_articles_stand_or_fall_together() -> None:
    cluster = (FLOOD, FLOOD, VOTE, FLOOD)
    assert closest("The river rose.", "Varenda", cluster, k=1) == (0, 1, 3)


def test_a_sentence_of_one_mention_is_ranked_by_the_whole_text() -> None:
    text = "Tom Reed. The home side won the final."
    assert closest("Tom Reed.", "Tom Reed", CLUSTER, text=text) == (4,)


def test_without_any_shared_word_all_articles_are_asked() -> None:
    assert closest("Tom Reed.", "Tom Reed", CLUSTER) == tuple(range(5))
    assert closest("", "", CLUSTER) == tuple(range(5))


def test_the_order_of_the_articles_does_not_matter() -> None:
    sentence = "The river rose and the commission said the mayor closed the bridge."
    here = {CLUSTER[n] for n in closest(sentence, "bridge", CLUSTER)}
    turned = CLUSTER[::-1]
    assert {turned[n] for n in closest(sentence, "bridge", turned)} == here


def test_unrelated_articles_change_nothing() -> None:
    dice = random.Random(0)
    words = "cake oven sugar bake flour dough recipe butter spice".split()
    unrelated = tuple(" ".join(dice.choices(words, k=60)) for _ in range(20))
    for sentence in ("Floods closed the bridge.", "The union wants higher pay for drivers."):
        assert closest(sentence, "x", CLUSTER) == closest(sentence, "x", (*CLUSTER, *unrelated))


@pytest.mark.parametrize(("k", "within"), [(0, 0.5), (-1, 0.5), (1, -0.1), (1, 1.5)])
def test_choices_out_of_range_are_refused(k: int, within: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        closest("The river rose.", "river", CLUSTER, k=k, within=within)


def test_an_index_is_made_once() -> None:
    assert index_articles(CLUSTER) is index_articles((FLOOD, VOTE, TRAIN, STORM, MATCH))


def test_articles_are_read_once_however_many_sentences_are_ranked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def counted(text: str) -> tuple[str, ...]:
        read.append(text)
        return content_stems(text)

    monkeypatch.setattr("eval.metrics.anchoring.content_stems", counted)
    cluster = [f"{text} Report {n} of the day." for n in range(10) for text in CLUSTER]
    for n in range(20):
        found = closest(f"The river rose and the bridge {n} closed.", "river", cluster, within=1.0)
        assert {CLUSTER[article % len(CLUSTER)] for article in found} == {FLOOD}
    assert [text for text in read if text in cluster] == cluster


def test_the_signature_names_the_choices() -> None:
    assert anchoring_signature(k=5, within=0.5) == "anchored|k:5|within:0.5|rank:bm25-news|v:1"
