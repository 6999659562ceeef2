"""Peers for `benchmarks.embedded`: one model as torch, as float32, and a table of word pieces."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from digest.backends.embedded.files import EMBEDDINGS, GRAPH, LABELS, SHARED, SHIPPED, WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

MODEL: Final = "compress"
_WIDTH: Final = 128  # of the vectors of `digest train embed`


def build(folder: Path) -> None:
    """Write the peers into a folder: `torch`, `float32`, `pieces`, and the vocabulary beside."""
    shutil.copytree(SHIPPED / SHARED, folder / SHARED)
    _build_torch(folder / "torch")
    _build_float32(SHIPPED / MODEL, folder / "float32")
    _build_pieces(folder / "pieces")


def _build_torch(folder: Path) -> None:
    import torch  # noqa: PLC0415 - 1.7 s
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - 5 s

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=_rows(),
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
    )
    network: Any = BertModel(config, add_pooling_layer=False)
    network.save_pretrained(folder)


def _rows() -> int:
    from safetensors import safe_open  # noqa: PLC0415 - a child is to load what it times

    untyped: Any = safe_open
    with untyped(SHIPPED / SHARED / EMBEDDINGS, "np") as found:
        return int(found.get_slice("rows").get_shape()[0])


def _build_float32(source: Path, folder: Path) -> None:
    """Multiply the weights of a quantized graph out, and its products by them in float32."""
    import onnx  # noqa: PLC0415 - 0.3 s

    model = onnx.load(str(source / GRAPH))
    folder.mkdir()
    (folder / GRAPH).write_bytes(in_float32(model).SerializeToString())
    (folder / WEIGHTS).write_bytes(b"")  # all weights are in the graph
    shutil.copy(source / LABELS, folder / LABELS)


def in_float32(model: Any) -> Any:  # noqa: ANN401 - onnx has no hints
    """Return a graph of `quantize_dynamic` whose products of int8 are products of float32.

    Each was DynamicQuantizeLinear, MatMulInteger, Cast and Mul by both scales; it becomes a MatMul
    of what was quantized and of the weights times their scale.
    """
    from onnx import helper, numpy_helper  # noqa: PLC0415 - 0.3 s

    nodes = {name: node for node in model.graph.node for name in node.output}
    readers = {name: node for node in model.graph.node for name in node.input}
    values = {one.name: one for one in model.graph.initializer}
    gone, made = [], {}
    for node in [one for one in model.graph.node if one.op_type == "MatMulInteger"]:
        given, weights = node.input[0], node.input[1]
        base = weights.removesuffix("_quantized")
        cast = readers[node.output[0]]
        last = readers[cast.output[0]]
        scaled = numpy_helper.to_array(values[weights]).astype(np.float32) * numpy_helper.to_array(
            values[f"{base}_scale"]
        )
        made[base] = numpy_helper.from_array(scaled, f"{base}_float32")
        product = helper.make_node(
            "MatMul", [nodes[given].input[0], f"{base}_float32"], [last.output[0]]
        )
        place = list(model.graph.node).index(last)
        model.graph.node.insert(place, product)
        gone += [node, cast, last]
    for node in gone:
        model.graph.node.remove(node)
    model.graph.initializer.extend(made.values())
    return model


def _build_pieces(folder: Path) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 - a child is to load what it times

    dice = np.random.default_rng(7)
    rows = dice.integers(-127, 128, size=(_rows(), _WIDTH), dtype=np.int8)
    folder.mkdir()
    save_file({"rows": rows, "scale": np.ones((len(rows), 1), np.float32)}, folder / WEIGHTS)
