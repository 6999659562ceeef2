"""Learn to find names in cased news text, from corpora that annotate different types."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import NAME_LABELS, spans_of, whole_names
from digest.backends.embedded.passages import ROOM, passages
from digest.training.tagging.annotated import (
    CORE,
    CORPORA,
    MEASURED,
    allowed,
    corpus_path,
    documents,
)
from digest.training.tagging.examples import tagged
from digest.training.tagging.exchange import exchanged, known_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digest.backends.embedded.tagger import Tagger
    from digest.training.tagging.annotated import Corpus, Sentence
    from digest.training.tagging.examples import Tagged

    Span = tuple[int, int, str]

# A quarter of the passages are single sentences, so that one alone is understood, too.
_ROOMS: Final = (0, ROOM // 2, ROOM, ROOM)
_MOST: Final = 64  # sentences that are looked at for one passage


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
        return tuple(corpus_path(corpora, corpus) for corpus in (*CORPORA, *MEASURED))

    def training(self, corpora: Path, *, seed: int) -> list[Tagged]:
        """Return passages of all documents, as they are and with their names exchanged."""
        dice = random.Random(seed)  # noqa: S311 - which name is exchanged, no secret
        read = [(corpus, documents(corpora, corpus)) for corpus in CORPORA]
        # Those of tweets are as often "@" or "shazzers14" as names that news would print.
        names = known_names(
            sentence
            for corpus, found in read
            if corpus.running
            for document in found
            for sentence in document
        )
        made = []
        for corpus, found in read:
            for copy in range(corpus.copies):
                for document in found:
                    for passage in _passages(document, dice):
                        varied = exchanged(passage, names, dice) if copy else passage
                        made.append(_example(varied, corpus))
        return made

    def finishing(self, corpora: Path) -> list[Tagged]:
        """Return nothing: all is learned together."""
        _ = corpora
        return []

    def measure(self, tagger: Tagger, corpora: Path) -> dict[str, float]:
        """Return span F1 over persons, organisations and places, on data not learned from.

        Where names are annotated within names there are two: `_whole` of the outer ones, and that
        of the parts that are left of them where each word has one type.
        """
        scores = {}
        for corpus in MEASURED:
            texts = documents(corpora, corpus)
            words = [[words for words, _ in document] for document in texts]
            found = [tags for document in tagger.tags(words) for tags in document]
            gold = [sentence for document in texts for sentence in document]
            read = [(words, tags) for (words, _), tags in zip(gold, found, strict=True)]
            whole = span_f1(_names(read), _names(gold))
            if corpus.nested:
                scores[f"f1_{corpus.name}_whole"] = whole
                flat = documents(corpora, replace(corpus, nested=False))
                parts = [sentence for document in flat for sentence in document]
                whole = span_f1(_parts(read), _parts(parts))
            scores[f"f1_{corpus.name}"] = whole
        return scores


def _names(sentences: Sequence[Sentence]) -> list[set[Span]]:
    return [
        {name for name in whole_names(words, tags) if name[2] in CORE} for words, tags in sentences
    ]


def _parts(sentences: Sequence[Sentence]) -> list[set[Span]]:
    return [{part for part in spans_of(tags) if part[2] in CORE} for _, tags in sentences]


def span_f1(found: Sequence[set[Span]], gold: Sequence[set[Span]]) -> float:
    """Return micro F1 of exact spans with their types, as CoNLL-2003 scores it."""
    both = sum(len(a & b) for a, b in zip(found, gold, strict=True))
    total = sum(map(len, found)) + sum(map(len, gold))
    return 2 * both / total if total else 0.0


def _passages(document: Sequence[Sentence], dice: random.Random) -> Iterator[Sequence[Sentence]]:
    """Yield the sentences of a document, a few or one at a time."""
    start = 0
    while start < len(document):
        lengths = [len("".join(words)) for words, _ in document[start : start + _MOST]]
        stop = start + passages(lengths, room=dice.choice(_ROOMS))[0].own.stop
        yield document[start:stop]
        start = stop


def _example(passage: Sequence[Sentence], corpus: Corpus) -> Tagged:
    words = [word for sentence, _ in passage for word in sentence]
    tags = [tag for _, row in passage for tag in row]
    masks = [allowed(tag, word, corpus) for word, tag in zip(words, tags, strict=True)]
    return tagged(words, allowed={"names": masks})
