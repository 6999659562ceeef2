"""How far the sources entail a text, by a natural language inference model: sentence by sentence.

Strings tell whether a name stands in a source, not who did what to whom. The score of a sentence is
the highest probability of entailment by any source sentence, that of a text the mean over its
sentences (SummaC's zero-shot model, Laban et al. 2022, TACL).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from digest.errors import UsageError
from digest.text.alignment import Aligner
from eval.metrics.lines import SENTENCES, one_per_line, sentences
from eval.models import BATCH, PairClassifier
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Classified

_ENTAILS: Final = "entailment"
_AT_LEAST: Final = 0.5


class Classifier(Protocol):
    """A model over pairs of premise and hypothesis, such as `eval.models.PairClassifier`."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its classes, in the order of the probabilities."""
        ...

    @property
    def signature(self) -> str:
        """Which model, and which revision of it."""
        ...

    def classify(self, pairs: Sequence[tuple[str, str]]) -> list[Classified]:
        """Return the probabilities of each pair, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEntailment:
    """How far one sentence is entailed, in [0, 1], and the premise that entails it most.

    `source` is the index of the source that the premise stands in.
    """

    sentence: str
    entailment: float
    premise: str
    source: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NliScores:
    """The sentences of a text; none where nothing was written or there is no source.

    `pairs` were put to the model, `truncated` of them were cut to what it can read.
    """

    sentences: tuple[SentenceEntailment, ...]
    pairs: int
    truncated: int

    @property
    def entailment(self) -> float | None:
        """Return the mean over sentences, in [0, 1], None where there is none."""
        if not self.sentences:
            return None
        return sum(one.entailment for one in self.sentences) / len(self.sentences)


class NliScorer:
    """Scores texts against sources with one model."""

    def __init__(
        self,
        model: str | Path | Classifier,
        *,
        top: int | None = 10,
        windows: int = 1,
        device: str = "cpu",
        batch_size: int = BATCH,
        revision: str | None = None,
        allow_download: bool = False,
    ) -> None:
        """Load the model.

        Args:
            model: a folder, or a name on the hub that is in the cache; or a loaded classifier, for
                which the last four arguments say nothing.
            top: how many source sentences are tried, those first that hold most of the sentence's
                content stems; all where None.
            windows: 1 for single sentences as premises, 2 for pairs of neighbors, too.
            device: where it runs, as torch names it.
            batch_size: pairs at a time.
            revision: of a model on the hub.
            allow_download: whether the hub may be asked.

        Raises:
            UsageError: there is no such model here, or none of its labels is "entailment".
            ValueError: `top` or `windows` is out of range.
        """
        if windows not in {1, 2} or (top is not None and top < 1):
            raise ValueError(f"windows must be 1 or 2 and top at least 1, got {windows} and {top}")
        self._model: Classifier = (
            PairClassifier(
                model,
                device=device,
                batch_size=batch_size,
                revision=revision,
                allow_download=allow_download,
            )
            if isinstance(model, str | Path)
            else model
        )
        self._entails = _entailment(self._model)
        self._top = top
        self._windows = windows

    @property
    def model(self) -> str:
        """Return which model it is, and which revision of it."""
        return self._model.signature

    @property
    def signature(self) -> str:
        """Return the choices behind the scores, the model among them."""
        return signature(
            "nli",
            model=self.model,
            sents=SENTENCES,
            premise=f"{self._windows}-sentence",
            top=self._top or "all",
            agg="mean-of-max",
            v=1,
        )

    def score(self, prediction: str, sources: Sequence[str]) -> NliScores:
        """Return how far each sentence of a prediction is entailed by some source sentence."""
        index = _indexed(tuple(sources), self._windows)
        found = sentences(prediction)
        tried = [index.premises(sentence, self._top) for sentence in found]
        pairs = [
            (index.texts[premise], sentence)
            for sentence, premises in zip(found, tried, strict=True)
            for premise in premises
        ]
        answers = iter(zip(pairs, self._model.classify(pairs), strict=True))
        scored = []
        truncated = 0
        for sentence, premises in zip(found, tried, strict=True):
            best: SentenceEntailment | None = None
            for premise in premises:
                _, answer = next(answers)
                truncated += answer.truncated
                chance = answer.probabilities[self._entails]
                if best is None or chance > best.entailment:
                    best = SentenceEntailment(
                        sentence=sentence,
                        entailment=chance,
                        premise=index.texts[premise],
                        source=index.source[premise],
                    )
            if best is not None:
                scored.append(best)
        return NliScores(sentences=tuple(scored), pairs=len(pairs), truncated=truncated)

    def entails(self, premise: str, hypothesis: str) -> float:
        """Return the probability that one text entails another, in [0, 1]."""
        return self._model.classify([(premise, hypothesis)])[0].probabilities[self._entails]


class NliSupport:
    """Support of a sentence by quotes for `eval.metrics.citations`: what the model entails."""

    def __init__(self, scorer: NliScorer, *, at_least: float = _AT_LEAST) -> None:
        """Take the scorer, and the probability of entailment that counts as support."""
        self._scorer = scorer
        self._at_least = at_least

    @property
    def signature(self) -> str:
        """Return the model and the bar."""
        return f"nli-{self._scorer.model}-{self._at_least}"

    def __call__(self, sentence: str, quotes: Sequence[str]) -> bool:
        """Return whether the quotes, put together in the order cited, entail the sentence."""
        return self._scorer.entails(" ".join(quotes), sentence) >= self._at_least


class _Premises:
    """The sentences of some sources, and with `windows` 2 each with the one behind it."""

    def __init__(self, sources: Sequence[str], windows: int) -> None:
        split = [[line for line in one_per_line(text).split("\n") if line] for text in sources]
        self.texts = [sentence for found in split for sentence in found]
        self.source = [n for n, found in enumerate(split) for _ in found]
        self._aligner = Aligner(self.texts)
        self._pairs: dict[int, list[int]] = {n: [] for n in range(len(self.texts))}
        for left in range(len(self.texts) - 1) if windows > 1 else ():
            if self.source[left] == self.source[left + 1]:
                self._pairs[left].append(len(self.texts))
                self._pairs[left + 1].append(len(self.texts))
                self.texts.append(f"{self.texts[left]} {self.texts[left + 1]}")
                self.source.append(self.source[left])

    def premises(self, sentence: str, top: int | None) -> list[int]:
        """Return the premises to try, by index; where none shares a stem, the first sentences."""
        every = list(self._pairs)
        if top is None or top >= len(every):
            chosen = every
        else:
            matched = [match.index for match in self._aligner.matches(sentence, limit=top)]
            chosen = sorted(matched or every[:top])
        return list(dict.fromkeys([*chosen, *(w for one in chosen for w in self._pairs[one])]))


@lru_cache(maxsize=64)
def _indexed(sources: tuple[str, ...], windows: int) -> _Premises:
    return _Premises(sources, windows)


def _entailment(model: Classifier) -> int:
    """Return the index of the label that says entailment."""
    folded = [label.lower() for label in model.labels]
    if _ENTAILS not in folded:
        raise UsageError(
            f"{model.signature}: no label of this model is {_ENTAILS!r}, they are "
            f"{', '.join(model.labels)}; name a model trained for natural language inference, and "
            "let id2label in its config.json say which class is which"
        )
    return folded.index(_ENTAILS)
