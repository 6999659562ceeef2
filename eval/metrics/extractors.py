"""Who finds what an output names. Only outputs and references need it: sources are looked up in.

The extractor's name is part of every signature: scores of two extractors do not compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from digest.errors import UsageError
from digest.records import Label, Mention
from digest.text.memory import remember
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.quotes import quotations
from digest.text.relative import relative_dates
from digest.text.uncased import is_uncased, restore_capitals
from digest.text.words import lower_case_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The works, products and laws of OntoNotes, TIME and ORDINAL have no label of ours.
ONTONOTES = {
    "PERSON": Label.PERSON,
    "PER": Label.PERSON,
    "ORG": Label.ORG,
    "FAC": Label.PLACE,
    "GPE": Label.PLACE,
    "LOC": Label.PLACE,
    "NORP": Label.NORP,
    "EVENT": Label.EVENT,
    "DATE": Label.DATE,
    "MONEY": Label.MONEY,
    "PERCENT": Label.PERCENT,
    "CARDINAL": Label.NUMBER,
    "QUANTITY": Label.NUMBER,
}


class Extractor(Protocol):
    """Finds mentions in a text."""

    @property
    def name(self) -> str:
        """What the signature says: who found the mentions, by which rules or model."""
        ...

    def mentions(self, text: str, *, sources: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return the mentions of a text by start; their offsets index it, in code points.

        `Mention.text` may differ from the text at its offsets in capitals, where the text was
        written without. `sources` are texts about the same; they serve for nothing but spelling.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of `digest.text.mentions`, with the dates that count from today."""

    name: str = "rules"

    def mentions(self, text: str, *, sources: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return the mentions of a text; a word that the sources write small is no name at a start.

        >>> text = "Giorgia Meloni left Rome two days ago."
        >>> [(m.text, m.label.value) for m in Rules().mentions(text)]
        [('Giorgia Meloni', 'PERSON'), ('Rome', 'PLACE'), ('two days ago', 'DATE')]
        """
        dates = [
            Mention(text=r.text, label=Label.DATE, start=r.start, end=r.end)
            for r in relative_dates(text)
        ]
        return _merged(find_mentions(text, _small_in(tuple(sources))), dates)


@lru_cache(maxsize=32)
def _small_in(sources: tuple[str, ...]) -> frozenset[str]:
    return lower_case_words(sources)


@dataclass(frozen=True, slots=True)
class Uncased:
    """Another extractor, given capitals where a text was written without.

    Much of what people rated is printed so: of 1,992 rated XSum outputs, 1,985 name no person,
    place or body without this, 168 with it.
    """

    inner: Extractor

    @property
    def name(self) -> str:
        """Return the inner extractor's name and "+uncased"."""
        return f"{self.inner.name}+uncased"

    def mentions(self, text: str, *, sources: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return the mentions of a text; those of an uncased one with their capitals restored.

        >>> found = RULES.mentions("rory mcilroy leads.", sources=["They saw Rory McIlroy lead."])
        >>> [(m.text, m.start, m.end) for m in found]
        [('Rory McIlroy', 0, 12)]
        """
        return self.inner.mentions(cased(text, tuple(sources)), sources=sources)


# Tokenised news corpora print "#" for "£": CNN/DailyMail as most systems read it.
_POUND = re.compile(r"#(?=\s?\d)")


@remember(characters=100_000)
def cased(text: str, sources: tuple[str, ...] = ()) -> str:
    """Return a text of equal length, its capitals restored where it was written without.

    A "#" before a figure becomes "£" where the sources have pounds and no such "#".

    >>> cased("Paul merson left england."), cased("The man left.")
    ('Paul Merson left England.', 'The man left.')
    >>> cased("Sold for # 400,000", ("A flat sold for £400,000.",)), cased("Ranked #1")
    ('Sold for £ 400,000', 'Ranked #1')
    """
    if _POUND.search(text) and any("£" in one for one in sources):
        kept = any(_POUND.search(one) for one in sources)
        text = text if kept else _POUND.sub("£", text)
    return restore_capitals(text, sources) if is_uncased(text, sources) else text


@dataclass(frozen=True, slots=True)
class Embedded:
    """Names from the model that ships; figures, dates and quotations by rule.

    The guard of a run finds names by rule: an output that it let pass is read here by another eye.
    """

    name: str = "embedded-ner-v2"

    def mentions(self, text: str, *, sources: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return the mentions of a text; names that overlap a figure or date are left out."""
        from digest.backends.embedded.names import model_names  # noqa: PLC0415 - onnxruntime, 0.1 s

        found = CASED_RULES.mentions(text, sources=sources)
        others = [m for m in found if m.label not in NAME_LABELS]
        taken = [m for m in others if m.label is not Label.QUOTE]
        names = [
            m
            for m in model_names(text)
            if all(m.end <= other.start or other.end <= m.start for other in taken)
        ]
        return tuple(sorted([*others, *names], key=lambda m: (m.start, m.end, m.label)))


CASED_RULES = Rules()
RULES = Uncased(CASED_RULES)
EMBEDDED = Uncased(Embedded())


@dataclass(frozen=True, slots=True)
class Spacy:
    """A loaded spaCy pipeline. Quotations, which no model labels, come from the rules."""

    name: str
    pipeline: Any  # spaCy has no types here

    def mentions(self, text: str, *, sources: Sequence[str] = ()) -> tuple[Mention, ...]:
        """Return the entities of a text under our labels; those without one are left out."""
        del sources
        found = [
            Mention(text=e.text, label=ONTONOTES[e.label_], start=e.start_char, end=e.end_char)
            for e in self.pipeline(text).ents
            if e.label_ in ONTONOTES
        ]
        quotes = [
            Mention(text=text[s.start : s.end], label=Label.QUOTE, start=s.start, end=s.end)
            for s in quotations(text)
        ]
        return _merged(found, quotes)


@cache
def spacy_extractor(model: str = "en_core_web_sm") -> Extractor:
    """Return an extractor that asks a spaCy model, named with its version in the signature.

    Args:
        model: an installed spaCy package, or a folder with a pipeline. Nothing is downloaded.

    Raises:
        UsageError: spaCy is not installed, or there is no such model.
    """
    try:
        import spacy  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an optional package, 0.8 s
    except ImportError as error:
        raise UsageError(
            f"the extractor spacy:{model} needs spaCy, which is not installed: "
            "`pip install spacy`, or use the extractor `rules`"
        ) from error
    try:
        pipeline = spacy.load(model)
    except OSError as error:
        raise UsageError(
            f"spaCy has no model {model!r}: `python -m spacy download {model}`, "
            "or give the folder of a pipeline, or use the extractor `rules`"
        ) from error
    meta = pipeline.meta
    label = f"spacy-{meta.get('lang', '')}_{meta.get('name', '')}-{meta.get('version', '')}"
    return Uncased(Spacy(name=label, pipeline=pipeline))


def extractor(name: str) -> Extractor:
    """Return an extractor by name: `rules`, `cased-rules`, `embedded`, `spacy:MODEL`.

    >>> extractor("rules").name, extractor("cased-rules").name
    ('rules+uncased', 'rules')

    Raises:
        UsageError: no such extractor, or it is not installed.
    """
    kind, _, model = name.partition(":")
    if name == "rules":
        return RULES
    if name == "cased-rules":
        return CASED_RULES
    if name == "embedded":
        return EMBEDDED
    if kind == "spacy":
        return spacy_extractor(model) if model else spacy_extractor()
    raise UsageError(f"extractor must be rules, cased-rules, embedded or spacy:MODEL, got {name!r}")


def _merged(found: Iterable[Mention], preferred: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return all mentions by start; of the found ones those that overlap no preferred date.

    "[UNK]", which a tokenizer prints for what it does not know, names nothing.
    """
    dates = [m for m in preferred if m.label is Label.DATE]
    kept = [
        m
        for m in found
        if m.text.strip("[]<>") not in {"UNK", "unk"}
        and (m.label is Label.QUOTE or all(m.end <= d.start or d.end <= m.start for d in dates))
    ]
    return tuple(sorted([*kept, *preferred], key=lambda m: (m.start, m.end, m.label)))
