"""Similarity of texts by the vectors of their tokens: precision, recall and F1 as in BERTScore.

Zhang et al. 2020 (ICLR), section 3: each token is matched with the most similar one of the other
text by cosine. No idf weights, no baseline rescaling, special tokens left out. The values of two
models, or of two layers of one, do not compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from eval.models import BATCH, Encoder
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Vectors

# Cosines of equal vectors end in the seventh digit.
_DECIMALS: Final = 6
_ROWS: Final = 1_000  # token vectors compared at a time: with 50,000 on the other side, 200 MB
_REMEMBERED: Final = 16  # texts; one of 1,000 tokens takes 3 MB at 768 dimensions


class TokenEncoder(Protocol):
    """A model that turns tokens into vectors, such as `eval.models.Encoder`."""

    @property
    def signature(self) -> str:
        """Which model, which revision, which layer."""
        ...

    def vectors(self, texts: Sequence[str]) -> list[Vectors]:
        """Return per text L2-normalised vectors, shape (tokens, dim)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """Mean cosines in [-1, 1] of each token's best match; `fmeasure` is their harmonic mean.

    Precision is over the tokens of the prediction, recall over those of the other text. `fmeasure`
    is 0 where they do not add up to more than 0.
    """

    precision: float
    recall: float
    fmeasure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarityScores:
    """A prediction beside each reference, None for a reference without a token.

    All are None where the prediction has no token.
    """

    each: tuple[Similarity | None, ...]

    @property
    def best(self) -> Similarity | None:
        """Return the one with the highest F, the first of equals, None where there is none."""
        known = [one for one in self.each if one is not None]
        return max(known, key=lambda one: one.fmeasure, default=None)

    @property
    def mean(self) -> Similarity | None:
        """Return the means of precision, recall and F over the references with a token."""
        known = [one for one in self.each if one is not None]
        if not known:
            return None
        return Similarity(
            precision=sum(one.precision for one in known) / len(known),
            recall=sum(one.recall for one in known) / len(known),
            fmeasure=sum(one.fmeasure for one in known) / len(known),
        )


class EncoderSimilarity:
    """Compares texts by one encoder and one of its layers."""

    def __init__(
        self,
        model: str | Path | TokenEncoder,
        *,
        layer: int | None = None,
        device: str = "cpu",
        batch_size: int = BATCH,
        revision: str | None = None,
        allow_download: bool = False,
    ) -> None:
        """Load the model.

        Args:
            model: a folder, or a name on the hub that is in the cache; or a loaded encoder, for
                which the other arguments say nothing.
            layer: whose output is taken; see `eval.models.Encoder`.
            device: where it runs, as torch names it.
            batch_size: pieces of text at a time.
            revision: of a model on the hub.
            allow_download: whether the hub may be asked.

        Raises:
            UsageError: there is no such model here, or no such layer.
        """
        self._encoder: TokenEncoder = (
            Encoder(
                model,
                layer=layer,
                device=device,
                batch_size=batch_size,
                revision=revision,
                allow_download=allow_download,
            )
            if isinstance(model, str | Path)
            else model
        )
        self._vectors = lru_cache(maxsize=_REMEMBERED)(self._encode)

    @property
    def signature(self) -> str:
        """Return the choices behind the scores, model and layer among them."""
        return signature(
            "similarity",
            model=self._encoder.signature,
            match="greedy",
            idf="none",
            special="none",
            rescale="none",
            long="pieces",
            v=1,
        )

    def score(self, prediction: str, references: Sequence[str]) -> SimilarityScores:
        """Compare a prediction with each of its references."""
        left = self._vectors(prediction)
        return SimilarityScores(
            each=tuple(_greedy(left, self._vectors(reference)) for reference in references)
        )

    def against_sources(self, prediction: str, sources: Sequence[str]) -> Similarity | None:
        """Compare a prediction with all its sources as one text; None where one side is empty."""
        import numpy as np  # noqa: PLC0415 - 0.1 s

        if not sources:
            return None
        return _greedy(
            self._vectors(prediction), np.concatenate([self._vectors(text) for text in sources])
        )

    def _encode(self, text: str) -> Vectors:
        return self._encoder.vectors([text])[0]


def _greedy(left: Vectors, right: Vectors) -> Similarity | None:
    """Match each vector with the closest of the other side, both ways."""
    import numpy as np  # noqa: PLC0415 - 0.1 s

    if not len(left) or not len(right):
        return None
    forth, back = [], np.full(len(right), -1.0, dtype=np.float32)
    for start in range(0, len(left), _ROWS):
        cosines = left[start : start + _ROWS] @ right.T
        forth.append(cosines.max(axis=1))
        back = np.maximum(back, cosines.max(axis=0))
    precision = round(float(np.concatenate(forth).mean(dtype=np.float64)), _DECIMALS)
    recall = round(float(back.mean(dtype=np.float64)), _DECIMALS)
    total = precision + recall
    return Similarity(
        precision=precision,
        recall=recall,
        fmeasure=round(2 * precision * recall / total, _DECIMALS) if total > 0 else 0.0,
    )
