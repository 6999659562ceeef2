"""The student as the training loop wants it: weights, device, batches."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import torch

from digest.training.embedding.network import Student

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

# Standard deviation of the table's numbers at the beginning.
_SPREAD = 0.05


class EmbeddingTrainee:
    """A table of word pieces that begins as the directions in which an encoder's own differ most.

    Args:
        embeddings: the encoder's word embeddings, shape (pieces, hidden size).
        width: numbers of a vector.
        texts: pieces of every sentence that is learned from.
        teacher: the teacher's vectors of the same, shape (texts, its size).
        seed: for what is drawn by lot.
    """

    def __init__(
        self,
        embeddings: torch.Tensor,
        *,
        width: int,
        texts: Sequence[Sequence[int]],
        teacher: NDArray[np.float16],
        seed: int,
    ) -> None:
        torch.manual_seed(seed)
        self.network = Student(_principal(embeddings, width), taught=teacher.shape[1])
        self.device = "cpu"
        self._texts = texts
        self._teacher = torch.from_numpy(teacher)

    def collate(self, blocks: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
        """Return the tensors of a batch of blocks, each the places of some texts."""
        places = [place for block in blocks for place in block]
        rows = [self._texts[place] for place in places]
        return {
            "pieces": torch.tensor([piece for row in rows for piece in row]),
            "starts": torch.tensor([0, *accumulate(len(row) for row in rows[:-1])]),
            "teacher": self._teacher[places].float(),
        }


def _principal(embeddings: torch.Tensor, width: int) -> torch.Tensor:
    """Return the first principal components, scaled; as many as there are, and zeros."""
    centered = embeddings - embeddings.mean(dim=0)
    _, _, directions = torch.linalg.svd(centered, full_matrices=False)
    found = centered @ directions[:width].T
    found = torch.nn.functional.pad(found, (0, width - found.shape[1]))
    return found * (_SPREAD / found.std())
