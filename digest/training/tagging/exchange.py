"""Passages with other names: what is said of a name teaches more than the name itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import whole_names

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

    from digest.training.tagging.annotated import Sentence

    Name = tuple[tuple[str, ...], tuple[str, ...]]
    Key = tuple[str, tuple[str, ...]]

_SWAPPED: Final = 0.35
_LOWERED, _RAISED = 0.04, 0.04


def known_names(sentences: Iterable[Sentence]) -> dict[str, list[Name]]:
    """Return type → (words, tags) of every name, as often as it is mentioned."""
    found: dict[str, list[Name]] = {}
    for words, tags in sentences:
        for start, end, kind in whole_names(words, tags):
            found.setdefault(kind, []).append((tuple(words[start:end]), tuple(tags[start:end])))
    return found


def exchanged(
    passage: Sequence[Sentence], names: Mapping[str, Sequence[Name]], dice: random.Random
) -> list[Sentence]:
    """Return a passage with some names exchanged for others of their type, or in other case.

    Every mention of a name gets the same other name, and a surname or a first name alone that of
    the person who got another one: a name that comes again says what it said before.
    """
    others = _others(passage, names, dice)
    made = [_with_others(sentence, others) for sentence in passage]
    draw = dice.random()
    if draw < _LOWERED:
        return [([word.lower() for word in words], tags) for words, tags in made]
    if draw < _LOWERED + _RAISED:
        return [([word.upper() for word in words], tags) for words, tags in made]
    return made


def _others(
    passage: Sequence[Sentence], names: Mapping[str, Sequence[Name]], dice: random.Random
) -> dict[Key, Name]:
    mentioned: dict[Key, None] = {
        (kind, tuple(words[start:end])): None
        for words, tags in passage
        for start, end, kind in whole_names(words, tags)
    }
    parts: dict[str, tuple[Name | None, int]] = {}
    found: dict[Key, Name] = {}
    for key in sorted(mentioned, key=lambda key: -len(key[1])):
        kind, words = key
        if kind == "PERSON" and len(words) == 1 and words[0] in parts:
            other, place = parts[words[0]]
            if other is not None:
                found[key] = ((other[0][place],), ("B-PERSON",))
            continue
        other = dice.choice(names[kind]) if dice.random() < _SWAPPED else None
        if other is not None:
            found[key] = other
        if kind == "PERSON":
            for place in (0, -1):
                parts.setdefault(words[place], (other, place))
    return found


def _with_others(sentence: Sentence, others: Mapping[Key, Name]) -> Sentence:
    words, tags = sentence
    made_words: list[str] = []
    made_tags: list[str] = []
    last = 0
    for start, end, kind in [*whole_names(words, tags), (len(words), len(words), "")]:
        as_is = (tuple(words[start:end]), tuple(tags[start:end]))
        name, marks = others.get((kind, as_is[0]), as_is)
        made_words += [*words[last:start], *name]
        made_tags += [*tags[last:start], *marks]
        last = end
    return made_words, made_tags
