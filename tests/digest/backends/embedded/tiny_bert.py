"""A BERT encoder small enough to train in a test, saved as a hub would hold it."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from digest.backends.neural.loading import quiet

if TYPE_CHECKING:
    from pathlib import Path

_SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
# Others want the cores, and threads of tiny matrices only wait for each other.
torch.set_num_threads(1)
WORDS = tuple(
    "the a and in of on said was who which with left met court bank mayor minister storm bridge"
    " city police fire anna berg clara dorn emil falk oslo velm riga acme nord corp monday tuesday"
    " closed opened ruled he she they it".split()
)


def encoder(folder: Path, *, seed: int = 0, vocabulary: tuple[str, ...] = WORDS) -> Path:
    """Write config.json, model.safetensors and tokenizer.json: hidden size 32, two layers."""
    folder.mkdir(parents=True, exist_ok=True)
    characters = [*string.ascii_lowercase, *string.digits, *string.punctuation, "“", "”", "’", "é"]
    pieces = [*_SPECIALS, *characters, *(f"##{char}" for char in characters), *vocabulary]
    numbered = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    build: Any = models.WordPiece
    tokenizer = Tokenizer(build(numbered, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(t, numbered[t]) for t in ("[CLS]", "[SEP]")]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(numbered),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=512,
        initializer_range=0.2,
    )
    network: Any = BertModel(config, add_pooling_layer=False)
    with quiet():
        network.save_pretrained(folder)
    return folder
