"""The generators that the contract suite is run with, each as a name and a way to make one.

A factory gets a folder of its own for what it has to write, and returns a generator whose `room` is
at least 60 tokens for 40 words. To put another one under the contract, add it here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digest.backends.neural.chat import ChatGenerator
from digest.backends.neural.ctranslate2 import CTranslate2Generator
from digest.backends.neural.generator import Generator
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import ChatConfig, CTranslate2Config, GenerationConfig, Seq2SeqConfig
from tests.digest.backends.neural.fakes import FakeGenerator
from tests.digest.backends.neural.tiny import folder

Factory = Callable[[Path], Generator]


def _fake(_: Path) -> Generator:
    return FakeGenerator(limit=120)


def _seq2seq(name: str) -> Factory:
    def make(_: Path) -> Generator:
        return Seq2SeqGenerator(
            Seq2SeqConfig(
                kind="seq2seq",
                model=str(folder(name)),
                device="cpu",
                generation=GenerationConfig(num_beams=1),
            )
        )

    return make


def _chat(_: Path) -> Generator:
    return ChatGenerator(
        ChatConfig(
            kind="chat",
            model=str(folder("llama")),
            device="cpu",
            generation=GenerationConfig(num_beams=1),
        )
    )


def _ctranslate2(made: Path) -> Generator:
    return CTranslate2Generator(
        CTranslate2Config(
            kind="ctranslate2",
            model=str(folder("t5")),
            device="cpu",
            threads=1,
            cache_dir=str(made),
            generation=GenerationConfig(num_beams=1),
        )
    )


SEQ2SEQ = ("bart", "pegasus", "pegasus_x", "t5", "longt5", "t5gemma", "led")
GENERATORS: list[tuple[str, Factory]] = [
    ("fake", _fake),
    *((name, _seq2seq(name)) for name in SEQ2SEQ),
    ("chat", _chat),
    ("ctranslate2", _ctranslate2),
]
