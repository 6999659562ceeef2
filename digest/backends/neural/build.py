"""From a configuration to a backend that asks a model. Nothing is loaded here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from digest.backends.neural.cache import GenerationCache, default_folder
from digest.backends.neural.tally import Prices
from digest.backends.neural.writer import NeuralBackend
from digest.config import ChatConfig, CTranslate2Config, EndpointConfig, Seq2SeqConfig

if TYPE_CHECKING:
    from digest.backends.neural.generator import Generator

    NeuralConfig = Seq2SeqConfig | ChatConfig | CTranslate2Config | EndpointConfig


def build_neural(config: NeuralConfig, *, seed: int = 0) -> NeuralBackend:
    """Return the backend that a configuration names.

    No model is loaded, no server is called and no folder is made before the first summary.
    """
    return NeuralBackend(
        kind=config.kind,
        generator=generator_of(config, seed=seed),
        candidates=config.candidates,
        cache=_cache(config),
        prices=_prices(config),
    )


def generator_of(config: NeuralConfig, *, seed: int = 0) -> Generator:
    """Return the generator that a configuration names; `seed` is the run's, for sampling."""
    match config:
        case Seq2SeqConfig():
            from digest.backends.neural.seq2seq import Seq2SeqGenerator  # noqa: PLC0415 - one of four

            return Seq2SeqGenerator(config, seed=seed)
        case ChatConfig():
            from digest.backends.neural.chat import ChatGenerator  # noqa: PLC0415 - one of four

            return ChatGenerator(config, seed=seed)
        case CTranslate2Config():
            from digest.backends.neural.ctranslate2 import (  # noqa: PLC0415 - one of four
                CTranslate2Generator,
            )

            return CTranslate2Generator(config)
        case EndpointConfig():
            from digest.backends.neural.endpoint import EndpointGenerator  # noqa: PLC0415 - as above

            return EndpointGenerator(config, seed=seed)


def _cache(config: NeuralConfig) -> GenerationCache | None:
    if not config.cache:
        return None
    named = config.cache_dir
    folder = default_folder(os.environ) if named is None else Path(named).expanduser()
    return GenerationCache(folder)


def _prices(config: NeuralConfig) -> Prices | None:
    """Return what an endpoint costs where both prices are given."""
    if not isinstance(config, EndpointConfig):
        return None
    if config.price_input is None or config.price_output is None:
        return None
    return Prices(input=config.price_input, output=config.price_output)
