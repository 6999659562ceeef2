"""Cut a raw text into paragraphs, each with its place in the raw text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Alignment and sentence splitting cost the square of a paragraph, so its length is bounded. Of
# 227,016 newspaper paragraphs one in a thousand has more than 2,685 characters (the longest, a page
# without line breaks, 35,783).
_MAX_PARAGRAPH = 4_000
_SENTENCE_END = re.compile(r"[a-z\d][.!?][\"”’)]*\s+(?=[A-Z“\"])")

_HIDING = r"hidden|display\s*:|visibility\s*:|font-size\s*:|opacity\s*:"
_BLOCK = (
    "address|article|aside|blockquote|body|caption|center|dd|div|dl|dt|figcaption|figure|footer"
    "|form|h[1-6]|head|header|hr|html|li|main|nav|ol|option|p|pre|section|select|table|tbody|td"
    "|tfoot|th|thead|title|tr|ul"
)
# A tag that hides its content is left in place: `drop_hidden_markup` needs to see it. `<n>` is
# what PEGASUS prints for a line break.
_BREAK = re.compile(
    rf"(\r\n?|[\n\v\f\x1c-\x1e\u2028\u2029])|<br\s{{0,9}}/?>|<n>"
    rf"|</?(?:{_BLOCK})\b(?![^<>]{{0,300}}(?:{_HIDING}))[^<>]{{0,300}}>",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_LEADS_QUOTE = re.compile(
    r"\b(?:said|says|added|adds|told|wrote|writes|tweeted|asked|replied|stated|continued|"
    r"explained|declared|warned|insisted)\b[^.!?:]{0,60}:$"
)
_OPENS_QUOTE = re.compile(r"[“\"]\S")


def split_blocks(raw: str) -> tuple[list[Span], list[Span]]:
    r"""Return the paragraphs of a raw text and the block tags between them, white space trimmed.

    A hard-wrapped text is joined again, as is a line that ends in "said:" with the quotation that
    stands on the next one: a paragraph's span may therefore hold line breaks.

    >>> blocks, tags = split_blocks("One.<br>Two said:\n\n“Three.”")
    >>> [(b.start, b.end) for b in blocks], [(t.start, t.end) for t in tags]
    ([(0, 4), (8, 27)], [(4, 8)])
    """
    lines: list[Span] = []
    tags: list[Span] = []
    cursor = 0
    for match in _BREAK.finditer(raw):
        lines.append(_trimmed(raw, cursor, match.start()))
        if match.group(1) is None:
            tags.append(Span(start=match.start(), end=match.end()))
            lines.append(Span(start=match.end(), end=match.end()))
        cursor = match.end()
    lines.append(_trimmed(raw, cursor, len(raw)))
    joined = _unwrapped(raw, lines)
    joined = _with_attributions(raw, [line for line in joined if line.start < line.end])
    return [part for line in joined for part in _bounded(raw, line)], tags


def _trimmed(raw: str, start: int, end: int) -> Span:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def _unwrapped(raw: str, lines: list[Span]) -> list[Span]:
    """Join lines that were broken at a fixed width; an empty line ends a paragraph."""
    if not _is_wrapped(raw, lines):
        return lines
    width = max(line.end - line.start for line in lines)
    joined: list[Span] = []
    open_paragraph = False
    for line in lines:
        if line.start == line.end:
            open_paragraph = False
            continue
        if open_paragraph:
            joined[-1] = Span(start=joined[-1].start, end=line.end)
        else:
            joined.append(line)
        short = line.end - line.start < 0.75 * width
        open_paragraph = not (short and _ENDS_SENTENCE.search(raw, line.start, line.end))
    return joined


def _is_wrapped(raw: str, lines: list[Span]) -> bool:
    """Tell whether lines of 40 to 100 characters run on into lines that start in lower case."""
    if max(line.end - line.start for line in lines) > 120:
        return False
    pairs = [
        (line, after)
        for line, after in pairwise(lines)
        if line.start < line.end and after.start < after.end
    ]
    running = [
        after
        for line, after in pairs
        if line.end - line.start >= 40 and not _ENDS_SENTENCE.search(raw, line.start, line.end)
    ]
    lower = sum(raw[after.start].islower() for after in running)
    return len(running) >= 3 and len(running) >= 0.6 * len(pairs) and lower >= 0.4 * len(running)


def _with_attributions(raw: str, lines: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for line in lines:
        leads = joined and _LEADS_QUOTE.search(raw[joined[-1].start : joined[-1].end][-120:])
        if leads and _OPENS_QUOTE.match(raw, line.start, line.end):
            joined[-1] = Span(start=joined[-1].start, end=line.end)
        else:
            joined.append(line)
    return joined


def _bounded(raw: str, line: Span) -> Iterator[Span]:
    """Cut an over-long line behind a sentence or at least at a space."""
    start = line.start
    while line.end - start > _MAX_PARAGRAPH:
        half, limit = start + _MAX_PARAGRAPH // 2, start + _MAX_PARAGRAPH
        ends = [match.end() for match in _SENTENCE_END.finditer(raw, half, limit)]
        space = raw.rfind(" ", half, limit)
        cut = ends[-1] if ends else space if space > 0 else limit
        part = _trimmed(raw, start, cut)
        if part.start < part.end:
            yield part
        start = cut
    part = _trimmed(raw, start, line.end)
    if part.start < part.end:
        yield part
