"""The student under training: a vector and a weight for each word piece."""

from __future__ import annotations

from typing import Final

import torch
from torch import nn

# Cosines of sentences of one story differ by tenths, their squared differences by hundredths; so
# weighed, both terms of the loss have about the same size.
_OF_PAIRS: Final = 20.0


class Student(nn.Module):
    """Sentences as the weighted mean of their pieces' vectors.

    The loss is how far a linear map of the student's vector points from the teacher's, and how
    far the cosines of all pairs of a batch are from the teacher's cosines.
    """

    def __init__(self, table: torch.Tensor, *, taught: int) -> None:
        """Begin from a table of vectors, shape (pieces, width), taught by vectors of a size."""
        super().__init__()
        self.table = nn.EmbeddingBag.from_pretrained(table, freeze=False, mode="sum")
        self.weights = nn.Embedding(len(table), 1)
        nn.init.zeros_(self.weights.weight)
        self.map = nn.Linear(table.shape[1], taught, bias=False)

    def vectors(self, pieces: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
        """Return one row a text, shape (texts, width), of length one.

        Args:
            pieces: ids of all texts, one after the other.
            starts: where each text begins.
        """
        weights = self.weights(pieces).squeeze(-1).exp()
        summed = self.table(pieces, starts, per_sample_weights=weights)
        return nn.functional.normalize(summed, dim=-1)

    def forward(
        self, pieces: torch.Tensor, starts: torch.Tensor, teacher: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Return `loss`.

        Args:
            pieces: as for `vectors`.
            starts: as for `vectors`.
            teacher: the teacher's vectors, shape (texts, its size), of length one.
        """
        found = self.vectors(pieces, starts)
        apart = 1 - nn.functional.cosine_similarity(self.map(found), teacher).mean()
        pairs = nn.functional.mse_loss(found @ found.T, teacher @ teacher.T)
        return {"loss": apart + _OF_PAIRS * pairs}

    @torch.no_grad()
    def weighted(self) -> torch.Tensor:
        """Return the table with the weights in it, shape (pieces, width)."""
        return self.table.weight * self.weights.weight.exp()
