"""Who is believed where the sources differ, and what time the story is told at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.backends import build_backend
from digest.backends.fusion.material import material
from digest.backends.fusion.sides import outdated_values, reliability, trust
from digest.backends.fusion.timeframe import TimeFrame
from digest.config import FactsConfig, FusionConfig
from digest.facts import find_facts
from digest.records import (
    Article,
    Cluster,
    Conflict,
    ConflictKind,
    ConflictValue,
    Edit,
    Facts,
    Span,
    Variant,
)
from tests.digest.building import article, cluster_of


def written(cluster: Cluster, facts: Facts | None = None, max_words: int = 60) -> list[str]:
    facts = facts or find_facts(cluster, FactsConfig())
    backend = build_backend(FusionConfig(kind="fusion", max_similarity=0.5))
    return [s.text for s in backend.summarize(cluster, facts, max_words=max_words).sentences]


def conflict(kind: ConflictKind, *values: tuple[str, Article, int], settled: bool = True) -> Facts:
    given = tuple(
        ConflictValue(
            value=value,
            article_ids=(a.id,),
            sentences=(Variant(article_id=a.id, sentence=i, text=a.sentences[i].text),),
        )
        for value, a, i in values
    )
    found = Conflict(kind=kind, slot="people dead", values=given, settled=settled)
    return Facts(cluster_id="event", facts=(), entities=(), conflicts=(found,))


A = article("a", "The flood killed 12 people in Beldan on Saturday, Varenda officials said.")
B = article("b", "The flood killed 31 people in Beldan on Saturday, Varenda officials said.")


@pytest.mark.parametrize(
    ("kind", "settled", "first", "second"),
    [
        (ConflictKind.UPDATE, True, None, 0.02),
        (ConflictKind.DISPUTE, True, None, 0.05),
        (ConflictKind.DISPUTE, False, 0.3, 0.3),
        (ConflictKind.SCOPE, True, None, 0.5),
        (ConflictKind.ROUNDING, True, None, 0.6),
    ],
)
def test_the_losing_value_is_trusted_less(
    kind: ConflictKind,
    settled: bool,  # noqa: FBT001 - a table
    first: float | None,
    second: float,
) -> None:
    factors = trust(conflict(kind, ("31", B, 0), ("12", A, 0), settled=settled))
    assert factors.get(("b", 0)) == first
    assert factors[("a", 0)] == second


def test_a_sentence_with_the_winning_value_too_keeps_its_trust() -> None:
    both = article("c", "Officials in Beldan put the toll at 31, up from 12 on Saturday.")
    facts = conflict(ConflictKind.UPDATE, ("31", both, 0), ("12", both, 0))
    assert trust(facts) == {}


def test_a_rounding_of_an_outdated_figure_is_outdated() -> None:
    update = conflict(ConflictKind.UPDATE, ("31", B, 0), ("12", A, 0)).conflicts
    c = article("c", "About a dozen people died in Beldan on Saturday, Varenda officials said.")
    rounded = conflict(ConflictKind.ROUNDING, ("12", A, 0), ("a dozen", c, 0)).conflicts
    facts = replace(conflict(ConflictKind.UPDATE), conflicts=(*update, *rounded))
    assert outdated_values(facts) == {"people dead": frozenset({"12"})}
    assert trust(facts)["c", 0] == 0.02


def test_an_outdated_toll_is_never_printed_beside_the_new_one() -> None:
    first = "The flood killed 12 people in Beldan, civil protection officials in Varenda said."
    last = "The death toll in Beldan rose to 31 after divers searched houses in the lower town."
    more = " Schools in Kosh Oran stay closed until Friday because the roads are blocked by mud."
    cluster = cluster_of(
        article("a", first + more, published="2025-04-05", publisher="One"),
        article("b", last, published="2025-04-07", publisher="Two"),
    )
    texts = written(cluster, max_words=45)
    assert last in texts
    assert first not in texts


def test_the_losing_side_is_not_chosen_where_another_wording_exists() -> None:
    monday = "Leaders of seven countries met in Paris on Monday for talks about Ukraine."
    tuesday = "Leaders of seven countries will gather in Paris on Tuesday to talk about Ukraine."
    cluster = cluster_of(
        article("a", tuesday, publisher="One"),
        article("b", monday, publisher="Two"),
        article("c", monday.replace("Leaders", "The leaders"), publisher="Three"),
    )
    facts = find_facts(cluster, FactsConfig())
    assert [c.kind for c in facts.conflicts] == [ConflictKind.DISPUTE]
    assert not any("Tuesday" in text for text in written(cluster, facts))


def test_a_suspect_sentence_is_never_printed() -> None:
    cluster = cluster_of(A)
    suspect = Variant(article_id="a", sentence=0, text=A.sentences[0].text)
    facts = Facts(cluster_id="event", facts=(), entities=(), conflicts=(), suspect=(suspect,))
    assert trust(facts) == {("a", 0): 0.0}
    assert written(cluster, facts) == []


def _with_edits(*cleaners: str) -> Article:
    edits = tuple(Edit(cleaner=c, original=Span(start=0, end=1), removed="x") for c in cleaners)
    return replace(A, edits=edits)


def test_garbled_articles_are_relied_on_less() -> None:
    nothing = Facts(cluster_id="event", facts=(), entities=(), conflicts=())
    assert reliability(_with_edits("strip_byline", "strip_dateline"), nothing) == 1.0
    assert reliability(_with_edits("drop_orphans"), nothing) == 0.3
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Easter Christmas".split()
    long = article("a", " ".join(f"Rain fell in Beldan on {day} at noon." for day in days))
    one_fault = replace(long, edits=_with_edits("drop_unbalanced_quotes").edits)
    assert reliability(one_fault, nothing) == pytest.approx(0.7)
    suspect = Variant(article_id="a", sentence=0, text=A.text)
    assert reliability(long, replace(nothing, suspect=(suspect,))) == pytest.approx(0.7)
    assert reliability(long, replace(nothing, suspect=(replace(suspect, article_id="b"),))) == 1.0


HELD = "European leaders met in Paris on Monday and failed to agree on troops for Ukraine."
AHEAD = "European leaders will meet in Paris on Monday to discuss troops for Ukraine."


def frame(*articles: Article) -> TimeFrame:
    return TimeFrame(cluster_of(*articles), frozenset())


def test_announcing_a_meeting_that_was_held_is_old_news() -> None:
    old, new = article("a", AHEAD), article("b", HELD)
    assert frame(old, new).fits(old, 0) == pytest.approx(0.1)
    assert frame(old, new).fits(new, 0) == 1.0
    assert frame(old).fits(old, 0) == 1.0
    assert written(cluster_of(old, new)) == [HELD]


def test_another_meeting_may_still_be_announced() -> None:
    text = "Envoys of both sides will meet in Riyadh on Tuesday to prepare a summit."
    other, held = article("a", text), article("b", HELD)
    assert frame(other, held).fits(other, 0) == 1.0


def test_the_place_may_stand_in_the_sentence_before() -> None:
    text = "Paris is getting ready in Paris. The summit will be the third this year in all."
    old, held = article("a", text), article("b", HELD)
    assert frame(old, held).fits(old, len(old.sentences) - 1) == pytest.approx(0.1)


def test_what_a_preview_says_of_the_talks_counts_less() -> None:
    text = f"{AHEAD} Diplomats said the talks had been hard to arrange for weeks."
    old, held = article("a", text), article("b", HELD)
    assert frame(old, held).fits(old, 1) == pytest.approx(0.35)
    assert frame(old, held).fits(held, 0) == 1.0


def test_older_days_count_a_little_less() -> None:
    days = [
        article(f"d{n}", "Rain fell in Beldan all through the day.", published=f"2025-04-0{n}")
        for n in (5, 6, 7)
    ]
    found = frame(*days)
    assert [round(found.fits(day, 0), 4) for day in days] == [0.9409, 0.97, 1.0]
    undated = article("u", "Rain fell in Beldan all through the day.")
    assert frame(*days, undated).fits(undated, 0) == 1.0


def test_an_article_without_its_lead_is_taken_up_deeper() -> None:
    cut = article("a", "They are also expected to discuss trade in Velm. Talks end on Friday.")
    whole = article("b", HELD)
    cluster = cluster_of(cut, whole)
    lines = material(cluster, find_facts(cluster, FactsConfig()))
    assert [(line.article.id, line.depth) for line in lines] == [("a", 3), ("a", 4), ("b", 0)]
    assert lines[2].variant == Variant(article_id="b", sentence=0, text=HELD)
