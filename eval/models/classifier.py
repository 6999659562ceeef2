"""Models that say which of a few classes a pair of texts belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eval.models.loading import BATCH, batches, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Padding moves the seventh digit; what is reported must not depend on the neighbors in a batch.
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The probabilities of a pair, in the order of the labels; `truncated` if it was cut."""

    probabilities: tuple[float, ...]
    truncated: bool


class PairClassifier:
    """A sequence classification model over pairs of texts."""

    def __init__(
        self,
        model_path: str | Path,
        *,
        device: str = "cpu",
        batch_size: int = BATCH,
        revision: str | None = None,
        allow_download: bool = False,
    ) -> None:
        """Load the model.

        Raises:
            UsageError: there is no such model here, or it is no classifier.
        """
        self._loaded = load(
            model_path,
            kind="classifier",
            device=device,
            revision=revision,
            allow_download=allow_download,
        )
        self._batch_size = batch_size
        names = self._loaded.model.config.id2label
        self.labels: tuple[str, ...] = tuple(str(names[index]) for index in sorted(names))
        self.signature = self._loaded.signature

    def classify(self, pairs: Sequence[tuple[str, str]]) -> list[Classified]:
        """Return the probabilities of each pair, in order; equal pairs are asked once.

        Pairs run in batches by length, then text, so that equal questions make equal batches.
        """
        tokenizer, limit = self._loaded.tokenizer, self._loaded.limit
        distinct = sorted(set(pairs))
        sizes = {
            pair: len(ids)
            for pair, ids in zip(
                distinct,
                tokenizer(*map(list, zip(*distinct, strict=True)), verbose=False)["input_ids"]
                if distinct
                else (),
                strict=True,
            )
        }
        answers: dict[tuple[str, str], Classified] = {}
        for batch in batches(
            sorted(distinct, key=lambda pair: (sizes[pair], pair)), self._batch_size
        ):
            given = tokenizer(
                [left for left, _ in batch],
                [right for _, right in batch],
                truncation=True,
                max_length=limit,
                padding=True,
                return_tensors="pt",
            )
            for pair, row in zip(batch, self._probabilities(given), strict=True):
                answers[pair] = Classified(probabilities=row, truncated=sizes[pair] > limit)
        return [answers[pair] for pair in pairs]

    def _probabilities(self, given: Any) -> list[tuple[float, ...]]:  # noqa: ANN401 - a BatchEncoding
        import torch  # noqa: PLC0415 - 1.7 s

        with torch.inference_mode():
            logits = self._loaded.model(**given.to(self._loaded.device)).logits
        rows = torch.softmax(logits.float(), dim=-1).cpu().tolist()
        return [tuple(round(value, _DECIMALS) for value in row) for row in rows]
