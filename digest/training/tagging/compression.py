"""Learn which words of a news sentence a shorter one keeps: corpora, decoding, scores.

The corpus is that of Filippova et al. (2015): sentences whose headline is a subsequence of them,
lower-cased, digits as "#", rare words as "<unk>". Part-of-speech and dependency labels are learned
beside, for what they teach the encoder about syntax.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.pieces import word_spans
from digest.errors import UsageError
from digest.training.tagging.examples import Tagged, tagged
from digest.training.tagging.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digest.backends.embedded.tagger import Tagger

# Longer rows of the corpus are whole articles in one line.
_MAX_WORDS: Final = 100
# fmt: off
POS: Final = (
    "$", "''", "(", ")", ",", ".", ":", "ADD", "AFX", "CC", "CD", "DT", "EX", "FW", "GW", "HYPH",
    "IN", "JJ", "JJR", "JJS", "LS", "MD", "NFP", "NN", "NNP", "NNPS", "NNS", "PDT", "POS", "PRP",
    "PRP$", "RB", "RBR", "RBS", "RP", "SYM", "TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ",
    "WDT", "WP", "WP$", "WRB", "XX", "``",
)
DEPENDENCIES: Final = (
    "ROOT", "abbrev", "acomp", "advcl", "advmod", "amod", "appos", "attr", "aux", "auxpass", "cc",
    "ccomp", "complm", "conj", "csubj", "csubjpass", "dep", "det", "dobj", "expl", "infmod", "iobj",
    "mark", "mwe", "neg", "nn", "npadvmod", "nsubj", "nsubjpass", "num", "number", "p", "parataxis",
    "partmod", "pcomp", "pobj", "poss", "preconj", "pred", "predet", "prep", "prt", "ps", "purpcl",
    "quantmod", "rcmod", "rel", "suffix", "title", "tmod", "xcomp",
)
# fmt: on
# How much of a word's score comes from the pair it makes with the word before; the rest is its own.
# F1 and exact matches on 2,500 validation sentences: .848/.268 at 0, .848/.286 at .3, .849/.290 at
# .5, .849/.300 at .7, .847/.297 at 1.
PAIRED: Final = 0.6
_QUOTES: Final = {"``": '"', "''": '"', "`": "'"}


class CompressionTask:
    """Which words of a sentence are kept, with syntax learned beside."""

    heads: Final = {
        "keep": ("delete", "keep"),
        "pair": ("delete delete", "delete keep", "keep delete", "keep keep"),
        "pos": POS,
        "dep": DEPENDENCIES,
    }
    weights: Final = {"keep": 1.0, "pair": 0.5, "pos": 0.1, "dep": 0.3}
    about: Final = (
        "Says of every word of an English news sentence whether a shorter one keeps it (`keep`),"
        " that together with the word before (`pair`),"
        " its part of speech (`pos`, Penn treebank) and its dependency label (`dep`, Stanford)."
        " Learned from 180,000 sentences of the sentence compression corpus of Filippova et al."
        " (2015) and, at the end, 9,000 with their letter case, for which no licence is stated,"
        " starting from all-MiniLM-L6-v2 (Apache-2.0)."
    )

    def files(self, corpora: Path) -> tuple[Path, ...]:
        """Return the training file, the file whose rare words fill gaps, and the test file."""
        names = ("train", "cased_dev_9000", "test_1000")
        return tuple(corpora / "compression" / f"{name}.jsonl.xz" for name in names)

    def training(self, corpora: Path, *, seed: int) -> list[Tagged]:
        """Return all rows of the training file, those of over 100 words left out."""
        _ = seed  # the fill of masked words depends on the row
        train, cased, _test = self.files(corpora)
        return list(masked_rows(train, rare_words(cased)))

    def finishing(self, corpora: Path) -> list[Tagged]:
        """Return the 9,000 cased sentences: real words and figures, as a run meets them."""
        return list(text_pairs(self.files(corpora)[1]))

    def measure(self, tagger: Tagger, corpora: Path) -> dict[str, float]:
        """Return token F1 and exact matches on the 1,000 test sentences."""
        pairs = list(text_pairs(self.files(corpora)[2]))
        scores = tagger.scores([pair.words for pair in pairs])
        kept = [kept_by(found["keep"], found["pair"]) for found in scores]
        return compression_scores(kept, [pair.labels["keep"] for pair in pairs])


def kept_by(keep: NDArray[np.float32], pair: NDArray[np.float32]) -> list[bool]:
    """Return which words stay: the best sequence by words and by neighbours (Viterbi).

    A word's score is the mean, `PAIRED` the weight of the second, of its log probability and of
    that given what became of the word before.

    Args:
        keep: log probabilities of delete and keep, shape (words, 2).
        pair: log probabilities of what becomes of the word before and of the word, shape (words,
            4) in the order of `CompressionTask.heads`.
    """
    if not len(keep):
        return []
    best = [float(value) for value in keep[0]]
    back: list[list[int]] = []
    for own, both in zip(keep[1:].tolist(), pair[1:].tolist(), strict=True):
        given = [_conditional(both[:2]), _conditional(both[2:])]
        paths = [
            [best[before] + PAIRED * given[before][now] for before in (0, 1)] for now in (0, 1)
        ]
        back.append([int(path[1] > path[0]) for path in paths])
        best = [max(path) + (1 - PAIRED) * own[now] for now, path in enumerate(paths)]
    now = int(best[1] > best[0])
    path = [now]
    for came in reversed(back):
        now = came[now]
        path.append(now)
    return [mark == 1 for mark in reversed(path)]


def _conditional(row: Sequence[float]) -> list[float]:
    top = max(row)
    total = top + math.log(sum(math.exp(value - top) for value in row))
    return [value - total for value in row]


def compression_scores(
    kept: Sequence[Sequence[bool]], gold: Sequence[Sequence[int]]
) -> dict[str, float]:
    """Return mean token F1 over sentences and the share kept exactly as in the reference.

    F1 of the kept words of a sentence, as Filippova et al. (2015) score it; 0 where nothing is
    kept on one side.
    """
    f1, exact = 0.0, 0
    for row, right in zip(kept, gold, strict=True):
        both = sum(a and b == 1 for a, b in zip(row, right, strict=True))
        f1 += 2 * both / max(1, sum(row) + sum(right))
        exact += [int(a) for a in row] == list(right)
    count = max(1, len(gold))
    return {"token_f1": f1 / count, "exact_match": exact / count}


def masked_rows(path: Path, rare: Sequence[str]) -> Iterator[Tagged]:
    """Yield the examples of a corpus with masks: fields `tokens`, `pos`, `dep`, `keep`.

    "#" becomes a digit and "<unk>" one of `rare`, by dice that depend on the row alone, since real
    text has neither.

    Raises:
        UsageError: a row has labels that are unknown, or not one for each word.
    """
    columns = {"keep": ("0", "1"), "pos": POS, "dep": DEPENDENCIES}
    for number, (place, row) in enumerate(rows(path, dict.fromkeys(("tokens", *columns), str))):
        tokens = row["tokens"].split()
        if not 2 <= len(tokens) <= _MAX_WORDS:
            continue
        dice = random.Random(number)  # noqa: S311 - fill for masked words, no secret
        given = {**row, "keep": " ".join(row["keep"])}
        try:
            labels = {
                head: [names.index(name) for name in given[head].split()]
                for head, names in columns.items()
            }
            yield tagged([_real(token, rare, dice) for token in tokens], with_pairs(labels))
        except ValueError as error:
            raise UsageError(f"{place}: {error}") from error


def _real(word: str, rare: Sequence[str], dice: random.Random) -> str:
    if word == "<unk>":
        return dice.choice(rare) if rare else "[UNK]"
    if "#" in word:
        return "".join(dice.choice("0123456789") if char == "#" else char for char in word)
    return _QUOTES.get(word, word)


def rare_words(path: Path) -> tuple[str, ...]:
    """Return capitalised words that occur once in the sources of a corpus of text pairs, sorted."""
    counts: dict[str, int] = {}
    for _, row in rows(path, {"source": str}):
        text = row["source"]
        for start, end in word_spans(text)[1:]:
            word = text[start:end]
            if word[0].isupper() and word.isalpha() and len(word) > 3:
                counts[word.lower()] = counts.get(word.lower(), 0) + 1
    return tuple(sorted(word for word, count in counts.items() if count == 1))


def text_pairs(path: Path) -> Iterator[Tagged]:
    """Yield the examples of a corpus of texts: fields `source` and `compressed`, as published.

    Words of a compression that is no subsequence of its source are passed over.
    """
    for _, row in rows(path, {"source": str, "compressed": str}):
        words = [row["source"][start:end] for start, end in word_spans(row["source"])]
        wanted = [row["compressed"][start:end] for start, end in word_spans(row["compressed"])]
        yield tagged(words, with_pairs({"keep": kept_words(words, wanted)}))


def with_pairs(labels: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Return labels with `pair` beside `keep`: each word's label together with the one before.

    >>> with_pairs({"keep": [1, 1, 0]})["pair"]
    [1, 3, 2]
    """
    keep = labels["keep"]
    before = [0, *keep][: len(keep)]
    return {**labels, "pair": [2 * was + now for was, now in zip(before, keep, strict=True)]}


def kept_words(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return 1 for each word on a longest common subsequence with `wanted`, letter case ignored."""
    left, right = [w.lower() for w in words], [w.lower() for w in wanted]
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            table[i][j] = (
                table[i + 1][j + 1] + 1
                if left[i] == right[j]
                else max(table[i + 1][j], table[i][j + 1])
            )
    kept, i, j = [0] * len(left), 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            kept[i] = 1
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept
