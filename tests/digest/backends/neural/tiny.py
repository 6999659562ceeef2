"""Tiny models of each architecture with random weights, saved as a hub would hold them."""

from __future__ import annotations

import atexit
import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    BartConfig,
    LEDConfig,
    LlamaConfig,
    LongT5Config,
    PegasusConfig,
    PegasusTokenizer,
    PegasusXConfig,
    PreTrainedTokenizerFast,
    RobertaTokenizer,
    T5Config,
    T5GemmaConfig,
    T5Tokenizer,
)

from digest.backends.neural.chat import ChatGenerator
from digest.backends.neural.generator import Generated, Generator, Request
from digest.backends.neural.loading import quiet
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import ChatConfig, Seq2SeqConfig
from digest.errors import BackendError
from tests.digest.backends.neural.vocabularies import TEXTS, byte_bpe, unigram

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.backends.neural.torch_local import TorchGenerator

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n"
    "{% endif %}{% endif %}"
)
# Others want the cores, and threads of tiny matrices only wait for each other.
torch.set_num_threads(1)
# What fine-tuned checkpoints carry; none of it may act.
LEFTOVERS: dict[str, Any] = {"max_length": 7, "min_length": 5, "no_repeat_ngram_size": 1}


@cache
def folder(name: str) -> Path:
    """Return the folder of a tiny model, made once in a process."""
    made = Path(mkdtemp(prefix=f"tiny-{name}-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    with quiet():
        BUILDERS[name](made)
    return made


def generator(name: str, *, model: Path | None = None, **options: Any) -> TorchGenerator:
    """Return the generator of a tiny model, or of a changed copy of one."""
    source = str(model or folder(name))
    if name in ("llama", "base"):
        return ChatGenerator(ChatConfig(kind="chat", model=source, **options))
    return Seq2SeqGenerator(Seq2SeqConfig(kind="seq2seq", model=source, **options))


def copied(name: str, target: Path) -> Path:
    """Return a copy of a tiny model that a test may change."""
    return Path(shutil.copytree(folder(name), target / name))


def requests(*, max_words: int = 1) -> list[Request]:
    """Return requests of one to four documents, so that a batch of them has padding."""
    return [Request(documents=TEXTS[:n], max_words=max_words) for n in (2, 1, 4, 3)]


def answers(made: Generator, asked: list[Request]) -> list[Generated]:
    """Return what came, in the order of the requests; a failure is a failure of the test."""
    outcomes = dict(made.generate(asked))
    assert sorted(outcomes) == list(range(len(asked)))
    found = [outcomes[number] for number in range(len(asked))]
    assert all(isinstance(outcome, Generated) for outcome in found), found
    return [outcome for outcome in found if isinstance(outcome, Generated)]


def one_by_one(made: Generator, asked: list[Request]) -> list[Generated]:
    return [answers(made, [request])[0] for request in asked]


def failure(made: Generator, request: Request) -> str:
    """Return the message of a request that must fail."""
    ((_, outcome),) = made.generate([request])
    assert isinstance(outcome, BackendError), outcome
    return str(outcome)


def _save(model: Any, tokenizer: Any, made: Path, **leftovers: Any) -> None:
    tokenizer.save_pretrained(made)
    model.save_pretrained(made)
    config = made / "generation_config.json"
    held = json.loads(config.read_text()) if config.exists() else {}
    config.write_text(json.dumps({**held, **LEFTOVERS, **leftovers}))


def _seeded(kind: str, settings: Any) -> Any:

    torch.manual_seed(7)
    return getattr(transformers, kind)(settings)


def _roberta() -> Any:

    vocabulary, merges = byte_bpe()
    build: Any = RobertaTokenizer  # its hints forget that merges may be pairs
    return build(vocab=vocabulary, merges=merges)


def bart(made: Path) -> None:

    tokenizer = _roberta()
    settings = BartConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=256,
        init_std=0.4,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=2,
    )
    model = _seeded("BartForConditionalGeneration", settings)
    _save(model, tokenizer, made, forced_bos_token_id=0)


def _pegasus_tokenizer() -> Any:

    specials = ["<pad>", "</s>", "<mask_1>", "<mask_2>", *(f"<unk_{i}>" for i in range(2, 6))]
    return PegasusTokenizer(vocab=unigram([*specials, "<unk>", "<n>"]), offset=6)


def pegasus(made: Path) -> None:

    tokenizer = _pegasus_tokenizer()
    settings = PegasusConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=256,
        init_std=0.4,
        scale_embedding=True,
        activation_function="relu",
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    _save(_seeded("PegasusForConditionalGeneration", settings), tokenizer, made)


def pegasus_x(made: Path) -> None:
    """PEGASUS for long inputs: attention in blocks, with a few global tokens of its own."""
    tokenizer = _pegasus_tokenizer()
    settings = PegasusXConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        encoder_layers=2,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=512,
        num_global_tokens=4,
        block_size=16,
        init_std=0.4,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    _save(_seeded("PegasusXForConditionalGeneration", settings), tokenizer, made)


def _t5(made: Path, **more: Any) -> None:

    tokenizer = T5Tokenizer(vocab=unigram(["<pad>", "</s>", "<unk>"]), extra_ids=4)
    build: Any = T5Config  # its hints forget what all configurations take
    settings = build(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=1,
        num_heads=4,
        initializer_factor=2.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        **more,
    )
    _save(_seeded("T5ForConditionalGeneration", settings), tokenizer, made)


def t5(made: Path) -> None:
    _t5(made, n_positions=512)


def flan(made: Path) -> None:
    """T5 1.1 and its children: gated, the output layer is not the embedding."""
    _t5(made, feed_forward_proj="gated-gelu", tie_word_embeddings=False)


def longt5(made: Path) -> None:
    """LongT5 as it was trained: local attention and, for each block, what the block says in all."""
    tokenizer = T5Tokenizer(vocab=unigram(["<pad>", "</s>", "<unk>"]), extra_ids=4)
    build: Any = LongT5Config  # its hints forget what all configurations take
    settings = build(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=1,
        num_heads=4,
        local_radius=15,
        global_block_size=8,
        encoder_attention_type="transient-global",
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        initializer_factor=2.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    _save(_seeded("LongT5ForConditionalGeneration", settings), tokenizer, made)


def t5gemma(made: Path) -> None:
    """Gemma as encoder and decoder, each with a configuration of its own."""
    tokenizer = _fast_tokenizer()
    side: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "query_pre_attn_scalar": 8,
        "max_position_embeddings": 512,
        "sliding_window": 64,
        "initializer_range": 0.1,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "eos_token_id": 2,
    }
    build: Any = T5GemmaConfig  # as above
    settings = build(
        encoder=side,
        decoder=side,
        vocab_size=len(tokenizer),
        initializer_range=0.1,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=0,
    )
    _save(_seeded("T5GemmaForConditionalGeneration", settings), tokenizer, made)


def led(made: Path) -> None:

    tokenizer = _roberta()
    tokenizer.add_tokens(["<doc-sep>"])
    settings = LEDConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_encoder_position_embeddings=520,
        max_decoder_position_embeddings=256,
        attention_window=16,
        init_std=0.4,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
    )
    _save(_seeded("LEDForConditionalGeneration", settings), tokenizer, made)


def _fast_tokenizer() -> Any:

    vocabulary, merges = byte_bpe()
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    build: Any = PreTrainedTokenizerFast
    return build(tokenizer_object=backend, bos_token="<s>", eos_token="</s>")  # noqa: S106 - tokens of text


def _llama(made: Path, template: str | None) -> None:

    tokenizer = _fast_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    tokenizer.add_tokens(["<think>", "</think>"])
    tokenizer.chat_template = template
    settings = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        initializer_range=0.4,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = _seeded("LlamaForCausalLM", settings)
    model.generation_config.eos_token_id = tokenizer.convert_tokens_to_ids(["<|im_end|>", "</s>"])
    _save(model, tokenizer, made)


def llama(made: Path) -> None:
    _llama(made, CHAT_TEMPLATE)


def base(made: Path) -> None:
    """A causal model that nobody taught to answer."""
    _llama(made, None)


BUILDERS: dict[str, Callable[[Path], None]] = {
    "bart": bart,
    "pegasus": pegasus,
    "pegasus_x": pegasus_x,
    "t5": t5,
    "flan": flan,
    "longt5": longt5,
    "t5gemma": t5gemma,
    "led": led,
    "llama": llama,
    "base": base,
}
