"""The rule for "supported": when a source text backs a name, number, date or quotation.

It lives here once: the guard and the metrics both call it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Entity, Label, Mention, Support
from digest.text.context import (
    given_to_another,
    one_counted,
    vaguely_counted,
    whole_figure,
    whole_name,
)
from digest.text.durations import durations
from digest.text.evidence import Evidence, evidence, is_acronym
from digest.text.forms import borrowed, other_form, without_article
from digest.text.lexicon import PEOPLE
from digest.text.mentions import NAME_LABELS
from digest.text.names import (
    country_code,
    fold,
    name_key,
    same_transliteration,
)
from digest.text.numbers import Quantity, approximates, hedge_start, quantities, restates
from digest.text.quotes import quotation_key
from digest.text.times import date_support
from digest.text.units import measured_alike, measured_otherwise
from digest.text.words import STOPWORDS, WORD, common_words, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Aliases", "Evidence", "counts_the_same", "evidence", "strongest", "support"]

_RANK = {level: rank for rank, level in enumerate(Support)}


def strongest(levels: Sequence[Support]) -> Support:
    """Return the strongest of some levels, NONE where there are none."""
    return min(levels, key=_RANK.__getitem__, default=Support.NONE)


# A plural noun after a number, one adjective between allowed.
_COUNTED_THING = re.compile(r"\s(?:[A-Za-z]+\s)?([a-z]+s|people|men|women|children)\b")


# Below six letters only equal spellings are one name, and those are found as they stand.
_LONG = 6


class Aliases:
    """The spellings that name one thing in one cluster; `names` are all of them, folded."""

    def __init__(self, entities: Sequence[Entity] = ()) -> None:
        """Index the spellings of some entities."""
        self._groups: dict[str, frozenset[str]] = {}
        for entity in entities:
            group = frozenset(fold(spelling) for spelling in entity.spellings)
            self._groups.update(dict.fromkeys(group, group))
        self.names = frozenset(self._groups)

    def of(self, name: str) -> frozenset[str]:
        """Return the folded spellings of what `name` names, itself included."""
        folded = fold(name)
        return self._groups.get(folded, frozenset({folded}))


def support(
    mention: Mention,
    source: Evidence,
    aliases: Aliases,
    *,
    context: str | None = None,
    published: str | None = None,
    source_published: str | None = None,
) -> Support:
    """Return how a source text supports a mention: the strongest level that holds.

    Args:
        mention: what is looked for.
        source: what is looked at.
        aliases: the spellings of the names of the cluster.
        context: the text that the mention's offsets index. A span that is a part of a figure or of
            a person's name, as labels of other extractors can be, is read as the whole of it there.
        published: ISO 8601 date of the text that holds the mention, None where unknown.
        source_published: likewise for the source; both are needed to work out relative dates.

    >>> m = Mention(text="U.S.", label=Label.PLACE, start=0, end=4)
    >>> [support(m, evidence(t), Aliases()).value for t in ("the US said", "the bus", "Americans")]
    ['normalised', 'none', 'alias']
    """
    if mention.label in NAME_LABELS:
        whole = whole_name(mention, context) if context is not None else mention.text
        return _name_support(mention.text, source, aliases, whole=whole)
    if mention.label is Label.QUOTE:
        return _quote_support(mention.text, source)
    if mention.label is Label.DATE:
        return date_support(
            mention.text, source, published=published, source_published=source_published
        )
    if context is None:
        return _number_support(mention.text, source)
    return _counted_support(mention, source, context)


def _counted_support(mention: Mention, source: Evidence, context: str) -> Support:
    """Return how a source supports a number, given what the context counts with it."""
    text = source.text
    vague = not quantities(mention.text) and not durations(mention.text)
    if measured_alike(mention, context, source):
        level = _number_support(mention.text, source)
        return level if level is Support.VERBATIM else Support.NORMALISED
    if measured_otherwise(mention, context, source) or (
        vague and not vaguely_counted(mention, context, text)
    ):
        return Support.NONE
    if mention.text.lower() == "one" and not one_counted(mention, context, text):
        return Support.NONE
    return _number_support(whole_figure(mention, context), source)


def _stands_in(needle: str, text: str) -> bool:
    """Tell whether `needle` stands in `text` with no letter or digit right before or after it."""
    # Most are not there at all, and compiling a pattern takes longer than looking for a string.
    return needle in text and re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text) is not None


def _name_support(name: str, source: Evidence, aliases: Aliases, *, whole: str) -> Support:
    if whole != name and given_to_another(name, whole, source.text):
        return Support.NONE
    level, bare = _spelled(name, source, aliases), without_article(name)
    if bare != name and level in {Support.ALIAS, Support.NONE}:
        found = _spelled(bare, source, aliases)
        level = Support.NORMALISED if found is Support.VERBATIM else found
    if level is Support.NONE and other_form(bare, source, aliases.names):
        return Support.ALIAS
    return level


def _spelled(name: str, source: Evidence, aliases: Aliases) -> Support:
    """Return how a source supports a name by its spelling alone."""
    if name in source.names or (_stands_in(name, source.text) and not borrowed(name, source.text)):
        return Support.VERBATIM
    if _normalised(name, source):
        return Support.NORMALISED
    key = name_key(name)
    if key in source.keys:
        code = country_code(name)
        given = [other for other in source.names if name_key(other) == key]
        same = code is not None and any(country_code(other) == code for other in given)
        return Support.NORMALISED if same else Support.ALIAS
    romanised = any(_romanised(name, n) or _surname_of(name, n) for n in source.names)
    if romanised or _alias_used(name, source, aliases):
        return Support.ALIAS
    return Support.NONE


def _normalised(name: str, source: Evidence) -> bool:
    """Tell whether a source has a name but for case, accents, points, hyphens and possessives.

    Case counts where it tells a name from a word: "WHO" and "who", "Polish" and "polish".
    """
    folded = fold(name)
    if folded in source.spellings:
        return True
    if not folded or f" {folded} " not in source.folded or borrowed(name, source.text):
        return False
    if is_acronym(name):
        return folded in source.acronyms
    return " " in folded or folded in source.capitals or name.lower() in common_words()


def _alias_used(name: str, source: Evidence, aliases: Aliases) -> bool:
    """Tell whether a source uses another spelling of a name, and not inside some other name.

    Where "Smith" is John Smith, "Jane Smith" is no mention of him.
    """
    group = aliases.of(name)
    if group & source.spellings:
        return True
    others = "".join(f" {other} " for other in source.spellings)
    return any(
        f" {spelling} " in source.folded
        and f" {spelling} " not in others
        and (" " in spelling or spelling in source.capitals)
        for spelling in group - STOPWORDS
    )


def _romanised(left: str, right: str) -> bool:
    """Tell whether two names can be romanisations of one name, word by word."""
    left_words, right_words = left.split(), right.split()
    return len(left_words) == len(right_words) and all(
        map(same_transliteration, left_words, right_words)
    )


def _surname_of(name: str, full: str) -> bool:
    """Tell whether a single word can be a romanisation of the surname of a full name."""
    surname = full.rsplit(maxsplit=1)[-1]
    return (
        " " not in name
        and min(len(name), len(surname)) >= _LONG
        and (surname != full and same_transliteration(name, surname))
    )


def _quote_support(quote: str, source: Evidence) -> Support:
    if _stands_in(quote, source.text):
        return Support.VERBATIM
    wanted = quotation_key(quote)
    return Support.NORMALISED if wanted and _stands_in(wanted, source.quotable) else Support.NONE


def _number_support(text: str, source: Evidence) -> Support:
    if durations(text):
        return date_support(text, source)
    if any(_as_written(text, given, source.text) for given in source.counts):
        return Support.VERBATIM
    levels = []
    if not quantities(text):  # "hundreds", "half": nothing to compare but the word
        return Support.VERBATIM if _stands_in(text.lower(), source.text.lower()) else Support.NONE
    for wanted in quantities(text):
        if any(restates(wanted, given) for given in source.counts):
            levels.append(Support.NORMALISED)
        elif any(approximates(wanted, given) for given in source.counts):
            levels.append(Support.ALIAS)
        else:
            return Support.NONE
    return max(levels, key=_RANK.__getitem__, default=Support.NONE)


def counts_the_same(text: str, mention: Mention, source: Evidence) -> bool:
    """Tell whether a source that has a number counts the same things with it.

    "Three hours" is not backed by "the three agreed": what is counted must stand there, too.

    >>> text = "It lasted three hours."
    >>> three = Mention(text="three", label=Label.NUMBER, start=10, end=15)
    >>> [counts_the_same(text, three, evidence(t)) for t in ("after three hours", "the three met")]
    [True, False]
    """
    match = _COUNTED_THING.match(text[mention.end :])
    if mention.label is not Label.NUMBER or match is None or match.group(1) in STOPWORDS:
        return True
    noun = match.group(1)
    held = {word.lower() for word in WORD.findall(source.text)}
    if noun in PEOPLE:
        return bool(held & PEOPLE)
    return stem(noun) in {stem(word) for word in held}


def _as_written(text: str, given: Quantity, source: str) -> bool:
    return text in {given.text, source[hedge_start(source, given) : given.end]}
