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
from digest.config.loading import checked, load_config, parse_config, read_mapping
from digest.config.section import Section
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
    "Section",
    "Seq2SeqConfig",
    "SummarizeConfig",
    "VerifyConfig",
    "checked",
    "load_config",
    "parse_config",
    "read_mapping",
]
