"""What a training is asked to do."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the hints
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError

from digest.config.section import Section
from digest.errors import UsageError


class LoopSettings(Section):
    """What the training loop is told, whatever is trained."""

    output: Path
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    epochs: float = Field(3.0, gt=0)
    max_steps: int | None = Field(None, ge=1)
    learning_rate: float = Field(3e-5, gt=0, lt=1)
    batch_size: int = Field(4, ge=1)
    gradient_accumulation: int = Field(4, ge=1)
    gradient_checkpointing: bool = False
    save_steps: int = Field(500, ge=1)
    seed: int = Field(0, ge=0, lt=2**32)


class Seq2SeqTraining(LoopSettings):
    """Everything that decides the weights that come out, data and libraries apart.

    Learning rates as published: 3e-5 for BART (Lewis et al. 2020) and PRIMERA (Xiao et al. 2022);
    T5 learns at 1e-4 and more.
    """

    model: str = Field(min_length=1)
    corpus: Path
    validation: Path | None = None
    revision: str | None = None
    download: bool = True
    max_input_tokens: int | None = Field(None, ge=32)
    max_target_tokens: int | None = Field(None, ge=8)
    prefix: str = ""
    separator: str | None = None

    @property
    def decisive(self) -> dict[str, Any]:
        """Return what a resumed training must have in common with the one it goes on with."""
        elsewhere = {"corpus", "validation", "output", "download"}
        return self.model_dump(mode="json", exclude=elsewhere)


class EncoderTraining(LoopSettings):
    """What every training from an encoder and a folder of corpora is told."""

    model: Path
    corpora: Path
    gradient_accumulation: int = Field(1, ge=1)

    @property
    def decisive(self) -> dict[str, Any]:
        """Return what a resumed training must have in common with the one it goes on with."""
        return self.model_dump(mode="json", exclude={"model", "corpora", "output"})


class TaggingTraining(EncoderTraining):
    """Everything that decides an embedded tagger: which task, which encoder, which corpora.

    A batch is about `batch_size` sentences. 2e-4 is high for fine-tuning because the encoder is
    small (six layers of 384) and its embeddings are frozen.
    """

    task: Literal["ner", "compress", "fuse"]
    epochs: float = Field(2.0, gt=0)
    learning_rate: float = Field(2e-4, gt=0, lt=1)
    batch_size: int = Field(64, ge=1)


class EmbeddingTraining(EncoderTraining):
    """Everything that decides the vectors of sentences: which encoder teaches, which corpora.

    A table is not fine-tuned but learned: 5e-3, in a few minutes of one core.
    """

    epochs: float = Field(4.0, gt=0)
    learning_rate: float = Field(5e-3, gt=0, lt=1)
    batch_size: int = Field(256, ge=32)
    width: int = Field(128, ge=8, le=1024)


Settings = TypeVar("Settings", bound=LoopSettings)


def parse_settings(kind: type[Settings], values: dict[str, Any]) -> Settings:
    """Check settings.

    Raises:
        UsageError: a value is out of range; the message names it.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        lines = [
            f"--{'-'.join(map(str, item['loc'])).replace('_', '-')}: {item['msg']},"
            f" got {item['input']!r}"
            for item in error.errors()
        ]
        raise UsageError("\n".join(lines)) from error
