"""Of several texts the faithful one is kept, then the one that tells most, then the likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.backends.neural.candidates import anchor, best, score, variants
from digest.sourcing import Sources
from digest.text.entities import Aliases
from tests.digest.backends.neural.events import about, task_of

if TYPE_CHECKING:
    from digest.records import Task

TASK = task_of(
    about(
        [
            "Mayor Ada Brandt opened the northern bridge of Port Oran on Monday.",
            "The bridge cost 3.5 million euros, the Lisk Water Board said.",
            "Fire crews pumped water from 40 cellars in Velm.",
        ],
        [
            "The northern bridge of Port Oran was opened by Mayor Ada Brandt on Monday.",
            "A choir of 200 children sang at the ceremony.",
        ],
    )
)
TOLD = "Mayor Ada Brandt opened the northern bridge of Port Oran on Monday."
SUNG = "A choir of 200 children sang at the ceremony."
WRONG_NAME = "Mayor Ida Brandon opened the northern bridge of Port Oran on Monday."
WRONG_FIGURE = "The bridge cost 5.3 million euros, the Lisk Water Board said."
INVENTED = "Dragons breathe purple sulphur across sleepy vineyards forever."


def sources_of(task: Task) -> Sources:
    return Sources(task.cluster, Aliases(task.facts.entities))


SOURCES = sources_of(TASK)


def test_a_sentence_is_anchored_where_it_stands() -> None:
    found = anchor(TOLD, SOURCES)
    assert found.places[0] == 0
    assert set(found.places) >= {0, 3}
    assert (found.claims, found.missing) == (4, 0)


@pytest.mark.parametrize(
    ("text", "missing"), [(WRONG_NAME, 1), (WRONG_FIGURE, 1), (INVENTED, 2), (SUNG, 0)]
)
def test_what_nobody_says_is_missing(text: str, missing: int) -> None:
    assert anchor(text, SOURCES).missing == missing


def test_what_the_model_was_not_given_does_not_count() -> None:
    assert anchor(SUNG, SOURCES, frozenset({0, 1, 2})).missing > 0
    assert anchor(SUNG, SOURCES, frozenset({4})).places == (4,)


def test_the_faithful_one_is_kept_though_it_is_less_likely() -> None:
    for wrong in (WRONG_NAME, WRONG_FIGURE, INVENTED):
        assert best([[TOLD, wrong], [TOLD, SUNG]], SOURCES, TASK.facts) == 1
        assert best([[TOLD, SUNG], [TOLD, wrong]], SOURCES, TASK.facts) == 0


def test_among_the_faithful_what_several_sources_say_counts() -> None:
    assert max(fact.support for fact in TASK.facts.facts) == 2
    assert score([SUNG], SOURCES, TASK.facts).rank == (1.0, 0.0)
    assert score([TOLD], SOURCES, TASK.facts).rank == (1.0, 1.0)
    assert best([[SUNG], [TOLD]], SOURCES, TASK.facts) == 1


def test_equals_are_decided_by_likelihood() -> None:
    assert best([[TOLD], [TOLD, SUNG], [TOLD]], SOURCES, TASK.facts) == 0


def test_nothing_is_no_candidate() -> None:
    assert best([[], [WRONG_NAME], []], SOURCES, TASK.facts) == 1
    assert best([[], []], SOURCES, TASK.facts) is None
    assert best([], SOURCES, TASK.facts) is None
    assert score([], SOURCES, TASK.facts).faithful == 0.0


def test_every_source_sentence_has_its_place() -> None:
    for variant, place in zip(variants(SOURCES), SOURCES.places, strict=True):
        assert variant.article_id == place.article.id
        assert place.article.sentences[variant.sentence] is place.sentence
