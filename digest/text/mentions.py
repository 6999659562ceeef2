"""Find what a text names: people, bodies, places, peoples, events, numbers, dates, quotations.

Rules only: runs of capitalised words, split at titles, countries and possessives, labelled by the
words inside and around them. The rules are the floor under any learned extractor.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from digest.records import Label, Mention
from digest.text import lexicon
from digest.text.dates import date_mentions
from digest.text.labels import agree, country_label, label_of, titled_before
from digest.text.memory import remember
from digest.text.names import country_code, demonym_code, without_possessive
from digest.text.numbers import hedge_start, quantities
from digest.text.quotes import quotations
from digest.text.runs import CONNECTORS, Token, is_headline_case, name_runs

__all__ = ["NAME_LABELS", "find_mentions", "is_headline_case", "name_mentions"]

NAME_LABELS = frozenset({Label.PERSON, Label.ORG, Label.PLACE, Label.NORP, Label.EVENT})

_BETWEEN_TWO = re.compile(
    r"\s(?:meeting|talks|summit|call|deal|pact|agreement|relations?|relationship|encounter|border)\b"
)


@remember(characters=2_000_000)
def find_mentions(text: str, lower_case: frozenset[str] = frozenset()) -> tuple[Mention, ...]:
    """Return all mentions of a text, by start; only QUOTE may overlap others.

    Args:
        text: one sentence or more.
        lower_case: words that related texts write in lower case; one that starts a sentence with a
            capital is then no name.

    >>> text = "Italy's Giorgia Meloni met NATO on Monday."
    >>> [(m.text, m.label.value) for m in find_mentions(text)]
    [('Italy', 'PLACE'), ('Giorgia Meloni', 'PERSON'), ('NATO', 'ORG'), ('Monday', 'DATE')]
    """
    found = _dates_and_numbers(text)
    names = _outside(
        [m for run in name_runs(text, lower_case) for m in _split_run(text, run)], found
    )
    quotes = [
        Mention(text=text[s.start : s.end], label=Label.QUOTE, start=s.start, end=s.end)
        for s in quotations(text)
    ]
    return tuple(sorted([*found, *agree(names), *quotes], key=lambda m: (m.start, m.end, m.label)))


def name_mentions(text: str, lower_case: frozenset[str] = frozenset()) -> list[Mention]:
    """Return only the mentions of people, bodies, places, peoples and events."""
    return [m for m in find_mentions(text, lower_case) if m.label in NAME_LABELS]


# Counts without a figure: a source has the very word, or it has not said so.
_VAGUE_COUNT = re.compile(
    r"\b(?:dozens|hundreds|thousands|millions|billions|half of)\b", re.IGNORECASE
)


def _dates_and_numbers(text: str) -> list[Mention]:
    """Return dates and, outside them, numbers with what hedges them: "more than 50"."""
    dates = [
        Mention(text=d.text, label=Label.DATE, start=d.start, end=d.end)
        for d in date_mentions(text)
    ]
    numbers = []
    for q in quantities(text):
        start = hedge_start(text, q)
        # What looks like a year and is no date is a count: "2022 people".
        label = Label.NUMBER if q.label is Label.DATE else q.label
        numbers.append(Mention(text=text[start : q.end], label=label, start=start, end=q.end))
    numbers = sorted([*dates, *_outside(numbers, dates)], key=lambda m: m.start)
    vague = [
        Mention(text=v.group(), label=Label.NUMBER, start=v.start(), end=v.end())
        for v in _VAGUE_COUNT.finditer(text)
    ]
    return sorted([*numbers, *_outside(vague, numbers)], key=lambda m: m.start)


def _outside(mentions: list[Mention], taken: list[Mention]) -> list[Mention]:
    """Return the mentions that overlap none of `taken`, which are in order and apart."""
    starts = [mention.start for mention in taken]
    free = []
    for mention in mentions:
        before = bisect_left(starts, mention.end)
        if before == 0 or taken[before - 1].end <= mention.start:
            free.append(mention)
    return free


def _split_run(text: str, run: list[Token]) -> list[Mention]:
    """Peel countries, titles and bodies off the front of a run; label what remains."""
    mentions: list[Mention] = []
    titled = titled_before(text, run[0].start)
    rest = list(run)
    while rest:
        words = [token.text for token in rest]
        size = _country_size(words)
        if size and size < len(rest) and _country_body(words[size:]):
            mentions.append(_mention(text, rest, Label.ORG))
            break
        if size:
            mentions.append(_mention(text, rest[:size], country_label(words[:size])))
            rest, titled = _past_connectors(rest[size:]), False
            continue
        size = lexicon.title_at(words)
        if size and not (size == 1 and len(rest) > 1 and _is_org(words)):
            rest, titled = _past_portfolio(rest[size:]), True
            continue
        if len(rest) > 1 and rest[0].text.isupper() and lexicon.title_at(words[1:]):
            mentions.append(_mention(text, rest[:1], Label.ORG))
            rest = rest[1:]
            continue
        if rest[0].text.lower() in {"former", "acting", "late", "the"} and len(rest) > 1:
            rest = rest[1:]
            continue
        mentions += _remainder(text, rest, titled=titled)
        break
    return mentions


def _past_portfolio(rest: list[Token]) -> list[Token]:
    """Skip what an office is of: "Secretary | of Homeland Security | Kristi Noem"."""
    if rest and rest[0].text in {"of", "for"}:
        rest = rest[-2:] if len(rest) > 3 else []
    return _past_connectors(rest)


def _past_connectors(rest: list[Token]) -> list[Token]:
    """Drop small words that lost what they connected: "Ministers of | India"."""
    while rest and rest[0].text.islower() and rest[0].text not in CONNECTORS:
        rest = rest[1:]
    return rest


def _country_size(words: list[str]) -> int:
    """Return how many words at the front name a country or its people."""
    for size in (4, 3, 2, 1):
        if size <= len(words):
            joined = " ".join(words[:size])
            if country_code(joined) or demonym_code(joined):
                return size
    return 0


def _country_body(words: list[str]) -> bool:
    """Tell whether the words after a country make it a body: "European" + "Commission"."""
    return (
        len(words) <= 3 and words[-1].lower() in lexicon.ORG_WORDS and not lexicon.title_at(words)
    )


def _remainder(text: str, rest: list[Token], *, titled: bool) -> list[Mention]:
    if len(rest) == 1 and "-" in rest[0].text and not rest[0].text.isupper():
        return _hyphenated(text, rest[0], titled=titled)
    return [_mention(text, rest, label_of(text, rest, titled=titled))]


def _hyphenated(text: str, token: Token, *, titled: bool) -> list[Mention]:
    """Split "US-Russia" and "Rubio-Lavrov meeting"; "Saudi-led" is the name before the hyphen.

    Other hyphens belong to the name: "Kosh-Oran", "al-Assad".
    """
    parts = token.text.split("-")
    countries = any(_country_size([part]) for part in parts)
    two_sides = countries or _BETWEEN_TWO.match(text[token.end : token.end + 20])
    whole = all(part[:1].isupper() for part in parts) and not two_sides
    if whole or (parts[0] in CONNECTORS and not two_sides):
        return [_mention(text, [token], label_of(text, [token], titled=titled))]
    mentions: list[Mention] = []
    start = token.start
    for part in parts:
        piece = Token(part, start, start + len(part))
        start = piece.end + 1
        if part[:1].isupper() and len(part) > 1:
            person = titled or not countries
            listed = _country_size([part])
            label = country_label([part]) if listed else label_of(text, [piece], titled=person)
            mentions.append(_mention(text, [piece], label))
    return mentions


def _mention(text: str, tokens: list[Token], label: Label) -> Mention:
    start, end = tokens[0].start, tokens[-1].end
    end = start + len(without_possessive(text[start:end]))
    return Mention(text=text[start:end], label=label, start=start, end=end)


def _is_org(words: list[str]) -> bool:
    return words[-1].lower() in lexicon.ORG_WORDS
