"""Names that the sources give to somebody else: "John Smith" where they have only "Jane Smith"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.records import Label, Mention
from digest.text.names import fold, same_person, same_transliteration

if TYPE_CHECKING:
    from collections.abc import Iterable

# Short forms that do not begin like the name they stand for; "Chris" and "Christopher" do.
_PAIRS = """
bill william|billy william|will william|bob robert|bobby robert|dick richard|rick richard|
mike michael|mick michael|jim james|jimmy james|jack john|johnny john|joe joseph|tony anthony|
ted edward|ted theodore|ed edward|harry henry|hank henry|chuck charles|andy andrew|drew andrew|
larry lawrence|liz elizabeth|beth elizabeth|betty elizabeth|kate katherine|kate catherine|
peggy margaret|meg margaret|sandy alexander|sasha alexander|sandy alexandra|jerry gerald|
jerry jerome|jeff geoffrey|steve stephen|dave david|nick nicholas|tim timothy|gene eugene
"""
_SHORT = frozenset(frozenset(pair.split()) for pair in _PAIRS.replace("\n", "").split("|"))


def namesake(mention: Mention, people: Iterable[tuple[int, Mention]]) -> tuple[int, Mention] | None:
    """Return the first other person of the same surname, None where one of them may be meant.

    Args:
        mention: a person's full name; any other mention has no namesake.
        people: the full names of people in the sources, each with the number of its article.

    >>> def person(name: str) -> Mention:
    ...     return Mention(text=name, label=Label.PERSON, start=0, end=len(name))
    >>> namesake(person("John Smith"), [(4, person("Jane Smith"))])[0]
    4
    >>> namesake(person("Joe Smith"), [(4, person("Joseph Smith"))]) is None
    True
    """
    if mention.label is not Label.PERSON or " " not in mention.text:
        return None
    sharing = [
        (number, other)
        for number, other in people
        if same_transliteration(fold(other.text).split()[-1], fold(mention.text).split()[-1])
    ]
    if any(_may_be_one(mention.text, other.text) for _, other in sharing):
        return None
    return sharing[0] if sharing else None


def _may_be_one(left: str, right: str) -> bool:
    """Tell whether two full names of one surname may be one person's: short forms, middle names."""
    if same_person(left, right):
        return True
    ours, theirs = fold(left).split()[:-1], fold(right).split()[:-1]
    return any(
        a == b or a[:3] == b[:3] or frozenset((a, b)) in _SHORT or 1 in (len(a), len(b))
        for a in ours
        for b in theirs
    )
