"""The clean stage: run the cleaners, choose the title, decide what is no article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.clean import registry
from digest.clean.datelines import find_agency, printed_date
from digest.clean.headings import drop_title, find_title
from digest.clean.injection import is_instruction
from digest.clean.language import find_language
from digest.clean.page import Page
from digest.clean.segment import split_blocks
from digest.clean.sentence_edit import sentences_of
from digest.records import Article, Dropped, DropReason, Edit, Quarantined, Sentence, Span, Stage
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.clean.page import LineCleaner, PageCleaner
    from digest.config import CleanConfig
    from digest.records import RawArticle

_MAX_TITLE_WORDS = 25
_CERTAIN = 0.99  # measured with the shortest length in `digest.clean.language`


def clean(raw: RawArticle, config: CleanConfig) -> Article | Dropped:
    """Return the cleaned article, or why there is none.

    Dropped are `EMPTY` texts, those of fewer than `config.min_words` words after cleaning
    (`TOO_SHORT`) and those in none of `config.languages` (`WRONG_LANGUAGE`).
    """
    if not any(character.isalnum() for character in raw.text):
        return _dropped(raw, DropReason.EMPTY, f"no letter in {len(raw.text)} characters")
    blocks, tags = split_blocks(raw.text)
    page = Page(raw.text, blocks)
    page.edits += [_tag_edit(raw.text, tag) for tag in tags]
    _run_lines(page, registry.DECODE)
    _run_pages(page, registry.FRONT)
    _run_lines(page, registry.PLAIN)
    agency = find_agency(page.texts)
    _run_lines(page, registry.SURROUNDINGS)
    title = registry.clean_title(raw.title or "") or registry.clean_title(find_title(page.texts))
    page.run_page(drop_title(title), "drop_title")
    _run_pages(page, registry.STRUCTURE)
    _run_lines(page, registry.PROSE)
    _run_pages(page, registry.REPEATS)
    _run_lines(page, registry.SENTENCES)
    _run_pages(page, registry.LEFTOVERS)
    page.run_line(drop_empty)
    return _finished(raw, page, config, title, agency)


def drop_empty(text: str) -> str:
    """Remove a paragraph without a letter or digit.

    >>> drop_empty("* * *"), drop_empty("31.")
    ('', '31.')
    """
    return text if any(character.isalnum() for character in text) else ""


def _run_lines(page: Page, cleaners: Sequence[LineCleaner]) -> None:
    for cleaner in cleaners:
        page.run_line(cleaner)


def _run_pages(page: Page, cleaners: Sequence[PageCleaner]) -> None:
    for cleaner in cleaners:
        page.run_page(cleaner)


def _tag_edit(raw: str, tag: Span) -> Edit:
    return Edit(cleaner="split_blocks", original=tag, removed=raw[tag.start : tag.end])


def _finished(
    raw: RawArticle, page: Page, config: CleanConfig, title: str, agency: str | None
) -> Article | Dropped:
    text, paragraphs, pieces = page.joined()
    language = find_language(text)
    if language and language[0] not in config.languages and language[1] >= _CERTAIN:
        wanted = ", ".join(config.languages)
        detail = f"{language[0]} with probability {language[1]:.2f}, wanted {wanted}"
        return _dropped(raw, DropReason.WRONG_LANGUAGE, detail)
    words = count_words(text)
    if words < config.min_words:
        detail = f"{words} words after cleaning, at least {config.min_words} wanted"
        return _dropped(raw, DropReason.TOO_SHORT, detail)
    sentences = _sentences(text, paragraphs)
    return Article(
        id=raw.id,
        title=title or _first_sentence(sentences),
        text=text,
        sentences=sentences,
        original_text=raw.text,
        pieces=pieces,
        edits=tuple(page.edits),
        quarantined=(*_quarantined_title(raw), *_quarantined(raw, page.edits)),
        source=raw.source,
        sha256=raw.sha256,
        language=language[0] if language and language[1] >= _CERTAIN else config.languages[0],
        publisher=raw.publisher,
        agency=agency,
        url=raw.url,
        published=raw.published or printed_date(page.edits),
        given_cluster=raw.cluster,
    )


def _sentences(text: str, paragraphs: Sequence[Span]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            start=paragraph.start + span.start,
            end=paragraph.start + span.end,
            paragraph=index,
            text=text[paragraph.start + span.start : paragraph.start + span.end],
        )
        for index, paragraph in enumerate(paragraphs)
        for span in sentences_of(text[paragraph.start : paragraph.end])
    )


def _first_sentence(sentences: Sequence[Sentence]) -> str:
    """Return the first sentence as a title, "" if it is too long for one: it is never cut."""
    if not sentences or count_words(sentences[0].text) > _MAX_TITLE_WORDS:
        return ""
    return sentences[0].text


def _quarantined(raw: RawArticle, edits: Sequence[Edit]) -> list[Quarantined]:
    return [
        Quarantined(article_id=raw.id, text=edit.removed.strip(), original=edit.original)
        for edit in edits
        if edit.cleaner in registry.QUARANTINING and edit.removed.strip()
    ]


def _quarantined_title(raw: RawArticle) -> list[Quarantined]:
    """Report an order in the title, which stands outside the raw text: its span is empty."""
    if not raw.title or not is_instruction(raw.title):
        return []
    return [Quarantined(article_id=raw.id, text=raw.title, original=Span(start=0, end=0))]


def _dropped(raw: RawArticle, reason: DropReason, detail: str) -> Dropped:
    return Dropped(article_id=raw.id, stage=Stage.CLEAN, reason=reason, detail=detail)
