"""Sentences as vectors: the mean of their word pieces' vectors, learned from an encoder."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from digest.backends.embedded.files import TOKENIZER, WEIGHTS, shared
from digest.backends.embedded.pieces import WordPieces
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class SentenceVectors:
    """A table of word pieces, from a folder that `digest train embed` wrote. Needs numpy alone.

    How much a piece counts is the length of its vector, so that a sum is all there is to do.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder; nothing is read before it is needed.

        Raises:
            BackendError: it holds no model of sentences.
        """
        self._folder = folder
        self._tokenizer = shared(folder, TOKENIZER)
        missing = [p.name for p in (folder / WEIGHTS, self._tokenizer) if not p.is_file()]
        if missing:
            raise BackendError(
                f"{folder} holds no model of sentences: {', '.join(missing)} not there; train one"
                " with `digest train embed`"
            )

    @property
    def width(self) -> int:
        """Numbers of a vector."""
        return int(self._table[0].shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text, shape (texts, width), of length one; dot products are cosines.

        A text without a piece has a row of zeros. A row does not depend on the texts beside it.
        """
        import numpy as np  # noqa: PLC0415 - 0.1 s

        rows, scale = self._table
        pieces = self._pieces.ids(texts)
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        full = [place for place, ids in enumerate(pieces) if ids]
        if full:
            flat = np.array([piece for place in full for piece in pieces[place]])
            starts = [0, *accumulate(len(pieces[place]) for place in full[:-1])]
            found[full] = np.add.reduceat(rows[flat] * scale[flat], starts, axis=0)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        np.divide(found, length, out=found, where=length > 0)
        return found

    @cached_property
    def _pieces(self) -> WordPieces:
        return WordPieces(self._tokenizer)

    @cached_property
    def _table(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        from safetensors.numpy import load_file  # noqa: PLC0415 - needed last

        found = load_file(self._folder / WEIGHTS)
        return found["rows"], found["scale"]
