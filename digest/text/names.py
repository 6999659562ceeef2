"""When two spellings name the same: folding, countries, acronyms, transliteration."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from digest.text.words import WORD

_POSSESSIVE = re.compile(r"(?<=\w)['’]s?$", re.IGNORECASE)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_SEPARATORS = re.compile(r"[-‐‑–—/\s]+")
_MARKS = re.compile(r"[^\w\s]")
# Small words that an acronym may skip: "Organization for the Prohibition of …".
_SKIPPED = frozenset({"of", "the", "and", "for", "in", "on", "to"})


def without_possessive(word: str) -> str:
    """Return a word without a closing 's, or a bare apostrophe.

    >>> without_possessive("Italy’s")
    'Italy'
    """
    return _POSSESSIVE.sub("", word)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return a name's comparison form: no case, accents, points, hyphens or possessive.

    >>> fold("Erdoğan’s"), fold("U.S."), fold("Saudi-led")
    ('erdogan', 'us', 'saudi led')
    """
    bare = without_possessive(text.strip())
    bare = _INITIALS.sub(lambda match: match.group().replace(".", ""), bare)
    decomposed = unicodedata.normalize("NFKD", bare)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    plain = plain.replace("ı", "i").replace("ø", "o").replace("ł", "l").replace("đ", "d")
    return " ".join(_MARKS.sub("", _SEPARATORS.sub(" ", plain)).split())


def _lines(name: str) -> list[str]:
    text = (files("digest.text") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _countries() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Return folded country name -> code, folded demonym -> code, and exact capitalised forms."""
    names: dict[str, str] = {}
    demonyms: dict[str, str] = {}
    surface: set[str] = set()
    for line in _lines("countries.tsv")[1:]:
        code, listed, people = line.split("\t")
        names.update({fold(name): code for name in listed.split(";")})
        demonyms.update({fold(word): code for word in people.split(";") if word})
        surface.update(listed.split(";"), people.split(";"))
    return names, demonyms, frozenset(surface)


@cache
def _aliases() -> dict[str, str]:
    """Return folded alias -> folded first name of its set."""
    pairs: dict[str, str] = {}
    for line in _lines("aliases.txt"):
        first, *others = line.split("|")
        pairs.update({fold(other): fold(first) for other in [first, *others]})
    return pairs


@cache
def _places() -> frozenset[str]:
    return frozenset(fold(name) for line in _lines("places.txt") for name in line.split("|"))


def is_known_place(name: str) -> bool:
    """Tell whether `name` is a listed region or city: evidence for a label, for nothing else.

    >>> is_known_place("Buenos Aires"), is_known_place("Starmer")
    (True, False)
    """
    return fold(name) in _places()


@cache
def _states() -> frozenset[str]:
    """Return the folded names of the states of the US: the second line of the list of places."""
    return frozenset(map(fold, _lines("places.txt")[1].split("|")))


def is_state(name: str) -> bool:
    """Tell whether `name` is a state of the US.

    >>> is_state("New Mexico"), is_state("Mexico")
    (True, False)
    """
    return fold(name) in _states()


def country_code(name: str) -> str | None:
    """Return the code of a country or union that `name` is a name of, else None.

    "us" and "Us" are the pronoun and no country.

    >>> country_code("U.S."), country_code("United States"), country_code("us")
    ('US', 'US', None)
    """
    folded = fold(name)
    if folded in {"us", "un", "eu"} and not without_possessive(name).isupper():
        return None
    return _countries()[0].get(folded)


def demonym_code(word: str) -> str | None:
    """Return the code of the country whose people or adjective `word` is, else None.

    >>> demonym_code("Finnish"), demonym_code("polish")
    ('FI', None)
    """
    return _countries()[1].get(fold(word)) if word[:1].isupper() else None


def name_key(name: str) -> str:
    """Return one key for all listed spellings of a name; unlisted names are just folded.

    >>> name_key("the United States") == name_key("US") == name_key("American")
    True
    >>> name_key("Kiev") == name_key("Kyiv")
    True
    """
    bare = re.sub(r"^(?:the|The) (?=\S)", "", name.strip())
    code = country_code(bare) or demonym_code(bare)
    if code is not None:
        return f"@{code.lower()}"
    folded = fold(bare)
    return _aliases().get(folded, folded)


_TRANSLITERATION = (
    (re.compile(r"(?:iy|yy|ij|ii|iі|ey|ei|[yij])+"), "i"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"w|ff\b"), "v"),
    (re.compile(r"ou"), "u"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"(?:tch|tsch)"), "ch"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=100_000)
def transliteration_key(word: str) -> str:
    """Return the form in which romanisations of one word meet.

    >>> {transliteration_key(w) for w in ("Zelenskiy", "Zelensky", "Zelenskyy")}
    {'zelenski'}
    """
    key = fold(word)
    for pattern, replacement in _TRANSLITERATION:
        key = pattern.sub(replacement, key)
    return key


def same_transliteration(left: str, right: str) -> bool:
    """Tell whether two single words can be romanisations of one word; strict, six letters up.

    >>> same_transliteration("Zelenskyy", "Zelenskiy"), same_transliteration("Tusk", "Tass")
    (True, False)
    """
    if min(len(left), len(right)) < 6:
        return fold(left) == fold(right)
    return transliteration_key(left) == transliteration_key(right)


def is_acronym_of(short: str, name: str) -> bool:
    """Tell whether `short` is built from the initials of `name`.

    >>> is_acronym_of("EU", "European Union"), is_acronym_of("IAEA", "Atomic Agency")
    (True, False)
    """
    letters = short.replace(".", "")
    if len(letters) < 2 or not letters.isupper():
        return False
    parts = [word for word in WORD.findall(name.replace("-", " ")) if word]
    initials = "".join(word[0] for word in parts if word.lower() not in _SKIPPED)
    return len(parts) > 1 and letters == initials.upper()


def same_person(left: str, right: str) -> bool:
    """Tell whether two person names can be one person's: equal surname and no other given name.

    >>> same_person("Volodymyr Zelenskiy", "Zelensky"), same_person("Jane Smith", "John Smith")
    (True, False)
    """
    left_parts, right_parts = fold(left).split(), fold(right).split()
    if not left_parts or not right_parts:
        return False
    if not same_transliteration(left_parts[-1], right_parts[-1]):
        return False
    if len(left_parts) == 1 or len(right_parts) == 1:
        return True
    return _compatible_given(left_parts[0], right_parts[0])


def _compatible_given(left: str, right: str) -> bool:
    if same_transliteration(left, right):
        return True
    short, long = sorted((left, right), key=len)
    return len(short) == 1 and long.startswith(short)
