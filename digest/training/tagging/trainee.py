"""The tagging network as the training loop wants it: weights, device, batches, a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from digest.backends.embedded.pieces import WordPieces
from digest.backends.neural.batching import pad
from digest.backends.neural.loading import quiet
from digest.training.encoder import check_encoder
from digest.training.tagging.network import IGNORED, TaggingNetwork

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from digest.training.tagging.examples import Item


class TaggingTrainee:
    """An encoder from a folder, with fresh heads.

    Raises:
        UsageError: the folder holds no BERT encoder with a tokenizer.json.
    """

    def __init__(
        self, folder: Path, *, heads: Mapping[str, int], weights: Mapping[str, float], seed: int
    ) -> None:
        from transformers import BertModel  # noqa: PLC0415 - 5 s

        check_encoder(folder)
        torch.manual_seed(seed)
        self.pieces = WordPieces(folder / "tokenizer.json")
        self.sizes = dict(heads)
        untyped: Any = BertModel
        with quiet():
            encoder = untyped.from_pretrained(
                folder, add_pooling_layer=False, dtype=torch.float32, local_files_only=True
            )
        self.network = TaggingNetwork(encoder, heads, weights)
        self.device = "cpu"

    def collate(self, batches: Sequence[Sequence[Item]]) -> dict[str, torch.Tensor]:
        """Return the tensors of one batch; the loader's own batch is of size one."""
        (items,) = batches
        inputs = inputs_of(items)
        words = inputs["first"].shape[1]
        for name, size in self.sizes.items():
            if any(name in item.labels for item in items):
                rows = [list(item.labels.get(name, ())) for item in items]
                inputs[f"labels_{name}"] = torch.tensor(
                    [row + [IGNORED] * (words - len(row)) for row in rows]
                )
            elif any(name in item.allowed for item in items):
                masks = torch.tensor(
                    [[*item.allowed.get(name, ()), *([0] * words)][:words] for item in items]
                )
                inputs[f"labels_{name}"] = (masks.unsqueeze(-1) >> torch.arange(size)) & 1
        return inputs

    @torch.inference_mode()
    def scores(self, items: Sequence[Item], *, size: int = 64) -> Iterator[dict[str, Any]]:
        """Yield, in order, each item's log probabilities: head → array (words, labels)."""
        self.network.eval()
        order = sorted(range(len(items)), key=lambda index: len(items[index].pieces.ids))
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            inputs = inputs_of([items[index] for index in chosen])
            logits = self.network.logits(**inputs)
            for row, index in enumerate(chosen):
                words = len(items[index].pieces.first)
                found[index] = {
                    name: scores[row, :words].log_softmax(-1).numpy()
                    for name, scores in logits.items()
                }
        yield from (found[index] for index in range(len(items)))


def inputs_of(items: Sequence[Item]) -> dict[str, torch.Tensor]:
    """Return what the network reads: pieces, mask, shapes and the first piece of each word."""
    rows = [list(item.pieces.ids) for item in items]
    ids, mask = pad(rows, value=0, side="right", device="cpu")
    shapes, _ = pad(
        [list(item.pieces.shapes) for item in items], value=0, side="right", device="cpu"
    )
    first, _ = pad([list(item.pieces.first) for item in items], value=0, side="right", device="cpu")
    return {"input_ids": ids, "attention_mask": mask, "shapes": shapes, "first": first}
