"""Capitals for texts that were written without: so that names can be found in them.

Models trained on lower-cased text print "rory mcilroy"; a re-cased corpus has "Paul merson". Where
capitals say nothing, a name is what related texts write with a capital, what is listed, and what no
news text writes small. The last finds a name that the related texts do not have, too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from digest.text.dates import MONTHS, WEEKDAYS
from digest.text.memory import remember
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import country_code, demonym_code, is_known_place
from digest.text.runs import is_headline_case
from digest.text.small_words import is_written_small
from digest.text.words import STOPWORDS, common_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PIECE = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+")
_LINE = re.compile(r"[^\n]+")
# "the us", "us president": the country; any other "us" is the pronoun.
_US = re.compile(r"\bthe us\b|\bus(?=\s(?:president|state|senat|government|army|secretary|house))")
_DIGIT_BY = re.compile(r"\d(?:st|nd|rd|th)?\s(?:of\s)?$")
_DIGIT_NEXT = re.compile(r",?\s\d")
_STARTS = re.compile(r"(?:^|[.!?:…][\"'”’)]*\s+|[“‘(]|(?:^|\s)(?:[\"'`]|''|``)|\n)\s*$")
_LONGEST_LISTED = 4
# Of 1,180 stretches of 100 words of cased news, 12 have no capital inside a sentence; of 60 words
# 4 in 100.
_LONG = 100
# One capital in the middle of a sentence against five names without: a slip, no style.
_SLIPS = 0.2


@dataclass(frozen=True, slots=True)
class _Casing:
    """What cased texts say of spelling.

    `form` is the capitalised form of a word that they rarely write small, `small` what they do
    write small. `phrases` are the names of several words, by their first word, longest first.
    """

    form: Mapping[str, str]
    small: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]


def is_uncased(text: str, related: Sequence[str] = ()) -> bool:
    """Tell whether the capitals of a text say nothing of names: it has none, or only at starts.

    A text that has no capitals inside its sentences may just name nothing: it is uncased only if it
    writes small what is known for a name. `related` are cased texts about the same.

    >>> is_uncased("rory mcilroy leads in france"), is_uncased("The man died in hospital.")
    (True, False)
    >>> is_uncased("Paul merson went to france ."), is_uncased("Paul Merson went to France.")
    (True, False)
    """
    casing = _casing(tuple(related))
    pieces = list(_PIECE.finditer(text))
    if not any(piece.group()[0].isupper() for piece in pieces):
        return any(piece.group().islower() for piece in pieces)
    inside = [piece for piece in pieces if not _starts_sentence(text, piece.start())]
    capitals = sum(_says_name(text, piece) for piece in inside)
    if not capitals and len(inside) >= _LONG:
        return True
    small = [piece for piece in inside if piece.group().islower()]
    known = sum(_known(text, piece, casing) is not None for piece in small)
    return known > 0 and capitals <= _SLIPS * known


def _starts_sentence(text: str, start: int) -> bool:
    return _STARTS.search(text[max(0, start - 8) : start]) is not None


def _says_name(text: str, piece: re.Match[str]) -> bool:
    word = piece.group()
    unknown = text[piece.start() - 1 : piece.start()] == "["  # the "[UNK]" of a tokenizer
    return word[0].isupper() and word != "I" and not unknown


@remember(characters=200_000)
def restore_capitals(text: str, related: tuple[str, ...] = ()) -> str:
    """Return an uncased text with capitals where it names something; its length stays.

    Args:
        text: a text for which `is_uncased` holds. A capital that opens a sentence goes where the
            word is none to be written with one.
        related: texts about the same; those among them that are uncased themselves are not asked.

    >>> restore_capitals("rory mcilroy leads in south africa", ("Rory McIlroy led the field.",))
    'Rory McIlroy leads in South Africa'
    >>> restore_capitals("in may, the us president may visit the white house", ("The White House",))
    'in may, the US president may visit the White House'
    """
    casing = _casing(related)
    pieces = list(_PIECE.finditer(text))
    chars = list(text)
    done: set[int] = set()
    for index in range(len(pieces)):
        forms = _phrase_at(pieces, index, casing)
        for piece, form in zip(pieces[index:], forms, strict=False):
            _write(chars, piece, form)
            done.add(piece.start())
    for piece in pieces:
        if piece.start() not in done:
            _write(chars, piece, _restored(text, piece, casing))
    return "".join(chars)


def _restored(text: str, piece: re.Match[str], casing: _Casing) -> str:
    """Return how a cased text would write a word that is part of no longer name."""
    word = piece.group().lower()
    opening = piece.group() == word.title() and _starts_sentence(text, piece.start())
    if not (piece.group().islower() or opening):
        return piece.group()
    found = _known(text, piece, casing)
    if found is None and _is_rare(word, casing):
        found = word.title()
    return found or word


def _write(chars: list[str], piece: re.Match[str], form: str) -> None:
    if len(form) == len(piece.group()):  # "ß" has no capital of one letter
        chars[piece.start() : piece.end()] = form


@lru_cache(maxsize=32)
def _casing(related: tuple[str, ...]) -> _Casing:
    """Count how related texts write each word where no sentence starts."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    phrases: set[tuple[str, ...]] = set()
    for text in related:
        if is_uncased(text):
            continue
        for line in _LINE.findall(text):
            if not is_headline_case(line):
                _count_forms(line, forms)
        names = (m.text for m in find_mentions(text) if m.label in NAME_LABELS)
        phrases |= {tuple(_PIECE.findall(name)) for name in names}
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
        if len(phrase) > 1:
            by_first[phrase[0].lower()].append(phrase)
    return _Casing(
        form={word: form for word, seen in forms.items() if (form := _usual(seen)) is not None},
        small=frozenset(word for word, seen in forms.items() if seen[word]),
        phrases={first: tuple(found) for first, found in by_first.items()},
    )


def _count_forms(line: str, forms: Mapping[str, Counter[str]]) -> None:
    """Count the spellings of one line; a common word counts as a name only where it stands alone.

    "New" of "New York" and "Police" of "Police Scotland" do not make names of "new" and "police".
    """
    pieces = list(_PIECE.finditer(line))
    capital = [False, *(piece.group()[0].isupper() for piece in pieces), False]
    for index, piece in enumerate(pieces, start=1):
        word = piece.group()
        if _starts_sentence(line, piece.start()):
            continue
        part = capital[index] and (capital[index - 1] or capital[index + 1])
        if not (part and is_written_small(word.lower())):
            forms[word.lower()][word] += 1


def _usual(seen: Counter[str]) -> str | None:
    """Return the commonest form where it has a capital, None where a word is as often small."""
    form = min(seen, key=lambda one: (-seen[one], one[0].isupper(), one))
    return form if form[0].isupper() else None


def _phrase_at(pieces: Sequence[re.Match[str]], index: int, casing: _Casing) -> tuple[str, ...]:
    """Return the forms of the name of several words that begins at a piece, () where none does."""
    for phrase in casing.phrases.get(pieces[index].group().lower(), ()):
        given = tuple(piece.group().lower() for piece in pieces[index : index + len(phrase)])
        if given == tuple(word.lower() for word in phrase):
            return phrase
    for size in range(_LONGEST_LISTED, 1, -1):
        words = [piece.group().title() for piece in pieces[index : index + size]]
        if len(words) == size and _is_listed(" ".join(words)):
            return tuple(words)
    return ()


def _is_listed(name: str) -> bool:
    return bool(country_code(name) or demonym_code(name) or is_known_place(name))


def _known(text: str, piece: re.Match[str], casing: _Casing) -> str | None:
    """Return the capitalised form of a small word that is known for a name, else None."""
    word = piece.group().lower()
    if word in {"i", "a"}:
        return None
    if word == "us":
        return "US" if _US.search(text, max(0, piece.start() - 4), piece.end() + 12) else None
    if word in _calendar():
        return word.title() if _means_date(text, piece) else None
    if word in STOPWORDS or word in casing.form:
        return casing.form.get(word) if word not in STOPWORDS else None
    return None if word in casing.small or word in common_words() else _listed_form(word)


def _listed_form(word: str) -> str | None:
    shapes = (word.upper(), word.title()) if len(word) < 4 else (word.title(),)
    return next((shape for shape in shapes if _is_listed(shape)), None)


@cache
def _calendar() -> frozenset[str]:
    return frozenset(WEEKDAYS) | frozenset(MONTHS)


def _means_date(text: str, piece: re.Match[str]) -> bool:
    """Tell whether a weekday or month is one: "may" and "march" only beside a figure."""
    if piece.group().lower() not in {"may", "march"}:
        return True
    before = text[max(0, piece.start() - 8) : piece.start()]
    return bool(_DIGIT_BY.search(before) or _DIGIT_NEXT.match(text, piece.end()))


def _is_rare(word: str, casing: _Casing) -> bool:
    """Tell whether no text at hand writes a word small."""
    return len(word) > 2 and word not in casing.small and not is_written_small(word)
