"""Learn to find names in cased news text, from corpora that annotate different types.

Each corpus says which types it annotates. A word that it leaves blank may still be of a type it
does not annotate, so that only the probability of all labels it leaves open together is raised.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import NAME_LABELS, NAME_TYPES, spans_of
from digest.errors import UsageError
from digest.training.tagging.examples import tagged
from digest.training.tagging.rows import rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digest.backends.embedded.tagger import Tagger
    from digest.training.tagging.examples import Tagged

# How often each sentence is seen: once as it is, then with other names and sometimes other case.
_COPIES: Final = 4
_SWAPPED: Final = 0.35
_LOWERED, _RAISED = 0.04, 0.04
_MAX_WORDS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A file of `tokens` and `tags`, its types as ours, and which of our types it annotates."""

    name: str
    types: Mapping[str, str]
    annotated: frozenset[str]
    copies: int = _COPIES


_CORE: Final = frozenset({"PERSON", "ORG", "PLACE"})
_UNER: Final = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
_WORLDWIDE: Final = {
    "Person": "PERSON",
    "Organization": "ORG",
    "Location": "PLACE",
    "Facility": "PLACE",
    "NORP": "NORP",
    "Misc": "MISC",
    "Product": "MISC",
    "Date": "DATE",
    "Money": "MONEY",
}
_WNUT: Final = {
    "person": "PERSON",
    "location": "PLACE",
    "corporation": "ORG",
    "group": "ORG",
    "product": "MISC",
    "creative-work": "MISC",
}
# `sec` is left out: there "Borrower" and "Lender" are persons. MISC of wikigold has nationalities.
CORPORA: Final = (
    Corpus(name="uner_ewt_train", types=_UNER, annotated=_CORE),
    Corpus(name="worldwide_train", types=_WORLDWIDE, annotated=frozenset(NAME_TYPES), copies=3),
    Corpus(name="wikigold", types={**_UNER, "MISC": "MISC"}, annotated=_CORE | {"MISC", "NORP"}),
    Corpus(name="wnut17_train", types=_WNUT, annotated=_CORE | {"MISC"}, copies=2),
    Corpus(name="btc_train", types=_UNER, annotated=_CORE, copies=1),
)


class NerTask:
    """Names of persons, organisations, places and groups in running text."""

    heads: Final = {"names": NAME_LABELS}
    weights: Final = {"names": 1.0}
    about: Final = (
        "Marks names in English news text: PERSON, ORG, PLACE, NORP (nationalities, religions,"
        " political groups), MISC (events, works, products, laws), DATE, MONEY. Learned from"
        " UNER-EWT (CC BY-SA 4.0), Worldwide newswire (none stated), wikigold (CC BY 4.0), WNUT-17"
        " (CC BY 4.0) and the Broad Twitter Corpus (CC BY 4.0), starting from all-MiniLM-L6-v2"
        " (Apache-2.0). The encoder's vocabulary is lower-case: letter case is read beside it."
    )

    def files(self, corpora: Path) -> tuple[Path, ...]:
        """Return the training files, then those that are only measured on."""
        names = [corpus.name for corpus in CORPORA]
        held = ["uner_ewt_dev", "uner_ewt_test", "worldwide_dev"]
        return tuple(corpora / "ner" / f"{name}.jsonl.xz" for name in [*names, *held])

    def training(self, corpora: Path, *, seed: int) -> list[Tagged]:
        """Return every sentence as it is and with its names exchanged, in `_COPIES` variants."""
        dice = random.Random(seed)  # noqa: S311 - which name is exchanged, no secret
        read = [
            (corpus, sentence)
            for corpus, path in zip(CORPORA, self.files(corpora), strict=False)
            for sentence in annotated_rows(path, corpus)
        ]
        names: dict[str, list[tuple[str, ...]]] = {}
        for _, (words, tags) in read:
            for start, end, kind in spans_of(tags):
                names.setdefault(kind, []).append(tuple(words[start:end]))
        made = []
        for corpus, sentence in read:
            for copy in range(corpus.copies):
                words, tags = varied(*sentence, names, dice) if copy else sentence
                allowed = [
                    _allowed(tag, word, corpus) for word, tag in zip(words, tags, strict=True)
                ]
                made.append(tagged(words, allowed={"names": allowed}))
        return made

    def finishing(self, corpora: Path) -> list[Tagged]:
        """Return nothing: all is learned together."""
        _ = corpora
        return []

    def measure(self, tagger: Tagger, corpora: Path) -> dict[str, float]:
        """Return span F1 over persons, organisations and places, on data not learned from."""
        scores = {}
        for path in self.files(corpora)[len(CORPORA) :]:
            types = _WORLDWIDE if "worldwide" in path.name else _UNER
            corpus = Corpus(name=path.name, types=types, annotated=_CORE)
            sentences = list(annotated_rows(path, corpus))
            found = [
                {span for span in spans if span[2] in _CORE}
                for spans in tagger.names([words for words, _ in sentences])
            ]
            gold = [{s for s in spans_of(tags) if s[2] in _CORE} for _, tags in sentences]
            scores[f"f1_{path.name.split('.')[0]}"] = span_f1(found, gold)
        return scores


def span_f1(
    found: Sequence[set[tuple[int, int, str]]], gold: Sequence[set[tuple[int, int, str]]]
) -> float:
    """Return micro F1 of exact spans with their types, as CoNLL-2003 scores it."""
    both = sum(len(a & b) for a, b in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 2 * both / total if total else 0.0


def annotated_rows(path: Path, corpus: Corpus) -> list[tuple[list[str], list[str]]]:
    """Return (words, tags) of a corpus, tags as `B-` and `I-` with our types, "O" for the rest.

    Raises:
        UsageError: a row has not one tag for each token.
    """
    found = []
    for place, row in rows(path, {"tokens": list, "tags": list}):
        words, tags, before = row["tokens"], [], "O"
        if len(words) != len(row["tags"]):
            raise UsageError(f"{place}: {len(words)} tokens and {len(row['tags'])} tags")
        for tag in row["tags"]:
            kind = corpus.types.get(tag[2:])
            begins = tag[:1] == "B" or before[2:] != tag[2:]
            tags.append("O" if kind is None else f"{'B' if begins else 'I'}-{kind}")
            before = tag
        if words and len(words) <= _MAX_WORDS:
            found.append((words, tags))
    return found


def varied(
    words: Sequence[str],
    tags: Sequence[str],
    names: Mapping[str, Sequence[tuple[str, ...]]],
    dice: random.Random,
) -> tuple[list[str], list[str]]:
    """Return a sentence with some names exchanged for others of their type, some in other case."""
    out_words: list[str] = []
    out_tags: list[str] = []
    last = 0
    for start, end, kind in [*spans_of(tags), (len(words), len(words), "")]:
        out_words += words[last:start]
        out_tags += tags[last:start]
        name = tuple(words[start:end])
        if kind and dice.random() < _SWAPPED:
            name = dice.choice(names[kind])
        out_words += name
        out_tags += [f"{'I' if place else 'B'}-{kind}" for place in range(len(name))]
        last = end
    draw = dice.random()
    if draw < _LOWERED:
        out_words = [word.lower() for word in out_words]
    elif draw < _LOWERED + _RAISED:
        out_words = [word.upper() for word in out_words]
    return out_words, out_tags


def _allowed(tag: str, word: str, corpus: Corpus) -> int:
    """Return the labels that may be right as a bit mask; 0 where the corpus is not believed."""
    if word == "@":  # the Broad Twitter Corpus hides user names behind it, of any type
        return 0
    if tag != "O":
        return 1 << NAME_LABELS.index(tag)
    return sum(
        1 << index
        for index, label in enumerate(NAME_LABELS)
        if label == "O" or label[2:] not in corpus.annotated
    )
