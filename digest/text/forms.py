"""Shorter and longer forms of one name: the club and its town, the body and its initials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.names import country_code, fold, is_acronym_of, is_known_place, is_state
from digest.text.words import STOPWORDS, common_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.text.evidence import Evidence

_ARTICLE = re.compile(r"^(?:the|an?)\s(?=\S)", re.IGNORECASE)
# What a club's name adds to its town: reports name it once, if at all, and then say "Swansea".
_CLUB = frozenset(
    "city united town rovers wanderers athletic albion county hotspur rangers argyle orient "
    "fc afc cf rfc giants tigers rhinos sharks saints bulls wolves dragons eagles bears lions "
    "warriors wildcats cavaliers".split()
)
# Half of these are shared by a dozen clubs, and name one of them only with its town.
_SHARED = frozenset(
    "city united town rovers wanderers athletic albion county fc afc cf rfc".split()
)
# Behind such a word a town is a place: "a man from Swansea" says nothing of the club.
_PLACED = re.compile(r"\b(?:in|of|from|near|at|around|outside|through|across)\s(?:\w+\s)?$")
_PARTICLE = re.compile(r"^(?:al|el|ul)[-\s](?=\w)", re.IGNORECASE)
# The New York Post is no word on New York.
_PAPER = re.compile(
    r"\s(?:Post|Times|News|Globe|Herald|Tribune|Journal|Mail|Chronicle|Gazette|Telegraph|Mirror|Star|"
    r"Sun|Observer|Examiner|Inquirer|Courier|Echo)\b"
)
_CAPITAL = re.compile(r" [A-Z]")
_BEFORE = re.compile(r"(?:[A-Z][\w.]*\s)+$")


def without_article(name: str) -> str:
    """Return a name without the article before it.

    >>> without_article("The Hague"), without_article("Theresa May")
    ('Hague', 'Theresa May')
    """
    return _ARTICLE.sub("", name)


def other_form(name: str, source: Evidence, rivals: Iterable[str]) -> bool:
    """Tell whether a source uses a shorter or longer form of a name.

    That is a body's initials, a family ("the Obamas"), a name without its
    Arabic article, or a club by its town alone.

    Args:
        name: without an article.
        source: what is looked at.
        rivals: folded names of the cluster, which may give the town to another club.
    """
    bare = fold(_PARTICLE.sub("", name))
    forms = {fold(f"{name}s"), bare, f"al {bare}", f"el {bare}"}
    return (
        not source.spellings.isdisjoint(forms)
        or initials_used(name, source)
        or club_used(name, source, rivals)
    )


def initials_used(name: str, source: Evidence) -> bool:
    """Tell whether a name is the initials of one body that a source names in full.

    Not the other way round: what initials stand for is news to who has read only them. Of nine
    names of EntFA of which the source has the initials alone, people called seven unsupported.
    """
    if not name.isupper() or " " in name:
        return False
    return len({fold(without_article(n)) for n in source.names if is_acronym_of(name, n)}) == 1


def club_used(name: str, source: Evidence, rivals: Iterable[str]) -> bool:
    """Tell whether a source calls a club by its town, or by a nickname that no other club has.

    The town must stand where no place is meant, and no other club of it may be named.
    """
    *head, last = fold(name).split() or [""]
    town = " ".join(head)
    if last not in _CLUB or not town or _is_area(name, town):
        return False
    others = source.spellings.union(rivals)
    if any(o.startswith(f"{town} ") and o.split()[-1] in _CLUB and o != fold(name) for o in others):
        return False
    if last not in _SHARED and last in source.capitals and f" the {last} " in source.folded:
        return True
    return _acts(name.rsplit(" ", 1)[0], source.text)


def _is_area(name: str, town: str) -> bool:
    """Tell whether a name is a place's own, or its first part a country's or a state's."""
    return is_known_place(name) or country_code(town) is not None or is_state(town)


def _acts(town: str, text: str) -> bool:
    """Tell whether a town's name stands somewhere alone and behind no word of place."""
    if town not in text:  # before a pattern is compiled
        return False
    for match in re.finditer(rf"(?<![\w-]){re.escape(town)}(?![\w-])", text):
        before = text[max(0, match.start() - 30) : match.start()]
        joined = _CAPITAL.match(text, match.end()) or _part_of_name(before)
        if not joined and not _PLACED.search(before):
            return True
    return False


def _part_of_name(before: str) -> bool:
    """Tell whether a text ends in a capitalised word that starts no sentence."""
    found = _BEFORE.search(before)
    words = found.group().lower().split() if found else []
    return bool(words) and words[-1] not in common_words() | STOPWORDS


def borrowed(name: str, text: str) -> bool:
    """Tell whether a name stands in a text only inside other places' and newspapers' names.

    >>> borrowed("York", "He left New York."), borrowed("London", "He left South London.")
    (True, False)
    """
    if name not in text:  # before a pattern is compiled
        return False
    standing = [
        _larger(match, text) for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return bool(standing) and all(standing)


def _is_listed(name: str) -> bool:
    return is_known_place(name) or country_code(name) is not None


def _larger(match: re.Match[str], text: str) -> bool:
    if _PAPER.match(text, match.end()) and is_known_place(match.group()):
        return True
    before = _BEFORE.search(text[max(0, match.start() - 20) : match.start()])
    if before is None:
        return False
    words = before.group().split()
    wholes = (" ".join([*words[start:], match.group()]) for start in range(len(words)))
    return any(map(_is_listed, wholes))
