"""Runs of neighbouring capitalised words: where a text may name something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.text import lexicon
from digest.text.dates import MONTHS, WEEKDAYS
from digest.text.names import country_code, demonym_code
from digest.text.words import STOPWORDS, WORD, common_words

CONNECTORS = frozenset({"de", "la", "van", "von", "der", "den", "bin", "ibn", "al", "da", "di"})
CONNECTORS |= {"du", "del", "el", "le", "dos", "af"}
_DOTTED = frozenset({"st", "jr", "sr", "mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "lt"})
_CALENDAR = frozenset(WEEKDAYS) | frozenset(MONTHS)
_NEVER = _CALENDAR | frozenset({"i", "mr", "mrs", "ms", "dr", "sir", "ok"})
_OF_HEADS = lexicon.ORG_WORDS | lexicon.PLACE_WORDS | lexicon.EVENT_WORDS | {"bank", "republic"}
_OFFICE_HEADS = frozenset({"secretary", "minister", "director", "commissioner"})
# Bodies that are often of two things: "Ministry of Gender Equality and Family".
_TWO_FIELDS = frozenset({"ministry", "department", "committee", "centre", "center", "commission"})
_SENTENCE_START = re.compile(r"(?:^|[.!?:…][\"'”’)]*\s+|[“‘(]|(?:^|\s)[\"']|\n)\s*$")
_LINE = re.compile(r"[^\n]+")
_ENDING = re.compile(r"['’]\w*$")
_POSSESSIVE = re.compile(r"['’]s?$")
# No name is longer; a cap keeps the work on a page of capitals linear.
_MAX_RUN = 12


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Style:
    """How a line is printed, which says how much a capital means."""

    headline: bool
    capitals: bool
    lower_case: frozenset[str]


def is_headline_case(text: str) -> bool:
    """Tell whether a text capitalizes most of its longer words, as headlines do.

    >>> is_headline_case("Leaders Meet for Urgent Talks"), is_headline_case("Leaders meet in Paris")
    (True, False)
    """
    longer = [word for word in WORD.findall(text) if len(word) > 3 and word[0].isalpha()]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) > 0.75 * len(longer)


def is_all_capitals(text: str) -> bool:
    """Tell whether a text prints most of its longer words in capitals.

    >>> is_all_capitals("LEADERS MEET IN PARIS"), is_all_capitals("NATO and UNESCO meet in Paris")
    (True, False)
    """
    longer = [word for word in WORD.findall(text) if len(word) > 3 and word[0].isalpha()]
    return len(longer) >= 2 and sum(word.isupper() for word in longer) > 0.75 * len(longer)


def name_runs(text: str, lower_case: frozenset[str]) -> list[list[Token]]:
    """Return maximal runs of neighbouring name tokens, connectors inside allowed.

    A run keeps to one line; how the line is printed decides what a capital says.
    """
    runs: list[list[Token]] = []
    for line in _LINE.finditer(text):
        shown = line.group().rstrip()
        style = _Style(
            headline=is_headline_case(shown) and not shown.endswith("."),
            capitals=is_all_capitals(shown),
            lower_case=lower_case,
        )
        tokens = [
            Token(m.group(), m.start(), m.end())
            for m in WORD.finditer(text, line.start(), line.end())
        ]
        runs += _line_runs(text, tokens, style)
    return runs


def _line_runs(text: str, tokens: list[Token], style: _Style) -> list[list[Token]]:
    runs: list[list[Token]] = []
    for index, token in enumerate(tokens):
        follows = bool(runs) and len(runs[-1]) < _MAX_RUN and _joins(text, runs[-1], tokens, index)
        surname = follows and token.text == "May" and not style.headline
        if not surname and not _is_name_token(text, token, style):
            continue
        if follows:
            runs[-1].extend(_between(runs[-1][-1], tokens, index))
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _is_name_token(text: str, token: Token, style: _Style) -> bool:
    word = token.text
    if word[0].islower():
        return _capital_after_hyphen(word)
    if not word[0].isupper() or word.lower() in _NEVER:
        return False
    base = _ENDING.sub("", word)
    shouted = base.isupper() and len(base) > 1 and not style.capitals
    if shouted or country_code(base) or demonym_code(base):
        return True
    if word.lower().replace("’", "'") in STOPWORDS or base.lower() in STOPWORDS:
        return False
    return not _may_start_small(text, token, style) or _is_rare(base.lower(), style)


def _is_rare(lowered: str, style: _Style) -> bool:
    return lowered not in style.lower_case and lowered not in common_words()


def _may_start_small(text: str, token: Token, style: _Style) -> bool:
    """Tell whether the capital may be there for another reason than a name."""
    before = text[max(0, token.start - 8) : token.start]
    return style.headline or style.capitals or _SENTENCE_START.search(before) is not None


def _capital_after_hyphen(word: str) -> bool:
    """Tell whether a word such as "al-Assad" or "pro-Russian" holds a name."""
    return any(part[:1].isupper() and len(part) > 1 for part in word.split("-")[1:])


def _joins(text: str, run: list[Token], tokens: list[Token], index: int) -> bool:
    last, token = run[-1], tokens[index]
    if _POSSESSIVE.search(last.text) or _prefixed(last.text):
        return False
    if _prefixed(token.text) and token.text.split("-", maxsplit=1)[0] not in CONNECTORS:
        return False
    gap = text[last.end : token.start]
    if gap in {" ", " & "}:
        return True
    if gap == ". " and (len(last.text) == 1 or last.text.lower() in _DOTTED):
        return True
    middle = _between(last, tokens, index)
    if not middle or gap.strip(" ") != " ".join(t.text for t in middle):
        return False
    return _bridges([t.text for t in middle], run, token)


def _prefixed(word: str) -> bool:
    return word[0].islower() and word.split("-", maxsplit=1)[0] not in CONNECTORS


def _bridges(small: list[str], run: list[Token], token: Token) -> bool:
    """Tell whether the lower-case words between a run and a token belong to one name."""
    if set(small) <= CONNECTORS:
        return True
    if small == ["and"]:
        fields = any(t.text in {"of", "for", "on"} for t in run)
        body = any(t.text.lower() in _TWO_FIELDS for t in run[:3])
        return body and fields and not country_code(token.text) and not token.text.isupper()
    head = run[-1].text.lower()
    if head.rstrip("s") not in _OF_HEADS and head not in _OF_HEADS:
        return head in _OFFICE_HEADS and small[0] in {"of", "for"}
    return small in (["of"], ["of", "the"], ["for"], ["for", "the"]) or (
        small in (["on"], ["on", "the"]) and head in _TWO_FIELDS
    )


def _between(last: Token, tokens: list[Token], index: int) -> list[Token]:
    middle: list[Token] = []
    for token in reversed(tokens[max(0, index - 2) : index]):
        if token.start <= last.start:
            break
        middle.insert(0, token)
    return middle if middle and not middle[0].text[0].isupper() else []
