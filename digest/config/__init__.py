"""Configurations: one complete YAML file each, checked before anything runs."""

from digest.config.backends import (
    BackendConfig,
    ChatConfig,
    CTranslate2Config,
    EndpointConfig,
    FusionConfig,
    GenerationConfig,
    LeadConfig,
    LexRankConfig,
    ScriptedConfig,
    Seq2SeqConfig,
)
from digest.config.loading import load_config, parse_config
from digest.config.sections import (
    CleanConfig,
    ClusterConfig,
    Config,
    DedupConfig,
    FactsConfig,
    IngestConfig,
    MergeConfig,
    RenderConfig,
    SummarizeConfig,
    VerifyConfig,
)

__all__ = [
    "BackendConfig",
    "CTranslate2Config",
    "ChatConfig",
    "CleanConfig",
    "ClusterConfig",
    "Config",
    "DedupConfig",
    "EndpointConfig",
    "FactsConfig",
    "FusionConfig",
    "GenerationConfig",
    "IngestConfig",
    "LeadConfig",
    "LexRankConfig",
    "MergeConfig",
    "RenderConfig",
    "ScriptedConfig",
    "Seq2SeqConfig",
    "SummarizeConfig",
    "VerifyConfig",
    "load_config",
    "parse_config",
]
