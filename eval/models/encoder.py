"""Models that turn each token of a text into a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from digest.errors import UsageError
from eval.models.loading import BATCH, batches, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

Vectors: TypeAlias = "npt.NDArray[np.float32]"


class Encoder:
    """A model that turns each token into a vector."""

    def __init__(
        self,
        model_path: str | Path,
        *,
        layer: int | None = None,
        device: str = "cpu",
        batch_size: int = BATCH,
        revision: str | None = None,
        allow_download: bool = False,
    ) -> None:
        """Load the model.

        Args:
            model_path: a folder, or a name on the hub that is in the cache.
            layer: whose output is taken, 0 for the embeddings; three quarters of the depth where
                none is given, about where BERTScore's authors found the best layer (9 of 12 of
                BERT base, 18 of 24 of BERT large, 17 of 24 of RoBERTa large).
            device: where it runs, as torch names it.
            batch_size: pieces of text at a time.
            revision: of a model on the hub.
            allow_download: whether the hub may be asked.

        Raises:
            UsageError: there is no such model here, or no such layer.
        """
        self._loaded = load(
            model_path,
            kind="encoder",
            device=device,
            revision=revision,
            allow_download=allow_download,
        )
        self._batch_size = batch_size
        depth = int(self._loaded.model.config.num_hidden_layers)
        self.layer = depth * 3 // 4 if layer is None else layer
        if not 0 <= self.layer <= depth:
            raise UsageError(f"layer must be in 0 to {depth} for {model_path}, got {layer}")
        self.signature = f"{self._loaded.signature}-L{self.layer}/{depth}"

    def vectors(self, texts: Sequence[str]) -> list[Vectors]:
        """Return per text the L2-normalised vectors of its tokens, shape (tokens, dim).

        Special tokens are left out. A text beyond the model's limit is read in pieces, one after
        the other without overlap; nothing is cut off.
        """
        import numpy as np  # noqa: PLC0415 - 0.1 s

        pieces = [
            (n, ids, mask) for n, text in enumerate(texts) for ids, mask in self._pieces(text)
        ]
        order = sorted(range(len(pieces)), key=lambda i: (len(pieces[i][1]), pieces[i][1]))
        found: dict[int, Vectors] = {}
        for batch in batches(order, self._batch_size):
            hidden = self._hidden([pieces[i][1] for i in batch])
            for index, rows in zip(batch, hidden, strict=True):
                _, ids, special = pieces[index]
                found[index] = rows[: len(ids)][np.asarray(special) == 0]
        dim = int(self._loaded.model.config.hidden_size)
        parts: list[list[Vectors]] = [[np.zeros((0, dim), dtype=np.float32)] for _ in texts]
        for index, (n, _, _) in enumerate(pieces):
            parts[n].append(found[index])
        return [np.concatenate(part) for part in parts]

    def _pieces(self, text: str) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the token ids of each piece, and 1 where a token is a special one."""
        given = self._loaded.tokenizer(
            text,
            truncation=True,
            max_length=self._loaded.limit,
            return_overflowing_tokens=True,
            return_special_tokens_mask=True,
        )
        yield from zip(given["input_ids"], given["special_tokens_mask"], strict=True)

    def _hidden(self, rows: Sequence[list[int]]) -> Vectors:
        import torch  # noqa: PLC0415 - 1.7 s

        given = self._loaded.tokenizer.pad({"input_ids": list(rows)}, return_tensors="pt")
        with torch.inference_mode():
            states = self._loaded.model(
                **given.to(self._loaded.device), output_hidden_states=True
            ).hidden_states[self.layer]
            unit = torch.nn.functional.normalize(states.float(), dim=-1)
        vectors: Vectors = unit.cpu().numpy()
        return vectors
