"""Learn to join sentences, and to see where words are missing.

`edit` and `insert` turn two sentences into one, as LaserTagger does (Malmi et al. 2019): every word
is kept or deleted, and one of a few connectives may be put before it. `gap` is a grammar check for
everything that cuts words out of sentences: it says before which words something is missing,
learned from news sentences out of which spans were cut at random. Where a cut leaves a sentence
that could have been written so, no model can see it, and that is the measure.
"""

from __future__ import annotations

import random
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.labels import CONNECTIVES
from digest.backends.embedded.pieces import word_spans
from digest.training.news import is_whole, spread
from digest.training.tagging.examples import tagged
from digest.training.tagging.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from digest.backends.embedded.tagger import Tagger
    from digest.training.tagging.examples import Tagged

_SENTENCES: Final = 80_000
_MEASURED: Final = 2_000
_PER_ARTICLE: Final = 8
_WORDS: Final = range(8, 46)
# Sentences seen whole, with one cut, with two.
_CUTS: Final = ((0, 0.4), (1, 0.4), (2, 0.2))
_LONGEST_CUT: Final = 9
# Cuts that our own rules make begin or end here; half of the random ones do, too.
_BORDERS: Final = frozenset(
    ", ; : - -- ( ) and but or who which that where when while after before as with in on at for of"
    " to from by said".split()
)
_FUSION_COPIES: Final = 4


class FusionTask:
    """How two sentences become one, and where words are missing."""

    heads: Final = {
        "gap": ("whole", "gap"),
        "edit": ("keep", "delete"),
        "insert": CONNECTIVES,
    }
    weights: Final = {"gap": 1.0, "edit": 1.0, "insert": 1.0}
    about: Final = (
        "`gap`: before which words of a sentence something is missing; a grammar check, learned"
        " from sentences of English news articles out of which spans were cut at random (the texts"
        " are the publishers'). `edit`, `insert`: which words of two sentences to keep and which"
        " connective to put before a word, so that they become one; learned from WikiSplit"
        " (CC BY-SA 4.0). Begun from all-MiniLM-L6-v2 (Apache-2.0)."
    )

    def files(self, corpora: Path) -> tuple[Path, ...]:
        """Return the training files, then those that are only measured on."""
        fusion = [f"fusion/wikisplit_{name}" for name in ("tune", "validation", "test")]
        news = [f"news/articles-{part}" for part in (0, 1, 3)]
        names = [*fusion[:2], *news[:2], fusion[2], news[2]]
        return tuple(corpora / f"{name}.jsonl.xz" for name in names)

    def training(self, corpora: Path, *, seed: int) -> list[Tagged]:
        """Return news sentences with and without cuts, and pairs of sentences that become one."""
        dice = random.Random(seed)  # noqa: S311 - which words are cut, no secret
        tune, validation, first, second, _test, _held = self.files(corpora)
        half = _SENTENCES // 2
        found = [
            cut_sentence(words, dice)
            for path in (first, second)
            for words in _some(news_sentences(path), half)
        ]
        pairs = [pair for path in (tune, validation) for pair in fusion_pairs(path)]
        return found + pairs * _FUSION_COPIES

    def finishing(self, corpora: Path) -> list[Tagged]:
        """Return nothing: all is learned together."""
        _ = corpora
        return []

    def measure(self, tagger: Tagger, corpora: Path) -> dict[str, float]:
        """Return how well cuts are found in unseen news, and unseen pairs joined as people did."""
        *_, test, held = self.files(corpora)
        dice = random.Random(1)  # noqa: S311 - as above
        cut = [cut_sentence(words, dice) for words in _some(news_sentences(held), _MEASURED)]
        marked: list[float] = []
        right: list[int] = []
        for row, scores in zip(cut, tagger.scores([row.words for row in cut]), strict=True):
            marked += scores["gap"][:, 1].tolist()
            right += row.labels["gap"]
        pairs = list(fusion_pairs(test))
        same = 0
        for row, scores in zip(pairs, tagger.scores([row.words for row in pairs]), strict=True):
            same += all(
                scores[head].argmax(-1).tolist() == list(row.labels[head])
                for head in ("edit", "insert")
            )
        return {"gap_auc": _auc(marked, right), "fused_as_people_did": same / max(1, len(pairs))}


def news_sentences(path: Path) -> Iterator[list[str]]:
    """Yield the words of whole sentences of articles, a few an article, spread over it."""
    for _, row in rows(path, {"text": str}):
        for piece in spread(row["text"], _PER_ARTICLE):
            words = [piece[start:end] for start, end in word_spans(piece)]
            if len(words) in _WORDS and is_whole(piece, words):
                yield words


def cut_sentence(words: Sequence[str], dice: random.Random) -> Tagged:
    """Return a sentence with up to two spans cut out, words behind a cut marked."""
    cuts = dice.choices([n for n, _ in _CUTS], [share for _, share in _CUTS])[0]
    kept = list(range(len(words)))
    for _ in range(cuts):
        start, end = _random_cut([words[place] for place in kept], dice)
        if len(kept) - (end - start) >= _WORDS[0] // 2:
            del kept[start:end]
    left = [words[place] for place in kept]
    before = [-1, *kept[:-1]]
    gaps = [int(place != earlier + 1) for place, earlier in zip(kept, before, strict=True)]
    left[0] = left[0][:1].upper() + left[0][1:]
    return tagged(left, {"gap": gaps})


def _random_cut(words: Sequence[str], dice: random.Random) -> tuple[int, int]:
    """Return a span of words before the last one, half the time from or up to a border."""
    start = dice.randrange(len(words) - 1)
    length = dice.randint(1, _LONGEST_CUT)
    borders = [place for place, word in enumerate(words) if word.lower() in _BORDERS]
    if borders and dice.random() < 0.5:
        start = dice.choice(borders)
        ends = [place for place in borders if start < place]
        if ends and dice.random() < 0.5:
            return start, ends[0]
    return start, min(start + length, len(words) - 1)


def fusion_pairs(path: Path) -> Iterator[Tagged]:
    """Yield the pairs of a corpus (`sentences`, `fused`) that our edits can make into one."""
    for _, row in rows(path, {"sentences": list, "fused": str}):
        words = " ".join(row["sentences"]).split()
        found = edits(words, row["fused"].split())
        if found is not None:
            keep, insert = found
            yield tagged(words, {"edit": keep, "insert": insert})


def edits(words: Sequence[str], fused: Sequence[str]) -> tuple[list[int], list[int]] | None:
    """Return, for every word, 1 where it is deleted, and the connective put before it.

    None where something is inserted that is no connective. Letter case is not compared.
    """
    left, right = [word.lower() for word in words], [word.lower() for word in fused]
    deleted, insert = [0] * len(words), [0] * len(words)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, start, end, from_, to in matcher.get_opcodes():
        if kind in {"delete", "replace"}:
            deleted[start:end] = [1] * (end - start)
        if kind in {"insert", "replace"}:
            phrase = " ".join(right[from_:to])
            place = end if end < len(words) else start
            if phrase not in CONNECTIVES or place >= len(words):
                return None
            insert[place] = CONNECTIVES.index(phrase)
    return deleted, insert


def _some(sentences: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    for _, words in zip(range(count), sentences, strict=False):
        yield words


def _auc(scores: Sequence[float], right: Sequence[int]) -> float:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - 1 s

    # Chance, where there is nothing to tell apart.
    return float(roc_auc_score(right, scores)) if len(set(right)) == 2 else 0.5
