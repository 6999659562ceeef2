"""From trained weights to what ships: a graph for onnxruntime, int8 weights as safetensors.

The graph's weights lie in the safetensors file beside it, which onnxruntime reads in place: a
safetensors file is a header and plain little-endian tensors. Word embeddings, the same for all
models of one encoder, are a file of their own, shared.
"""

from __future__ import annotations

import json
import logging
import struct
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from safetensors.numpy import save_file

from digest.backends.embedded.files import EMBEDDINGS, GRAPH, LABELS, TOKENIZER, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.training.tagging.trainee import TaggingTrainee

# Smaller tensors stay in the graph.
_OUTSIDE_FROM: Final = 256
_OPSET: Final = 17


class _Exported(torch.nn.Module):
    """The network from word embeddings on, with scores a piece: words are picked outside."""

    def __init__(self, trainee: TaggingTrainee) -> None:
        super().__init__()
        self.network = trainee.network

    def forward(
        self, embedded: torch.Tensor, mask: torch.Tensor, shapes: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Return log probabilities (texts, pieces, labels) of each head, in their order."""
        network: Any = self.network
        hidden = network.encoder(
            inputs_embeds=embedded + network.shapes(shapes), attention_mask=mask
        ).last_hidden_state
        return tuple(head(hidden).log_softmax(-1) for head in network.heads.values())


def export(
    trainee: TaggingTrainee, labels: Mapping[str, Sequence[str]], folder: Path, *, encoder: Path
) -> None:
    """Write what `Tagger` reads into a folder: graph, weights, labels, vocabulary, embeddings.

    Args:
        trainee: the trained network.
        labels: head → names of its columns.
        folder: an empty folder.
        encoder: the folder that the training began with, for its vocabulary.
    """
    import onnx  # noqa: PLC0415 - 0.3 s, and only trainings need it
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - as above

    trainee.network.eval()
    with tempfile.TemporaryDirectory() as scratch:
        whole, small = Path(scratch) / "whole.onnx", Path(scratch) / "small.onnx"
        _write_graph(trainee, list(labels), whole)
        logging.disable(logging.WARNING)  # it advises all callers to optimize their graph first
        try:
            quantize_dynamic(
                whole,
                small,
                per_channel=True,
                reduce_range=False,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gemm"],
            )
        finally:
            logging.disable(logging.NOTSET)
        model = onnx.load(str(small))
    _move_weights_out(model, folder / WEIGHTS)
    (folder / GRAPH).write_bytes(model.SerializeToString())
    (folder / LABELS).write_text(
        json.dumps({name: list(row) for name, row in labels.items()}, indent=1) + "\n", "utf-8"
    )
    (folder / TOKENIZER).write_bytes((encoder / TOKENIZER).read_bytes())
    save_file(quantized_rows(_embeddings(trainee)), folder / EMBEDDINGS)


def quantized_rows(table: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return a table as int8 `rows` and a float32 `scale` for each row: row * scale is the table.

    The error is at most half a 127th of the row's largest value.
    """
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / 127
    return {
        "rows": np.round(table / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
    }


def _embeddings(trainee: TaggingTrainee) -> np.ndarray[Any, Any]:
    network: Any = trainee.network
    table: np.ndarray[Any, Any] = network.encoder.embeddings.word_embeddings.weight.detach().numpy()
    return table


def _write_graph(trainee: TaggingTrainee, heads: list[str], path: Path) -> None:
    width = _embeddings(trainee).shape[1]
    example = (
        torch.zeros(2, 7, width),
        torch.ones(2, 7, dtype=torch.int64),
        torch.zeros(2, 7, dtype=torch.int64),
    )
    names = ["embedded", "mask", "shapes"]
    axes = {name: {0: "texts", 1: "pieces"} for name in [*names, *heads]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter about itself
        torch.onnx.export(
            _Exported(trainee).eval(),
            example,
            str(path),
            input_names=names,
            output_names=heads,
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def _move_weights_out(model: Any, path: Path) -> None:  # noqa: ANN401 - onnx has no hints
    from onnx import TensorProto, numpy_helper  # noqa: PLC0415 - 0.3 s

    large = [tensor for tensor in model.graph.initializer if len(tensor.raw_data) >= _OUTSIDE_FROM]
    names = {f"t{place:03}": tensor for place, tensor in enumerate(large)}
    save_file({name: numpy_helper.to_array(tensor) for name, tensor in names.items()}, path)
    with path.open("rb") as handle:
        (length,) = struct.unpack("<Q", handle.read(8))
        header = json.loads(handle.read(length))
    for name, tensor in names.items():
        start, end = header[name]["data_offsets"]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": path.name, "offset": 8 + length + start, "length": end - start}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
