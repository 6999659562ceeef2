"""Everything that writes summaries. The only place for torch and transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.backends.fusion import FusionBackend
from digest.backends.lead import LeadBackend
from digest.backends.lexrank import LexRankBackend
from digest.backends.scripted import ScriptedBackend
from digest.config import (
    ChatConfig,
    CTranslate2Config,
    EndpointConfig,
    FusionConfig,
    LeadConfig,
    LexRankConfig,
    ScriptedConfig,
    Seq2SeqConfig,
)

if TYPE_CHECKING:
    from digest.config import BackendConfig
    from digest.protocols import Backend

__all__ = ["build_backend"]


def build_backend(config: BackendConfig, *, seed: int = 0) -> Backend:
    """Return the backend that a configuration names.

    Args:
        config: its section.
        seed: the run's, for those that sample.
    """
    match config:
        case LeadConfig():
            return LeadBackend()
        case LexRankConfig():
            return LexRankBackend(config)
        case FusionConfig(rewrite=False):
            return FusionBackend(config)
        case FusionConfig():
            from digest.backends.fusion.rewriting import ModelRewriter  # noqa: PLC0415 - as below

            return FusionBackend(config, ModelRewriter())
        case ScriptedConfig():
            return ScriptedBackend(config)
        case Seq2SeqConfig() | ChatConfig() | CTranslate2Config() | EndpointConfig():
            from digest.backends.neural.build import build_neural  # noqa: PLC0415 - extractive runs need none of it

            return build_neural(config, seed=seed)
