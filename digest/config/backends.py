"""The backends that a configuration can name under `summarize.backends`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from digest.config.section import Section


class LeadConfig(Section):
    """First sentences of each article in turn."""

    kind: Literal["lead"]


class LexRankConfig(Section):
    """Graph centrality (Erkan and Radev 2004)."""

    kind: Literal["lexrank"]
    threshold: float = Field(
        0.1, ge=0, le=1, description="cosine below which two sentences are apart"
    )
    damping: float = Field(0.85, gt=0, lt=1)


class FusionConfig(Section):
    """Choose facts, best wording, order, headline."""

    kind: Literal["fusion"]
    max_similarity: float = Field(
        0.5, gt=0, le=1, description="cosine at which two sentences repeat"
    )
    rewrite: bool = Field(
        default=True, description="shorten and join sentences with the embedded models"
    )


class ScriptedConfig(Section):
    """Prepared sentences per cluster id: the test double."""

    kind: Literal["scripted"]
    sentences: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fail: bool = False


class GenerationConfig(Section):
    """How a model generates. Everything is stated: nothing comes from the checkpoint's defaults."""

    num_beams: int = Field(4, ge=1, le=32)
    do_sample: bool = Field(default=False, description="sampling instead of the likeliest words")
    temperature: float = Field(1.0, gt=0, le=5)
    top_p: float = Field(1.0, gt=0, le=1)
    length_penalty: float = Field(1.0, ge=-5, le=5)
    repetition_penalty: float = Field(1.0, ge=1, le=5)
    no_repeat_ngram_size: int = Field(
        0, ge=0, description="3 would forbid naming a person of three names twice"
    )
    min_words: int = Field(0, ge=0, description="fewer are not accepted by the decoder")


class _ModelConfig(Section):
    """What all models on this machine have in common."""

    model: str = Field(min_length=1, description="folder, or name on the hub")
    revision: str | None = Field(None, description="commit or tag on the hub; pin it")
    download: bool = Field(default=True, description="false: only what is on this machine")
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        "auto", description="auto: float32 on cpu, bfloat16 on cuda, float16 on mps"
    )
    max_input_tokens: int | None = Field(
        None, ge=32, description="None: what the model's own configuration allows"
    )
    batch_tokens: int = Field(
        8192,
        ge=64,
        description="input tokens of one batch, padding included; halved when memory ends",
    )
    timeout_s: float = Field(
        600.0, gt=0, description="for one text, loading apart; n texts of a batch have n times it"
    )
    compile: bool = Field(default=False, description="torch.compile; pays off for many clusters")
    candidates: int = Field(
        1, ge=1, le=16, description="texts per cluster, of which the best supported one is kept"
    )
    cache: bool = Field(default=True, description="generations are kept on disk and used again")
    cache_dir: str | None = Field(None, description="None: digest's folder in the user's cache")
    generation: GenerationConfig = GenerationConfig()


class Seq2SeqConfig(_ModelConfig):
    """An encoder-decoder: BART, PEGASUS(-X), T5, LongT5, LED, PRIMERA and their like."""

    kind: Literal["seq2seq"]
    prefix: str = Field("", description='what T5 wants before its input: "summarize: "')
    separator: str | None = Field(
        None, description="between articles; None: the model's own document separator, else a line"
    )


class ChatConfig(_ModelConfig):
    """An instruct model with its own chat template, on this machine."""

    kind: Literal["chat"]
    instructions: str | None = Field(None, description="system prompt; None: the built-in one")
    thinking: bool = Field(default=False, description="let models that can think do so first")


class CTranslate2Config(_ModelConfig):
    """BART, PEGASUS or T5 converted for CTranslate2; needs the extra `ctranslate2`."""

    kind: Literal["ctranslate2"]
    prefix: str = ""
    separator: str | None = None
    compute_type: str = Field("int8", description="int8, int8_float32, float32, float16, bfloat16")
    threads: int = Field(0, ge=0, description="0: as many as there are cores")


class EndpointConfig(Section):
    """Any OpenAI-compatible server: vLLM, SGLang, Ollama, transformers serve, hosted ones."""

    kind: Literal["endpoint"]
    base_url: str = Field(pattern=r"^https?://", description="up to and with /v1")
    model: str = Field(min_length=1)
    api_key_env: str | None = Field(
        None, description="environment variable that holds the key; the key itself is never here"
    )
    instructions: str | None = None
    max_input_tokens: int = Field(6000, ge=128, description="estimated at 4 characters a token")
    max_output_tokens: int | None = Field(None, ge=16, description="None: from the word budget")
    temperature: float = Field(0.0, ge=0, le=2)
    top_p: float = Field(1.0, gt=0, le=1)
    timeout_s: float = Field(120.0, gt=0, description="for one request")
    retries: int = Field(4, ge=0, le=20, description="after 429, 5xx, time-outs, cut-off answers")
    concurrency: int = Field(4, ge=1, le=64)
    stream: bool = False
    candidates: int = Field(1, ge=1, le=16)
    price_input: float | None = Field(None, ge=0, description="per million tokens")
    price_output: float | None = Field(None, ge=0, description="per million tokens")
    cache: bool = True
    cache_dir: str | None = None


BackendConfig = Annotated[
    LeadConfig
    | LexRankConfig
    | FusionConfig
    | Seq2SeqConfig
    | ChatConfig
    | CTranslate2Config
    | EndpointConfig
    | ScriptedConfig,
    Field(discriminator="kind"),
]
