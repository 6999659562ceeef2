"""Who is quoted where: pairs of double quotation marks, and sentences whose marks do not pair."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.clean.sentence_edit import drop_sentences, overlaps, sentences_of
from digest.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK = re.compile(r"[“”\"]")
_BEFORE_OPEN = frozenset("([{—–-‘'/…")
_AFTER_CLOSE = frozenset(".,;:!?)]}—–-’'/…*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotations:
    """The quotation marks of one paragraph.

    `pairs` are the outermost quotations, marks included; `nested` those that hold another one in
    double marks; `unclosed` and `unopened` are the places of marks without a partner; `opening`
    the places of all opening marks.
    """

    pairs: tuple[Span, ...]
    nested: tuple[Span, ...]
    unclosed: tuple[int, ...]
    unopened: tuple[int, ...]
    opening: tuple[int, ...]


@lru_cache(maxsize=4096)
def quotations(text: str) -> Quotations:
    """Pair the double quotation marks of a paragraph, curly and straight ones alike.

    >>> quotations("“Yes,” he said. “No").pairs, quotations("“Yes,” he said. “No").unclosed
    ((Span(start=0, end=6),), (16,))
    """
    stack: list[int] = []
    opening: list[int] = []
    closed: list[tuple[int, int]] = []
    unopened: list[int] = []
    for match in _MARK.finditer(text):
        place = match.start()
        if _opens(text, place, inside=bool(stack)):
            stack.append(place)
            opening.append(place)
        elif stack:
            closed.append((stack.pop(), place + 1))
        elif not _is_inch(text, place):
            unopened.append(place)
    outer: list[Span] = []
    nested: list[Span] = []
    for start, end in sorted(closed):
        if not outer or start >= outer[-1].end:
            outer.append(Span(start=start, end=end))
        elif not nested or nested[-1] != outer[-1]:
            nested.append(outer[-1])
    return Quotations(
        pairs=tuple(outer),
        nested=tuple(nested),
        unclosed=tuple(stack),
        unopened=tuple(unopened),
        opening=tuple(opening),
    )


def _opens(text: str, place: int, *, inside: bool) -> bool:
    """Tell an opening mark from a closing one by its neighbors; a wrong-way curly one as well."""
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if inside and text[place] == "“" and (place + 1 == len(text) or not before.isspace()):
        return before in _BEFORE_OPEN and place + 1 < len(text)  # `cars,“he said` closes
    opens = (before.isspace() or before in _BEFORE_OPEN) and not after.isspace()
    closes = (not before.isspace() and before not in "([{") and (
        after.isspace() or after in _AFTER_CLOSE
    )
    if opens != closes:
        return opens
    if text[place] == '"':
        return not inside
    return text[place] == "“"


def _is_inch(text: str, place: int) -> bool:
    return text[place] == '"' and text[place - 1 : place].isdigit()


_ATTRIBUTED = re.compile(
    r"\b(?:he|she|they|[A-Z][\w’'-]+) (?:said|says|told|added|wrote)\b|"
    r"\b(?:said|says|added|wrote) (?:he|she|they|the|a|an|[A-Z][\w’'-]+)\b"
)


def close_running_quotes(paragraphs: Sequence[str]) -> list[str]:
    """Close a quotation that goes on in the next paragraph, which newspapers print unclosed.

    >>> close_running_quotes(["“One came.", "“Two left,” he said."])
    ['“One came.”', '“Two left,” he said.']
    """
    result = list(paragraphs)
    filled = [index for index, text in enumerate(result) if text]
    for here, after in pairwise(filled):
        text, marks = result[here], quotations(result[here])
        continues = result[after][0] in '“"' and quotations(result[after]).opening[:1] == (0,)
        if not continues or len(marks.unclosed) != 1 or marks.unopened:
            continue
        start = marks.unclosed[0]
        if start == marks.opening[-1] and not _ATTRIBUTED.search(text, start):
            result[here] = text + ("”" if text[start] == "“" else '"')
    return result


_PRONOUN_SAYS = re.compile(
    r"\b(?:he|she|they)(?: \w+ly)? (?:said|says|added|adds|told|wrote|continued|explained|"
    r"asked)\b"
    r"|\b(?:said|added) (?:he|she|they)\b",
    re.IGNORECASE,
)


def drop_unbalanced_quotes(paragraphs: Sequence[str]) -> list[str]:
    """Remove sentences whose quotation marks do not pair: nobody can tell who says them.

    After an opening mark without a partner that is everything up to the next one. Double marks
    inside double marks are a fault of the same kind. A quotation that follows and that only "he"
    or "she" says has lost its speaker and goes as well. What is whole stays.

    >>> drop_unbalanced_quotes(["It rained. “Late, Roe said.", "“Lost,” he added. It ended."])
    ['It rained.', 'It ended.']
    """
    result: list[str] = []
    lost_speaker = False
    for text in paragraphs:
        mended = _without_unbalanced(text)
        if lost_speaker and mended == text:
            mended = _without_pronoun_quotes(text)
        if text:
            lost_speaker = mended != text and not (mended and text.endswith(mended[-20:]))
        result.append(mended)
    return result


def _without_pronoun_quotes(text: str) -> str:
    leading: list[Span] = []
    pairs = quotations(text).pairs
    for span in sentences_of(text):
        quoted = any(overlaps(span, pair) for pair in pairs)
        if not quoted or not _PRONOUN_SAYS.search(unquoted(text), span.start, span.end):
            break
        leading.append(span)
    return drop_sentences(text, leading.__contains__)


def _without_unbalanced(text: str) -> str:
    for _ in range(3):  # a removed sentence can take one mark of a good pair along
        marks = quotations(text)
        faults = [Span(start=place, end=place + 1) for place in marks.unopened]
        faults += [_to_next_opening(text, marks, place) for place in marks.unclosed]
        faults += marks.nested
        if not faults:
            return text
        text = drop_sentences(text, partial(_overlaps_any, faults))
    return "" if _has_fault(text) else text


def _overlaps_any(faults: list[Span], span: Span) -> bool:
    return any(overlaps(span, fault) for fault in faults)


def _has_fault(text: str) -> bool:
    marks = quotations(text)
    return bool(marks.unopened or marks.unclosed or marks.nested)


def _to_next_opening(text: str, marks: Quotations, place: int) -> Span:
    following = [other for other in marks.opening if other > place]
    return Span(start=place, end=following[0] if following else len(text))


_SINGLE = re.compile(r"(?<![\w’'])[‘'](?=\w)[^“”\"\n]{1,800}[’'](?!\w)")


def unquoted(text: str) -> str:
    """Return the text with quoted speech blanked out, offsets unchanged; single marks count too.

    >>> unquoted("He said ‘I am’ and “I was” twice.").split()
    ['He', 'said', 'and', 'twice.']
    """
    characters = list(text)
    for span in quotations(text).pairs:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return _SINGLE.sub(lambda match: " " * len(match.group()), "".join(characters))
