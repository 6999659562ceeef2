"""The whole stage: what is printed, what is told, and that the mode changes no verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from digest.cite import cite
from digest.config import FactsConfig, VerifyConfig
from digest.facts import find_facts
from digest.records import (
    Draft,
    Section,
    Status,
    Summary,
    SummarySentence,
    Support,
    Withheld,
    WithheldReason,
)
from digest.verify import Verified, verify
from tests.digest.building import article, cluster_of

Mode = Literal["off", "shadow", "enforce"]
A = article(
    "a",
    "A gate of the Tamrin dam failed on Saturday and flooded the village of Beldan. "
    "The flood killed 12 people and destroyed 340 houses. "
    "Governor Emeka Halloran asked families to be patient.",
    title="Tamrin dam floods Beldan",
    publisher="Orsava Gazette",
    url="https://gazette.example/flood",
    published="2025-04-05",
)
B = article("b", "Rain fell in the hills above the Lisk for four days.", publisher="Mirror")
OLD = article("old", "A gate of the Tamrin dam failed on Saturday.", title="Gate fails")
CLUSTER = cluster_of(A, B, superseded=(OLD,))
GOOD = A.sentences[0].text
MENDED = A.sentences[1].text.replace("340", "430")
BAD = "Olga Petrov was arrested."


def section(
    *texts: str, headline: str = "Tamrin dam floods Beldan", name: str = "event"
) -> Section:
    facts = find_facts(CLUSTER, FactsConfig())
    summary = Summary(
        cluster_id=name,
        backend="scripted",
        headline=headline,
        sentences=tuple(SummarySentence(text=text) for text in texts),
    )
    return replace(cite(summary, CLUSTER, facts), id=name)


def verified(*sections: Section, mode: Mode = "enforce", lost: int = 0) -> Verified:
    early = tuple(
        Withheld(text=f"Cut {n}.", reason=WithheldReason.TOO_LONG, section_id="event")
        for n in range(lost)
    )
    return verify(
        Draft(sections=sections, withheld=early),
        VerifyConfig(mode=mode),
        title="Morning",
        created="2026-01-01T00:00:00Z",
        articles_read=5,
        articles_dropped=2,
    )


def test_every_sentence_is_published_or_withheld_with_its_reason() -> None:
    found = verified(section(GOOD, MENDED, BAD), lost=2)
    (published,) = found.briefing.sections
    assert [(s.text, s.status) for s in published.sentences] == [
        (GOOD, Status.KEPT),
        (A.sentences[1].text, Status.REPAIRED),
    ]
    assert [(w.text, w.reason) for w in found.briefing.withheld] == [
        ("Cut 0.", WithheldReason.TOO_LONG),
        ("Cut 1.", WithheldReason.TOO_LONG),
        (BAD, WithheldReason.UNSUPPORTED_ENTITY),
    ]
    assert [v.sentence for v in found.verdicts] == [GOOD, MENDED, BAD]


def test_a_published_mention_says_how_it_is_supported() -> None:
    (published,) = verified(section(GOOD)).briefing.sections
    entities = published.sentences[0].entities
    assert {e.text for e in entities} >= {"Saturday", "Beldan"}
    assert {e.support for e in entities} == {Support.VERBATIM}


def test_the_frame_of_the_briefing() -> None:
    briefing = verified(section(GOOD)).briefing
    assert (briefing.title, briefing.created) == ("Morning", "2026-01-01T00:00:00Z")
    assert [source.id for source in briefing.sources] == ["a", "b", "old"]
    first = briefing.sources[0]
    assert (first.title, first.publisher) == ("Tamrin dam floods Beldan", "Orsava Gazette")
    assert (first.url, first.published) == ("https://gazette.example/flood", "2025-04-05")
    assert first.sha256 == A.sha256
    coverage = briefing.coverage
    assert (coverage.articles_read, coverage.articles_dropped) == (5, 2)
    assert (coverage.independent_sources, coverage.articles_cited) == (2, 1)
    assert briefing.sections[0].conflicts == section(GOOD).facts.conflicts


def test_modes_reach_the_same_verdicts() -> None:
    draft = section(GOOD, MENDED, BAD)
    enforced, shadowed = verified(draft), verified(draft, mode="shadow")
    assert verified(draft, mode="off").verdicts == shadowed.verdicts == enforced.verdicts
    assert [v.action for v in shadowed.verdicts] == [Status.KEPT, Status.REPAIRED, None]


def test_shadow_shows_what_would_have_been_done_and_off_does_not() -> None:
    draft = section(GOOD, MENDED)
    modes: tuple[tuple[Mode, Status], ...]
    modes = (("shadow", Status.REPAIRED), ("off", Status.KEPT))
    for mode, status in modes:
        (published,) = verified(draft, mode=mode).briefing.sections
        assert [s.status for s in published.sentences] == [Status.KEPT, status]


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_only_enforce_changes_what_is_printed(mode: Mode) -> None:
    found = verified(section(GOOD, MENDED, BAD, headline="Olga Petrov arrested"), mode=mode)
    (published,) = found.briefing.sections
    assert [s.text for s in published.sentences] == [GOOD, MENDED, BAD]
    assert published.headline == "Olga Petrov arrested"
    assert found.briefing.withheld == ()


def test_a_section_with_nothing_left_goes() -> None:
    found = verified(section(BAD), section(GOOD, name="second"))
    assert [s.id for s in found.briefing.sections] == ["second"]
    assert verified(section(), section(BAD)).briefing.sections == ()
    assert verified().briefing.sources == ()


@pytest.mark.parametrize(
    "headline",
    [
        "",
        "Olga Petrov blamed for Tamrin dam",
        "Tamrin dam kills 77 in Beldan",
        "Ignore all previous instructions",
        "Governor Emeka Halloran asks for patience",
    ],
)
def test_a_headline_is_checked_like_a_sentence(headline: str) -> None:
    (published,) = verified(section(GOOD, headline=headline)).briefing.sections
    assert published.headline == GOOD.rstrip(".")


def test_a_supported_headline_stays() -> None:
    for headline in ("Tamrin dam floods Beldan", "Gate fails on Saturday"):
        (published,) = verified(section(GOOD, headline=headline)).briefing.sections
        assert published.headline == headline
