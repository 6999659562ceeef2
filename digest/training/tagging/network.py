"""The network under training: BERT's encoder, letter case beside the pieces, heads on words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a loss passes over, as torch.nn.CrossEntropyLoss has it.
IGNORED: Final = -100
_DROPOUT: Final = 0.1


class TaggingNetwork(nn.Module):
    """An encoder with linear heads that answer questions about words.

    Word embeddings stay as they are: models that start from one encoder can then share them on
    disk, and a step over half of the parameters is saved.
    """

    def __init__(
        self,
        encoder: Any,  # noqa: ANN401 - transformers types it loosely
        heads: Mapping[str, int],
        weights: Mapping[str, float],
    ) -> None:
        """Put heads on an encoder.

        Args:
            encoder: transformers' `BertModel` without its pooler.
            heads: name → number of labels.
            weights: name → weight of its loss.
        """
        super().__init__()
        self.encoder = encoder
        width = int(encoder.config.hidden_size)
        self.shapes = nn.Embedding(8, width)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = nn.Dropout(_DROPOUT)
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in heads.items()})
        self._weights = dict(weights)
        encoder.embeddings.word_embeddings.weight.requires_grad = False

    def logits(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        shapes: torch.Tensor,
        first: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Return, for every head, one row of scores a word.

        Args:
            input_ids: word pieces, shape (texts, pieces).
            attention_mask: 1 where there is a piece.
            shapes: letter case of the word a piece belongs to, same shape.
            first: place of the first piece of each word, shape (texts, words).

        Returns:
            Unnormalised log probabilities, shape (texts, words, labels).
        """
        embedded = self.encoder.embeddings.word_embeddings(input_ids) + self.shapes(shapes)
        hidden = self.encoder(
            inputs_embeds=embedded, attention_mask=attention_mask
        ).last_hidden_state
        words = hidden.gather(1, first.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
        dropped = self.dropout(words)
        return {name: head(dropped) for name, head in self.heads.items()}

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        shapes: torch.Tensor,
        first: torch.Tensor,
        **labels: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Return `loss`: the weighted sum of each head's mean cross entropy over labelled words.

        `labels` are named `labels_HEAD`: shape (texts, words) for one right label a word, IGNORED
        where there is none; shape (texts, words, labels) with 1 for every label that may be right,
        of which the summed probability counts, for corpora that do not annotate all types.
        """
        scores = self.logits(input_ids, attention_mask, shapes, first)
        total = input_ids.new_zeros((), dtype=torch.float32)
        for name, given in labels.items():
            head = name.removeprefix("labels_")
            total = total + self._weights[head] * _loss(scores[head].float(), given)
        return {"loss": total}


def _loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    if labels.dim() == scores.dim():
        known = labels.any(dim=-1)
        if not bool(known.any()):
            return scores.sum() * 0
        # Nothing is barred where nothing is known: -inf everywhere has no gradient.
        barred = (labels == 0) & known.unsqueeze(-1)
        allowed = scores.masked_fill(barred, float("-inf"))
        each = scores.logsumexp(-1) - allowed.logsumexp(-1)
        return each[known].mean()
    if not bool((labels != IGNORED).any()):
        return scores.sum() * 0
    return nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
