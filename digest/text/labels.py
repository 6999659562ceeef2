"""What kind of thing a name names: by the words inside it and right around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Label, Mention
from digest.text import lexicon
from digest.text.names import country_code, demonym_code, is_known_place, without_possessive

if TYPE_CHECKING:
    from digest.text.runs import Token

# A name's label depends on its neighbours only: so many characters before and after are looked at.
_NEAR = 40
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|across|around|outside|toward|towards|into)\s(?:the\s)?$"
)
_SAYS_AFTER = re.compile(rf"\s(?:also\s|has\s|had\s)?{lexicon.SAYING}\b")
_SAYS_BEFORE = re.compile(rf"\b{lexicon.SAYING}\s$")
# "TradeMap" is a body's name, "McDonald" and "al-Assad" are people's.
_BRAND = re.compile(r"^(?!Ma?c[A-Z]|[DL][aei][A-Z]).*[a-z][A-Z]")
_DIRECTIONS = lexicon.DIRECTIONS
_PLACE_HEADS = frozenset({"mount", "lake", "port", "st", "cape", "fort", "isle"})
LOWER_TITLES = frozenset(title.split()[-1] for title in lexicon.TITLES) - {"head", "chair", "miss"}


def titled_before(text: str, start: int) -> bool:
    """Tell whether title words stand right before: "spokesman Dmitry Peskov", "Mr Jones"."""
    before = text[max(0, start - 30) : start].split()
    if not before or text[start - 1 : start] != " ":
        return False
    last = before[-1]
    return last in LOWER_TITLES or last.strip(".").lower() in {"mr", "mrs", "ms", "dr", "sir"}


def country_label(words: list[str]) -> Label:
    """Return the label of a country's, a union's or a people's name."""
    code = country_code(without_possessive(" ".join(words)))
    if code is None:
        return Label.NORP
    return Label.ORG if code in {"EU", "UN"} else Label.PLACE


def label_of(text: str, tokens: list[Token], *, titled: bool = False) -> Label:
    """Return the label of the name that `tokens` are; `titled`: an office stands before it."""
    words = [without_possessive(token.text) for token in tokens]
    lowered = [word.lower() for word in words]
    if lowered[-1] in lexicon.EVENT_WORDS or _is_holiday(lowered, text[: tokens[0].start]):
        return Label.EVENT
    if any(word in lexicon.ORG_WORDS for word in lowered):
        return Label.ORG
    return Label.PERSON if titled else _label_among(text, tokens, words)


def _is_holiday(lowered: list[str], before: str) -> bool:
    """Tell "International Workers Day", "Women's Day" and "May Day" from Dorothy Day."""
    alone = len(lowered) == 1 and before.endswith(("May ", "'s ", "’s ", "s' ", "s’ "))
    # Two words may be a given name and a last one.
    return lowered[-1] == "day" and (alone or len(lowered) > 2 or lowered[0] in lexicon.HOLIDAYS)


def _label_among(text: str, tokens: list[Token], words: list[str]) -> Label:
    """Label a name by what is listed and by what stands around it."""
    before = text[max(0, tokens[0].start - _NEAR) : tokens[0].start]
    if is_known_place(" ".join(words)) or _named_as_place([word.lower() for word in words], before):
        return Label.PLACE
    after = text[tokens[-1].end : tokens[-1].end + _NEAR]
    if len(tokens) == 1:
        return _label_of_one(words[0], before, after)
    if before.lower().endswith("the "):
        return Label.ORG
    return Label.PERSON


def _named_as_place(lowered: list[str], before: str) -> bool:
    if _PLACE_BEFORE.search(before):
        return True
    if len(lowered) == 1:
        return lowered[0] in lexicon.PLACE_WORDS
    if lowered[0] in _PLACE_HEADS or lowered[0] in _DIRECTIONS:
        return True
    return lowered[-1] in lexicon.PLACE_WORDS and (
        lowered[-1] not in _DIRECTIONS or before.lower().endswith("the ")
    )


def _label_of_one(word: str, before: str, after: str) -> Label:
    if word.isupper() and len(word) > 1:
        return Label.ORG
    if _SAYS_AFTER.match(after) or _SAYS_BEFORE.search(before):
        return Label.PERSON
    if re.search(r"\b(?:from|to)\s$", before):
        return Label.PLACE
    # Of 300 dev sentences of a news corpus, 152 lone names without other evidence were people's,
    # 33 bodies' and 40 places'; behind an article they were bodies'.
    return Label.ORG if _BRAND.search(word) or before.lower().endswith("the ") else Label.PERSON


def agree(mentions: list[Mention]) -> list[Mention]:
    """Give a lone surname the label of the full name it ends, within one text."""
    surnames = {
        m.text.split()[-1]: m.label for m in mentions if m.label is Label.PERSON and " " in m.text
    }
    return [
        m
        if m.label is Label.EVENT
        or country_code(m.text)
        or demonym_code(m.text)
        or is_known_place(m.text)
        else Mention(
            text=m.text,
            label=surnames.get(m.text, m.label),
            start=m.start,
            end=m.end,
        )
        for m in mentions
    ]
