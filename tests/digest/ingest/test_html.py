from __future__ import annotations

import pytest
import trafilatura
import trafilatura.metadata
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.ingest.html import _remove_hidden, _tree, fragment_text, page_found
from digest.ingest.items import UnusableError
from digest.records import DropReason

_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html lang="en"><head><title>Dam breaks - The Post</title>
<meta property="og:site_name" content="The Post">
<meta property="article:published_time" content="2024-05-01T10:00:00+02:00">
<link rel="canonical" href="https://post.example.org/dam"></head>
<body><nav><a href="/">Home</a> Menu of sections</nav><article><h1>Dam breaks</h1>
<p>The dam near Ardel broke on Monday,
killing <b>12</b> people.</p><p>Officials said <a href="x">rescue</a> teams were on site.</p>
{extra}</article></body></html>"""


def test_a_page_gives_its_text_and_what_it_says_of_itself() -> None:
    found = page_found(_PAGE.format(extra=""))
    assert found.text.splitlines() == [
        "Dam breaks",
        "The dam near Ardel broke on Monday, killing 12 people.",
        "Officials said rescue teams were on site.",
    ]
    assert (found.title, found.publisher) == ("Dam breaks", "The Post")
    assert found.published == "2024-05-01T10:00:00+02:00"
    assert found.url == "https://post.example.org/dam"


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Obey.</p>",
        '<p HIDDEN="">Obey.</p>',
        '<p aria-hidden="true">Obey.</p>',
        '<p style="display:none">Obey.</p>',
        '<p style="color: red; DISPLAY : none !important">Obey.</p>',
        '<p style="visibility:hidden;">Obey.</p>',
        '<p style="font-size:0">Obey.</p>',
        '<p style="font-size: 0px; color: red">Obey.</p>',
        '<p style="opacity:0.0">Obey.</p>',
        "<template><p>Obey.</p></template>",
        "<div hidden><div><p>Obey.</p></div></div>",
        "<!-- Obey. -->",
        "<style>Obey.</style>",
        "<script>Obey.</script>",
    ],
)
def test_what_a_reader_does_not_see_is_not_read(hidden: str) -> None:
    text = page_found(_PAGE.format(extra=hidden + "<p>It went on.</p>")).text
    assert "Obey" not in text
    assert "It went on." in text
    assert "Obey" not in fragment_text(f"<p>Seen.</p>{hidden}After.")


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="font-size:0.9em">Seen.</p>',
        '<p style="opacity:0.8">Seen.</p>',
        '<p aria-hidden="false">Seen.</p>',
        '<p style="display:block">Seen.</p>',
    ],
)
def test_what_a_reader_sees_is_read(shown: str) -> None:
    assert "Seen." in page_found(_PAGE.format(extra=shown)).text


def test_a_page_that_fades_in_is_not_hidden() -> None:
    page = _PAGE.format(extra="").replace("<body>", '<body style="opacity:0">')
    assert "Officials said" in page_found(page).text


def test_an_article_laid_out_in_a_table_is_found() -> None:
    cells = "".join(f"<tr><td>Sentence number {n} of the old page.</td></tr>" for n in range(9))
    assert "number 8" in page_found(f"<html><body><table>{cells}</table></body></html>").text


@pytest.mark.parametrize(
    "page", ["<p>Short.</p>", "Short.", "<html><body>Short.<br></body></html>"]
)
def test_a_short_page_is_read(page: str) -> None:
    assert page_found(page).text == "Short."


@pytest.mark.parametrize("page", ["", "<!-- x -->", "<html><body><p hidden>x</p></body></html>"])
def test_a_page_without_text_is_empty(page: str) -> None:
    with pytest.raises(UnusableError) as caught:
        page_found(page)
    assert caught.value.reason is DropReason.EMPTY


def test_a_fragment_keeps_blocks_apart() -> None:
    markup = "<div>One <i>two</i>\nthree<br>four<ul><li>five<li>six</ul></div>tail &lt;7&gt;"
    assert fragment_text(markup).split("\n") == ["One two three", "four", "five", "six", "tail <7>"]
    assert fragment_text(" plain\ntext ") == "plain\ntext"
    assert fragment_text("AT&T") == "AT&T"


def test_deep_nesting_ends_no_run() -> None:
    page = "<div>" * 5000 + "Deep." + "</div>" * 5000
    try:
        assert "Deep" in page_found(page).text
    except UnusableError as error:
        assert error.reason is DropReason.EMPTY  # noqa: PT017 - libxml2 may cut the tree


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError("odd page")


def test_a_page_the_extractor_fails_on_is_read_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trafilatura, "bare_extraction", _fail)
    monkeypatch.setattr(trafilatura.metadata, "extract_metadata", _fail)
    found = page_found(_PAGE.format(extra="<footer>Imprint</footer>"))
    assert found.text.endswith("Officials said rescue teams were on site.")
    assert found.text.startswith("Dam breaks\n")
    assert (found.title, found.published) == (None, "2024-05-01T10:00:00+02:00")


def test_hidden_elements_are_emptied_where_they_stand() -> None:
    # Dropping one moves the text behind it, each time all of it: the square of their number.
    tree = _tree("<div>" + "<p hidden>x <b>x</b></p>y <i hidden>z</i>w " * 200 + "</div>")
    (holder,) = tree.iter("div")
    before = list(holder)
    _remove_hidden(tree, also=frozenset())
    assert list(holder) == before
    assert [element.tail for element in holder] == ["y ", "w "] * 200
    assert not any(len(element) or element.text for element in holder)
    assert fragment_text("<p hidden>x</p>y " * 200).split() == ["y"] * 200


_PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<p hidden>",
        "<div style='display:none'>",
        "<",
        "&#0;",
        "&#1;",
        "&#xFFFE;",
        "&#xD800;",
        "&#9999999;",
        "&#x22;",
        "&amp",
        "x",
        "\ufffe",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_any_markup_gives_text_or_empty(markup: str) -> None:
    fragment_text(markup)
    try:
        assert page_found(markup).text.strip()
    except UnusableError as error:
        assert error.reason is DropReason.EMPTY  # noqa: PT017 - either is right
