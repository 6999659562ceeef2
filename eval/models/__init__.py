"""Language models that score: loaded from a folder, run in batches. The only torch of `eval`."""

from __future__ import annotations

from eval.models.classifier import Classified, PairClassifier
from eval.models.encoder import Encoder, Vectors
from eval.models.loading import BATCH, batches

__all__ = ["BATCH", "Classified", "Encoder", "PairClassifier", "Vectors", "batches"]
