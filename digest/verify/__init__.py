"""Draft -> Briefing + Verdicts: the guard. Only this package makes a Briefing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import (
    Article,
    Briefing,
    BriefingSection,
    BriefingSentence,
    Citation,
    CitedSentence,
    Coverage,
    Section,
    Source,
    Status,
    Support,
    SupportedMention,
    Verdict,
    Withheld,
    WithheldReason,
)
from digest.text.clauses import opening
from digest.verify.checks import fault
from digest.verify.guard import Guard, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.config import VerifyConfig
    from digest.records import Draft, Mention

__all__ = ["Verified", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The briefing and what was decided about each sentence of the draft, in order."""

    briefing: Briefing
    verdicts: tuple[Verdict, ...]


def verify(
    draft: Draft,
    config: VerifyConfig,
    *,
    title: str,
    created: str,
    articles_read: int,
    articles_dropped: int,
) -> Verified:
    """Check every sentence of a draft against the spans it cites.

    Every mode reaches the same verdicts. In `enforce` what fails is repaired, replaced or withheld;
    in `shadow` the draft is printed as it is, each sentence with the status it would have had; in
    `off` it is printed without a word of the guard.

    Args:
        draft: what to check.
        config: the mode.
        title: of the briefing.
        created: ISO 8601 time of the run.
        articles_read: articles and inputs the run was given.
        articles_dropped: how many of them were dropped.
    """
    sections: list[BriefingSection] = []
    verdicts: list[Verdict] = []
    withheld: list[Withheld] = [*draft.withheld, *_quarantined(draft)]
    for section in draft.sections:
        guard = Guard(section)
        outcomes = [_outcome(guard, s, config.mode) for s in section.sentences]
        verdicts += [outcome.verdict for outcome in outcomes]
        withheld += [
            Withheld(text=o.verdict.sentence, reason=o.verdict.reason, section_id=section.id)
            for o in outcomes
            if o.verdict.reason is not None and config.mode == "enforce"
        ]
        published = [
            _published(guard, outcome, config.mode) for outcome in outcomes if outcome.sentence
        ]
        if published:
            sections.append(
                BriefingSection(
                    id=section.id,
                    headline=_headline(guard, section, published, config.mode),
                    sentences=tuple(published),
                    conflicts=section.facts.conflicts,
                )
            )
    briefing = Briefing(
        created=created,
        title=title,
        sections=tuple(sections),
        sources=_sources(draft),
        withheld=tuple(withheld),
        coverage=Coverage(
            articles_read=articles_read,
            articles_dropped=articles_dropped,
            independent_sources=sum(len(set(s.cluster.independent)) for s in draft.sections),
            articles_cited=len(_cited(sections)),
        ),
    )
    return Verified(briefing=briefing, verdicts=tuple(verdicts))


def _outcome(guard: Guard, sentence: CitedSentence, mode: str) -> Outcome:
    """Return the verdict on a sentence, with what is printed of it in this mode."""
    outcome = guard.judge(sentence)
    return outcome if mode == "enforce" else Outcome(sentence=sentence, verdict=outcome.verdict)


def _published(guard: Guard, outcome: Outcome, mode: str) -> BriefingSentence:
    sentence = outcome.sentence
    assert sentence is not None  # noqa: S101 - the caller filters
    levels = guard.levels(sentence)
    status = Status.KEPT if mode == "off" else outcome.verdict.action or Status.KEPT
    return BriefingSentence(
        text=sentence.text,
        status=status,
        new="new",
        citations=sentence.citations,
        entities=tuple(_entity(mention, level) for mention, level in levels),
    )


def _entity(mention: Mention, level: Support) -> SupportedMention:
    return SupportedMention(text=mention.text, label=mention.label, support=level)


def _headline(
    guard: Guard, section: Section, published: Sequence[BriefingSentence], mode: str
) -> str:
    """Return the headline if what it names is supported by the section's own citations.

    Otherwise the opening of the first published sentence stands in.
    """
    citations: tuple[Citation, ...] = tuple(c for s in published for c in s.citations)
    known = not guard.unsupported(CitedSentence(text=section.headline, citations=citations))
    broken = fault(f"{section.headline}.") in {WithheldReason.INJECTION, WithheldReason.MISQUOTE}
    if mode != "enforce" or (section.headline and known and not broken):
        return section.headline
    return opening(published[0].text)


def _quarantined(draft: Draft) -> list[Withheld]:
    """Return what cleaning took out as instructions to a model: told of, though nobody used it."""
    return [
        Withheld(text=item.text, reason=WithheldReason.INJECTION, section_id=section.id)
        for section in draft.sections
        for article in section.cluster.articles
        for item in article.quarantined
    ]


def _cited(sections: Sequence[BriefingSection]) -> set[str]:
    return {c.article_id for section in sections for s in section.sentences for c in s.citations}


def _sources(draft: Draft) -> tuple[Source, ...]:
    articles: dict[str, Article] = {}
    for section in draft.sections:
        for article in (*section.cluster.articles, *section.cluster.superseded):
            articles[article.id] = article
    return tuple(
        Source(
            id=article.id,
            title=article.title,
            publisher=article.publisher,
            url=article.url,
            published=article.published,
            sha256=article.sha256,
        )
        for article in articles.values()
    )
