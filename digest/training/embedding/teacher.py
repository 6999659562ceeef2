"""The teacher: an encoder whose mean pooled outputs say how like two sentences are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from digest.backends.neural.batching import pad
from digest.backends.neural.loading import quiet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from digest.protocols import Progress

STAGE: Final = "teach"
# Sentences whose vectors are kept on disk at once: what a training that is stopped here loses.
SHARD: Final = 4096
_BATCH: Final = 64


class Teacher:
    """A BERT encoder, its outputs averaged over the pieces and brought to length one.

    So all-MiniLM-L6-v2 is used by sentence-transformers.
    """

    def __init__(self, folder: Path, *, dtype: str) -> None:
        """Read an encoder; `dtype` is what its matrices are multiplied in: float32 or bfloat16."""
        from transformers import BertModel  # noqa: PLC0415 - 5 s

        untyped: Any = BertModel
        with quiet():
            self._network = untyped.from_pretrained(
                folder,
                add_pooling_layer=False,
                dtype=getattr(torch, dtype),
                local_files_only=True,
            )
        self._network.eval()

    @property
    def word_embeddings(self) -> torch.Tensor:
        """The encoder's vectors of word pieces, float32, shape (pieces, hidden size)."""
        weight: torch.Tensor = self._network.embeddings.word_embeddings.weight
        return weight.detach().float()

    @torch.inference_mode()
    def vectors(self, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return one row a text, shape (texts, hidden size), each of length one.

        Args:
            texts: piece ids, special pieces included.
        """
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found = torch.zeros(len(texts), self._network.config.hidden_size)
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            rows = [list(texts[place]) for place in chosen]
            ids, mask = pad(rows, value=0, side="right", device="cpu")
            hidden = self._network(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            total = (hidden * mask.unsqueeze(-1)).sum(dim=1)
            found[chosen] = torch.nn.functional.normalize(total, dim=-1)
        array: NDArray[np.float32] = found.numpy()
        return array


def taught(
    teacher: Teacher, texts: Sequence[Sequence[int]], folder: Path, *, progress: Progress
) -> NDArray[np.float16]:
    """Return the teacher's rows of all texts, those that a stopped training left in a folder read.

    Args:
        teacher: an encoder.
        texts: piece ids, special pieces included; the same ones for the same folder.
        folder: where vectors are kept, SHARD texts a file.
        progress: told of the files.

    Returns:
        Shape (texts, hidden size).
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(texts), SHARD)
    progress.start(STAGE, len(starts))
    found = []
    for number, start in enumerate(starts):
        path = folder / f"vectors-{number:04}.safetensors"
        if not path.exists():
            vectors = teacher.vectors(texts[start : start + SHARD]).astype(np.float16)
            temporary = folder / f".{path.name}.tmp"
            save_file({"vectors": vectors}, temporary)
            temporary.replace(path)
        found.append(load_file(path)["vectors"])
        progress.advance(STAGE)
    progress.finish(STAGE, f"{len(texts)} sentences")
    return np.concatenate(found)
