from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from digest.backends.embedded.pieces import WordPieces
from digest.backends.embedded.sentences import SentenceVectors
from digest.errors import BackendError
from digest.training.tagging.export import quantized_rows
from tests.digest.backends.embedded.tiny_bert import encoder

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["The mayor of Oslo left.", "", "Anna Berg", "\u200b", "the mayor left oslo"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of random vectors, and the vocabulary in a folder beside it."""
    models = tmp_path_factory.mktemp("models")
    shared = encoder(models / "encoder")
    size = Tokenizer.from_file(str(shared / "tokenizer.json")).get_vocab_size()
    table = np.random.default_rng(0).normal(size=(size, 12)).astype(np.float32)
    (models / "embed").mkdir()
    save_file(quantized_rows(table), models / "embed" / "model.safetensors")
    return models / "embed"


def test_a_row_is_the_sum_of_its_pieces_of_length_one(folder: Path) -> None:
    model = SentenceVectors(folder)
    table = np.random.default_rng(0).normal(size=(10_000, 12)).astype(np.float32)
    pieces = WordPieces(folder.parent / "encoder" / "tokenizer.json")
    (ids,) = pieces.ids([TEXTS[0]])
    expected = table[ids].sum(axis=0)
    expected /= np.linalg.norm(expected)
    assert model.embed(TEXTS)[0] == pytest.approx(expected, abs=0.02)


def test_texts_without_pieces_are_zeros_and_all_others_of_length_one(folder: Path) -> None:
    found = SentenceVectors(folder).embed(TEXTS)
    assert found.shape == (5, 12)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 0, 1, 0, 1], abs=1e-6)
    assert SentenceVectors(folder).embed([]).shape == (0, 12)


def test_a_row_does_not_depend_on_the_texts_beside_it(folder: Path) -> None:
    model = SentenceVectors(folder)
    together = model.embed(TEXTS)
    for place, text in enumerate(TEXTS):
        assert (model.embed([text])[0] == together[place]).all()


def test_a_folder_that_holds_none_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match=r"model\.safetensors, tokenizer\.json not there; train"):
        SentenceVectors(tmp_path)


def test_neither_torch_nor_onnxruntime_is_loaded(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from digest.backends.embedded.sentences import SentenceVectors;"
        f"SentenceVectors(Path({str(folder)!r})).embed(['the mayor']);"
        "sys.exit(bool({'torch', 'onnxruntime', 'transformers', 'sklearn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
