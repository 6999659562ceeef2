"""HTML to text: hidden elements out first, then trafilatura, or plain lines for fragments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.ingest.items import Found, UnusableError
from digest.records import DropReason

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# trafilatura 2.3 keeps the text of all of these, and a reader never sees it: hidden instructions to
# a model are put there.
_HIDDEN_STYLE = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|font-size:0(?:\.0+)?(?:[a-z%]*)"
    r"|opacity:0(?:\.0+)?)(?:!important)?(?=;|$)"
)
_NEVER_SHOWN = frozenset({"script", "style", "template", "head", "iframe", "object", "svg"})
# Some themes fade the whole page in from `opacity: 0`: what holds the article is not hidden text.
_HOLDERS = frozenset({"html", "body", "main", "article"})
_FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "button", "select"})
_SPACE = re.compile(r"\s")
# Read by libxml2, but lxml refuses to write them back where trafilatura moves text.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));?")
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
))
# fmt: on
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished']/@datetime",
    "//meta[@name='date' or @name='pubdate' or @name='dc.date' or @name='DC.date.issued']/@content",
)
# htmldate takes a day from the URL or the text otherwise, and refuses days after the clock's today.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2200-01-01"}


def page_found(text: str) -> Found:
    """Return the article of an HTML page: its text, a paragraph a line, and what it says of itself.

    Raises:
        UnusableError: EMPTY where the page holds no readable text.
    """
    tree = _tree(text)
    declared = [value for path in _PUBLISHED for value in tree.xpath(path)]
    metadata = _metadata(tree)
    _remove_hidden(tree, also=_NEVER_SHOWN - {"head"})
    body = _main_text(tree) or _visible_lines(tree)
    if not body:
        raise UnusableError(DropReason.EMPTY, "no readable text in the page")
    return Found(
        text=body,
        title=metadata["title"],
        publisher=metadata["sitename"],
        url=metadata["url"],
        published=next((str(value) for value in declared if value.strip()), metadata["date"]),
    )


def fragment_text(markup: str) -> str:
    r"""Return the visible text of a piece of HTML, a block a line; plain text comes back as it is.

    >>> fragment_text("<p>One <b>two</b>.</p><p hidden>Three</p>Four &amp; five")
    'One two.\nFour & five'
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        tree = _tree(f"<div>{markup}</div>")
    except UnusableError:
        return ""
    _remove_hidden(tree, also=_NEVER_SHOWN)
    return _lines(tree)


def _tree(text: str) -> HtmlElement:
    from lxml import etree, html  # noqa: PLC0415 - 50 ms, and only HTML needs it

    text = _NOT_XML.sub("", _REFERENCE.sub(_checked_reference, text))
    # As UTF-8 bytes: lxml refuses a str that declares an encoding.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnusableError(DropReason.EMPTY, f"no HTML element: {error}") from error


def _checked_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return "" if code > 0x10FFFF or _NOT_XML.match(chr(code)) else match[0]


def _remove_hidden(tree: HtmlElement, *, also: frozenset[str]) -> None:
    """Empty every element a reader does not see, and those named in `also`; keep what follows it.

    Emptied and not dropped: dropping moves the text behind, 29 s for 100,000 hidden paragraphs.
    """
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.tag in also or _is_hidden(element):
            _empty(element)


def _empty(element: HtmlElement) -> None:
    element.clear(keep_tail=True)
    if element.tag not in _BLOCKS:
        element.tag = "span"


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in _HOLDERS:
        return False
    style = "".join(element.get("style", "").lower().split())
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden", "").strip().lower() == "true"
        or _HIDDEN_STYLE.search(style) is not None
    )


def _main_text(tree: HtmlElement) -> str:
    """Return what trafilatura takes for the article, "" where it finds none."""
    import trafilatura  # noqa: PLC0415 - 0.5 s, and only pages need it

    for tables in (False, True):  # cells are no sentences, but old pages lay articles out in them
        try:
            document = trafilatura.bare_extraction(
                tree, include_comments=False, include_tables=tables, prune_xpath="//nav"
            )
        except Exception:  # noqa: BLE001 - it names no errors, and one odd page must not end a run
            return ""
        if document is not None and document.text and document.text.strip():
            return str(document.text).strip()
    return ""


def _metadata(tree: HtmlElement) -> dict[str, str | None]:
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415 - as above

    names = ("title", "sitename", "url", "date")
    try:
        document = extract_metadata(tree, date_config=dict(_DATES))
    except Exception:  # noqa: BLE001 - as above
        return dict.fromkeys(names)
    return {name: getattr(document, name, None) for name in names}


def _visible_lines(tree: HtmlElement) -> str:
    """Return the lines of a page too short for trafilatura, without its furniture."""
    for element in list(tree.iter(*_FURNITURE, "head")):
        if element.getparent() is not None:
            _empty(element)
    return _lines(tree)


def _lines(tree: HtmlElement) -> str:
    """Return the text with every block on a line of its own, white space collapsed."""
    from lxml import etree  # noqa: PLC0415 - as above

    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = element.text if event == "start" else element.tail
        parts += ["\n" if element.tag in _BLOCKS else "", " ".join(_SPACE.split(text or ""))]
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
