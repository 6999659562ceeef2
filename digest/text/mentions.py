"""Find what a text names: people, bodies, places, peoples, events, numbers, dates, quotations.

Rules only: runs of capitalised words, split at titles, countries and possessives, labelled by the
words inside and around them. The rules are the floor under any learned extractor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from digest.records import Label, Mention
from digest.text import lexicon
from digest.text.dates import MONTHS, WEEKDAYS, date_mentions
from digest.text.names import country_code, demonym_code
from digest.text.numbers import quantities
from digest.text.quotes import quotations
from digest.text.words import STOPWORDS, WORD, common_words

NAME_LABELS = frozenset({Label.PERSON, Label.ORG, Label.PLACE, Label.NORP, Label.EVENT})

_CONNECTORS = frozenset({"de", "la", "van", "von", "der", "den", "bin", "ibn", "al", "da", "di"})
_CONNECTORS |= {"du", "del", "el", "le", "dos", "af"}
_DOTTED = frozenset({"st", "jr", "sr", "mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "lt"})
_CALENDAR = frozenset(WEEKDAYS) | frozenset(MONTHS)
_NEVER = frozenset({"i", "mr", "mrs", "ms", "dr", "sir", "ok"})
_OF_HEADS = lexicon.ORG_WORDS | lexicon.PLACE_WORDS | lexicon.EVENT_WORDS | {"bank", "republic"}
_BETWEEN_TWO = re.compile(
    r"\s(?:meeting|talks|summit|call|deal|pact|agreement|relations?|relationship|encounter|border)\b"
)
_OFFICE_HEADS = frozenset({"secretary", "minister", "director", "commissioner"})
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|across|around|outside|toward|towards|into)\s(?:the\s)?$"
)
_SAYS_AFTER = re.compile(rf"\s(?:also\s|has\s|had\s)?{lexicon.SAYING}\b")
_SAYS_BEFORE = re.compile(rf"\b{lexicon.SAYING}\s$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…][\"'”’)]*\s+|[“‘(]|(?:^|\s)[\"']|\n)\s*$")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def find_mentions(text: str, lower_case: frozenset[str] = frozenset()) -> tuple[Mention, ...]:
    """Return all mentions of a text, by start; only QUOTE may overlap others.

    Args:
        text: one sentence or more.
        lower_case: words that related texts write in lower case; one that starts a sentence with a
            capital is then no name.

    >>> [(m.text, m.label.value) for m in find_mentions("Italy's Giorgia Meloni met NATO on Monday.")]
    [('Italy', 'PLACE'), ('Giorgia Meloni', 'PERSON'), ('NATO', 'ORG'), ('Monday', 'DATE')]
    """
    found = [*_dates_and_numbers(text)]
    taken = [(mention.start, mention.end) for mention in found]
    names = [
        mention
        for mention in _names(text, lower_case)
        if not any(mention.start < end and start < mention.end for start, end in taken)
    ]
    quotes = [
        Mention(text=text[s.start : s.end], label=Label.QUOTE, start=s.start, end=s.end)
        for s in quotations(text)
    ]
    return tuple(sorted([*found, *names, *quotes], key=lambda m: (m.start, m.end, m.label)))


def name_mentions(text: str, lower_case: frozenset[str] = frozenset()) -> list[Mention]:
    """Return only the mentions of people, bodies, places, peoples and events."""
    return [m for m in find_mentions(text, lower_case) if m.label in NAME_LABELS]


def _dates_and_numbers(text: str) -> list[Mention]:
    dates = [
        Mention(text=d.text, label=Label.DATE, start=d.start, end=d.end)
        for d in date_mentions(text)
    ]
    numbers = [
        Mention(text=q.text, label=q.label, start=q.start, end=q.end)
        for q in quantities(text)
        if not any(q.start < d.end and d.start < q.end for d in dates)
    ]
    return dates + numbers


def _names(text: str, lower_case: frozenset[str]) -> list[Mention]:
    mentions = [m for run in _runs(text, lower_case) for m in _split_run(text, run)]
    return _agree(mentions)


def _runs(text: str, lower_case: frozenset[str]) -> list[list[_Token]]:
    """Return maximal runs of neighbouring name tokens, connectors inside allowed."""
    runs: list[list[_Token]] = []
    tokens = [_Token(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]
    headline = is_headline_case(text)
    for index, token in enumerate(tokens):
        if not _is_name_token(text, token, lower_case, headline=headline):
            continue
        joined = runs and _joins(text, runs[-1], tokens, index)
        if joined:
            runs[-1].extend(_between(runs[-1][-1], tokens, index))
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def is_headline_case(text: str) -> bool:
    """Tell whether a text capitalizes most of its longer words, as headlines do.

    >>> is_headline_case("Leaders Meet for Urgent Talks"), is_headline_case("Leaders meet in Paris")
    (True, False)
    """
    longer = [word for word in WORD.findall(text) if len(word) > 3 and word[0].isalpha()]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) > 0.75 * len(longer)


def _is_name_token(text: str, token: _Token, lower_case: frozenset[str], *, headline: bool) -> bool:
    word = token.text
    if not word[0].isupper() or word.lower() in _NEVER or word.lower() in _CALENDAR:
        return False
    base = re.sub(r"['’]\w*$", "", word)
    if base.isupper() and len(base) > 1:
        return True
    if country_code(base) or demonym_code(base):
        return True
    lowered = base.lower()
    if not headline and not _SENTENCE_START.search(text[max(0, token.start - 8) : token.start]):
        return lowered not in STOPWORDS
    return not (lowered in STOPWORDS or lowered in lower_case or lowered in common_words())


def _joins(text: str, run: list[_Token], tokens: list[_Token], index: int) -> bool:
    last, token = run[-1], tokens[index]
    if re.search(r"['’]s?$", last.text):
        return False
    gap = text[last.end : token.start]
    if gap == " " or gap == " & ":
        return True
    if gap == ". " and (len(last.text) == 1 or last.text.lower() in _DOTTED):
        return True
    middle = _between(last, tokens, index)
    if not middle or text[last.end : token.start].strip(" ") != " ".join(t.text for t in middle):
        return False
    small = [t.text for t in middle]
    if set(small) <= _CONNECTORS:
        return True
    head = last.text.lower()
    if head.rstrip("s") not in _OF_HEADS and head not in _OF_HEADS:
        return head in _OFFICE_HEADS and small[0] in {"of", "for"}
    return small in (["of"], ["of", "the"], ["for"])


def _between(last: _Token, tokens: list[_Token], index: int) -> list[_Token]:
    middle: list[_Token] = []
    for token in reversed(tokens[max(0, index - 2) : index]):
        if token.start <= last.start:
            break
        middle.insert(0, token)
    return middle if middle and not middle[0].text[0].isupper() else []


def _split_run(text: str, run: list[_Token]) -> list[Mention]:
    """Peel countries, titles and bodies off the front of a run; label what remains."""
    mentions: list[Mention] = []
    titled = _titled_before(text, run[0].start)
    rest = list(run)
    while rest:
        words = [token.text for token in rest]
        size = _country_size(words)
        if size and size < len(rest) and _country_body(words[size:]):
            mentions.append(_mention(text, rest, Label.ORG))
            break
        if size:
            mentions.append(_mention(text, rest[:size], _country_label(words[:size])))
            rest, titled = rest[size:], False
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


def _past_portfolio(rest: list[_Token]) -> list[_Token]:
    """Skip what an office is of: "Secretary | of Homeland Security | Kristi Noem"."""
    if rest and rest[0].text in {"of", "for"}:
        return rest[-2:] if len(rest) > 3 else []
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


def _country_label(words: list[str]) -> Label:
    joined = re.sub(r"['’]s?$", "", " ".join(words))
    code = country_code(joined)
    if code is None:
        return Label.NORP
    return Label.ORG if code in {"EU", "UN"} else Label.PLACE


def _titled_before(text: str, start: int) -> bool:
    """Tell whether lower-case title words stand right before: "spokesman Dmitry Peskov"."""
    before = text[max(0, start - 30) : start].split()
    return bool(before) and text[start - 1 : start] == " " and before[-1] in _LOWER_TITLES


_LOWER_TITLES = frozenset(title.split()[-1] for title in lexicon.TITLES) - {"head", "chair", "miss"}


def _remainder(text: str, rest: list[_Token], *, titled: bool) -> list[Mention]:
    if len(rest) == 1 and "-" in rest[0].text and not rest[0].text.isupper():
        return _hyphenated(text, rest[0])
    return [_mention(text, rest, _label(text, rest, titled=titled))]


def _hyphenated(text: str, token: _Token) -> list[Mention]:
    """Split "US-Russia" and "Rubio-Lavrov meeting"; "Saudi-led" is the name before the hyphen.

    Other hyphens belong to the name: "Kosh-Oran".
    """
    parts = token.text.split("-")
    two_sides = any(_country_size([part]) for part in parts) or _BETWEEN_TWO.match(
        text[token.end :]
    )
    if all(part[:1].isupper() for part in parts) and not two_sides:
        return [_mention(text, [token], _label(text, [token]))]
    mentions: list[Mention] = []
    start = token.start
    for part in parts:
        piece = _Token(part, start, start + len(part))
        start = piece.end + 1
        if part[:1].isupper() and len(part) > 1:
            label = _country_label([part]) if _country_size([part]) else _label(text, [piece])
            mentions.append(_mention(text, [piece], label))
    return mentions


def _mention(text: str, tokens: list[_Token], label: Label) -> Mention:
    start, end = tokens[0].start, tokens[-1].end
    end -= len(text[start:end]) - len(re.sub(r"['’]s?$", "", text[start:end]))
    return Mention(text=text[start:end], label=label, start=start, end=end)


def _is_org(words: list[str]) -> bool:
    return words[-1].lower() in lexicon.ORG_WORDS


def _label(text: str, tokens: list[_Token], *, titled: bool = False) -> Label:
    lowered = [re.sub(r"['’]s?$", "", token.text).lower() for token in tokens]
    if lowered[-1] in lexicon.EVENT_WORDS:
        return Label.EVENT
    if any(word in lexicon.ORG_WORDS for word in lowered):
        return Label.ORG
    if lowered[-1] in lexicon.PLACE_WORDS or lowered[0] in {"mount", "lake", "port", "st"}:
        return Label.PLACE
    if titled:
        return Label.PERSON
    before, after = text[: tokens[0].start], text[tokens[-1].end :]
    if _PLACE_BEFORE.search(before):
        return Label.PLACE
    bare = tokens[0].text.rstrip("’'s")
    if len(tokens) == 1 and bare.isupper() and len(bare) > 1:
        return Label.ORG
    if len(tokens) > 1 or _SAYS_AFTER.match(after) or _SAYS_BEFORE.search(before):
        return Label.PERSON
    return Label.PLACE if re.search(r"\b(?:from|to|of)\s$", before) else Label.ORG


def _agree(mentions: list[Mention]) -> list[Mention]:
    """Give a lone surname the label of the full name it ends, within one text."""
    surnames = {
        m.text.split()[-1]: m.label for m in mentions if m.label is Label.PERSON and " " in m.text
    }
    return [
        Mention(text=m.text, label=surnames.get(m.text, m.label), start=m.start, end=m.end)
        for m in mentions
    ]
