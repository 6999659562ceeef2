"""Run an embedded model: words in, log probabilities of labels out."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from digest.backends.embedded.files import (
    EMBEDDINGS,
    GRAPH,
    LABELS,
    SHIPPED,
    TOKENIZER,
    WEIGHTS,
    shared,
)
from digest.backends.embedded.labels import best_path
from digest.backends.embedded.passages import passages
from digest.backends.embedded.pieces import WordPieces
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digest.backends.embedded.pieces import Pieces

    Scores = dict[str, NDArray[np.float32]]

# Pieces of a batch, padding included: 16 sentences of 32 pieces are the fastest on two cores.
_BATCH_PIECES: Final = 512


class Tagger:
    """An encoder with heads, from a folder that `digest train` wrote.

    Deterministic: the same texts have the same scores. Alone and in a batch they differ by up to
    .05 in probability, since int8 kernels choose one scale for all activations of a batch.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder; nothing is read before it is needed.

        Raises:
            BackendError: it holds no embedded model.
        """
        self._folder = folder
        own = [folder / name for name in (GRAPH, WEIGHTS, LABELS)]
        others = [shared(folder, name) for name in (TOKENIZER, EMBEDDINGS)]
        missing = [path.name for path in [*own, *others] if not path.is_file()]
        if missing:
            raise BackendError(
                f"{folder} holds no embedded model: {', '.join(missing)} not there; install the"
                " package again, or train one with `digest train`"
            )

    @cached_property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Head → names of the columns of its scores."""
        found = json.loads((self._folder / LABELS).read_text("utf-8"))
        return {name: tuple(row) for name, row in found.items()}

    def scores(self, texts: Sequence[Sequence[str]]) -> Iterator[Scores]:
        """Yield, for each text in order, head → log probabilities, shape (words, labels).

        Args:
            texts: words, as `word_spans` splits them. What lies behind piece 512 gets the scores
                of the last word that was read.
        """
        pieces = self._pieces.split(texts)
        order = sorted(range(len(texts)), key=lambda index: len(pieces[index].ids))
        found: dict[int, Scores] = {}
        batch: list[int] = []
        for index in order:
            if batch and len(pieces[index].ids) * (len(batch) + 1) > _BATCH_PIECES:
                found.update(self._run(batch, pieces, texts))
                batch = []
            batch.append(index)
        found.update(self._run(batch, pieces, texts))
        yield from (found[index] for index in range(len(texts)))

    def tags(self, texts: Sequence[Sequence[Sequence[str]]]) -> list[list[list[str]]]:
        """Return the `names` tags of each sentence of each text, one a word.

        Args:
            texts: sentences of words; they are read in passages of neighbouring sentences.
        """
        cut = [
            (place, passage)
            for place, sentences in enumerate(texts)
            for passage in passages([len("".join(words)) for words in sentences])
        ]
        read = [[word for words in texts[place][p.read] for word in words] for place, p in cut]
        labels = self.labels["names"]
        found: list[list[list[str]]] = [[] for _ in texts]
        for (place, passage), scores in zip(cut, self.scores(read), strict=True):
            start = sum(map(len, texts[place][passage.read.start : passage.own.start]))
            for words in texts[place][passage.own]:
                rows = scores["names"][start : start + len(words)]
                found[place].append(best_path(rows, labels) if len(words) else [])
                start += len(words)
        return found

    def _run(
        self, batch: list[int], pieces: Sequence[Pieces], texts: Sequence[Sequence[str]]
    ) -> dict[int, Scores]:
        import numpy as np  # noqa: PLC0415 - 0.1 s

        if not batch:
            return {}
        longest = max(len(pieces[index].ids) for index in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask, shapes = np.zeros_like(ids), np.zeros_like(ids)
        for row, index in enumerate(batch):
            size = len(pieces[index].ids)
            ids[row, :size] = pieces[index].ids
            shapes[row, :size] = pieces[index].shapes
            mask[row, :size] = 1
        table, scale = self._embeddings
        embedded = table[ids].astype(np.float32) * scale[ids]
        heads = list(self.labels)
        inputs = {"embedded": embedded, "mask": mask, "shapes": shapes}
        outputs = dict(zip(heads, self._session.run(heads, inputs), strict=True))
        return {
            index: {
                name: rows[row][_first(pieces[index], len(texts[index]))]
                for name, rows in outputs.items()
            }
            for row, index in enumerate(batch)
        }

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no hints
        import onnxruntime  # noqa: PLC0415 - 0.1 s

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _pieces(self) -> WordPieces:
        return WordPieces(shared(self._folder, TOKENIZER))

    @cached_property
    def _embeddings(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        path = shared(self._folder, EMBEDDINGS)
        return _table(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _table(path: Path, _changed: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    from safetensors.numpy import load_file  # noqa: PLC0415 - needed last

    found = load_file(path)
    return found["rows"], found["scale"]


def _first(pieces: Pieces, words: int) -> list[int]:
    read = list(pieces.first)
    return read + read[-1:] * (words - len(read))


@lru_cache(maxsize=4)
def shipped(name: str) -> Tagger:
    """Return the embedded model of a name, one object a process.

    Raises:
        BackendError: no such model is installed.
    """
    return Tagger(SHIPPED / name)
