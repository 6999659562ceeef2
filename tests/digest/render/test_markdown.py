from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from digest.render import to_markdown
from digest.render.markdown import escape
from digest.render.words import plain

if TYPE_CHECKING:
    from markdown_it.token import Token

    from digest.records import Briefing

# Letters, digits and white space of Markdown's own meaning: random text alone rarely hits them.
_MARKUP = st.text(alphabet="\\`*_[]<>#~|&;!()+-=.:1 9aZ\n/\"'$x", max_size=30)


def _parse(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def _inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


def _shown(tokens: list[Token]) -> str:
    return "".join(token.content for token in _inline(tokens))


@settings(deadline=None, max_examples=200)
@given(text=_MARKUP | st.text())
@example("1. one")
@example("2024) a year")
@example("- dash")
@example("+ plus")
@example("---")
@example("# sharp")
@example("> said")
@example("~~~ fence")
@example("AT&T &lt; &#60; &copy;")
@example("![x](https://a.example)")
@example("ends in \\")
@example("| a | b |")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    line = plain(text)
    tokens = _parse(escape(line))
    if not line:
        assert not tokens
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {token.type for token in _inline(tokens)} == {"text"}
    assert _shown(tokens) == line


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_briefing_has_the_outline_of_its_sections(
    data: st.DataObject, briefings: st.SearchStrategy[Briefing]
) -> None:
    briefing = data.draw(briefings)
    text = to_markdown(briefing)
    tokens = _parse(text)
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    expected = ["h1"]
    for section in briefing.sections:
        expected += ["h2", "h3"] if section.conflicts else ["h2"]
    has_sources = any(token.content == "Sources" for token in _inline(tokens))
    assert headings == expected + ["h2"] * has_sources
    assert not {t.type for t in tokens + _inline(tokens)} & {"html_block", "html_inline", "image"}
    for token in _inline(tokens):
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("https://", "http://"))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert to_markdown(briefing) == text


def test_the_page_reads_as_written(sample: Briefing) -> None:
    text = to_markdown(sample)
    assert text.startswith("# Morning briefing\n\n*10 March 2025, 06:00 UTC*\n\n")
    assert (
        "*Updated:* The Lower Kessel dam failed before dawn on Sunday and sent a wave through the "
        "town of Mora, killing at least 31 people. [1] [2] About 4,200 residents"
    ) in text
    assert "\n## *New:* Ferry crews and owners return to the table\n" in text
    assert (
        "### Where the sources differ\n\n"
        "- deaths (updated, newest first): 31 (sources 1, 2) / 12 (source 3)\n"
        "- who ordered the spillway shut (disputed): the regional water board (source 4) / "
        "Kessel Water (source 5)\n"
    ) in text
    assert (
        "1. [Toll rises to 31 below Kessel dam](https://post.example/post?from=a&to=b), "
        "Harbour Post, 9 March 2025\n"
    ) in text
    assert "\n\nRead and not cited: Rain to ease by \\[Tuesday\\] (Lakeside Tribune).\n\n" in text
    assert text.endswith(
        "---\n\n7 articles read, 1 dropped, 6 independent sources, 4 cited; 2 sentences withheld "
        "(1 misquote, 1 instruction to a model). 1 sentence repaired to say what the cited source "
        "says; 1 sentence taken word for word from a source.\n"
    )


def test_marks_match_the_numbers_of_the_list(sample: Briefing) -> None:
    text = to_markdown(sample)
    used = set(re.findall(r" \[(\d+)\]", text))
    listed = set(re.findall(r"^(\d+)\. ", text, flags=re.MULTILINE))
    assert used == {"1", "2", "3", "4"}
    assert listed == used | {"5"}


def test_withheld_text_stays_out(sample: Briefing) -> None:
    text = to_markdown(sample)
    assert "disgrace" not in text
    assert "praise" not in text


def test_news_is_silent_in_a_first_briefing(sample: Briefing) -> None:
    text = to_markdown(replace(sample, sections=sample.sections[1:]))
    assert "New" not in text
    assert "Updated" not in text


@pytest.mark.parametrize(
    "url",
    [
        "https://post.example/a_b_(c)?x=1&lt;=2",
        "https://post.example/a b>c*d",
        'https://post.example/"title"',
    ],
)
def test_a_link_leads_where_the_source_said(sample: Briefing, url: str) -> None:
    sources = tuple(replace(source, url=url) for source in sample.sources)
    tokens = _inline(_parse(to_markdown(replace(sample, sources=sources))))
    links = {str(token.attrs["href"]) for token in tokens if token.type == "link_open"}
    encoded = url.replace(" ", "%20").replace(">", "%3E").replace('"', "%22")
    assert links == {encoded.replace("(", "%28").replace(")", "%29")}


def test_attacks_stay_text(hostile: Briefing, payloads: tuple[str, ...]) -> None:
    tokens = _parse(to_markdown(hostile))
    types = {token.type for token in tokens + _inline(tokens)}
    assert not types & {"html_block", "html_inline", "image", "link_open"}
    shown = _shown(tokens)
    assert all(plain(payload) in shown for payload in payloads)


def test_a_briefing_without_sections_says_so(sample: Briefing) -> None:
    assert "\n\nNothing was fit to publish.\n\n" in to_markdown(replace(sample, sections=()))
