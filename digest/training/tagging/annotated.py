"""Corpora of names: files, what they annotate, and their sentences with our tags.

Each corpus says which types it annotates. A word that it leaves blank may still be of a type it
does not annotate, so that only the probability of all labels it leaves open together is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import NAME_LABELS, NAME_TYPES
from digest.errors import UsageError
from digest.training.tagging.rows import rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Sentence = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A file of `tokens` and `tags`, its types as ours, and which of our types it annotates.

    Attributes:
        copies: how often each sentence is seen: once as it is, then with other names.
        running: neighbouring rows are neighbouring sentences, unless their `doc` differs.
        nested: a word has the type of the innermost name it belongs to; `I-` behind another type
            says that the name around it goes on.
    """

    name: str
    types: Mapping[str, str]
    annotated: frozenset[str]
    copies: int = 4
    running: bool = True
    nested: bool = False


CORE: Final = frozenset({"PERSON", "ORG", "PLACE"})
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
_ALL: Final = frozenset(NAME_TYPES)
# `sec` is left out: there "Borrower" and "Lender" are persons. MISC of wikigold has nationalities.
CORPORA: Final = (
    Corpus(name="uner_ewt_train", types=_UNER, annotated=CORE),
    Corpus(name="worldwide_train", types=_WORLDWIDE, annotated=_ALL, copies=3, nested=True),
    Corpus(name="wikigold", types={**_UNER, "MISC": "MISC"}, annotated=CORE | {"MISC", "NORP"}),
    Corpus(name="wnut17_train", types=_WNUT, annotated=CORE | {"MISC"}, copies=2, running=False),
    Corpus(name="btc_train", types=_UNER, annotated=CORE, copies=1, running=False),
)
MEASURED: Final = (
    Corpus(name="uner_ewt_dev", types=_UNER, annotated=CORE),
    Corpus(name="uner_ewt_test", types=_UNER, annotated=CORE),
    Corpus(name="worldwide_dev", types=_WORLDWIDE, annotated=_ALL, nested=True),
)


def corpus_path(corpora: Path, corpus: Corpus) -> Path:
    """Return where a corpus lies under the folder of all corpora."""
    return corpora / "ner" / f"{corpus.name}.jsonl.xz"


def documents(corpora: Path, corpus: Corpus) -> list[list[Sentence]]:
    """Return the sentences of each document, tags as `B-` and `I-` with our types, or "O".

    Raises:
        UsageError: a row has not one tag for each token.
    """
    found: list[list[Sentence]] = []
    document: object = None
    for place, row in rows(corpus_path(corpora, corpus), {"tokens": list, "tags": list}):
        words, tags = row["tokens"], row["tags"]
        if len(words) != len(tags):
            raise UsageError(f"{place}: {len(words)} tokens and {len(tags)} tags")
        if not words:
            continue
        if not found or not corpus.running or row.get("doc") != document:
            found.append([])
        document = row.get("doc")
        found[-1].append((words, _ours(tags, corpus)))
    return found


def _ours(tags: Sequence[str], corpus: Corpus) -> list[str]:
    made: list[str] = []
    before = "O"
    for tag in tags:
        kind = corpus.types.get(tag[2:])
        goes_on = made and (made[-1] != "O" if corpus.nested else before[2:] == tag[2:])
        begins = tag[:1] == "B" or not goes_on
        made.append("O" if kind is None else f"{'B' if begins else 'I'}-{kind}")
        before = tag
    return made


def allowed(tag: str, word: str, corpus: Corpus) -> int:
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
