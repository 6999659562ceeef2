"""What a training is asked to do."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the hints
from typing import Any, Literal

from pydantic import Field, ValidationError

from digest.config.section import Section
from digest.errors import UsageError


class Seq2SeqTraining(Section):
    """Everything that decides the weights that come out, data and libraries apart.

    Learning rates as published: 3e-5 for BART (Lewis et al. 2020) and PRIMERA (Xiao et al. 2022);
    T5 learns at 1e-4 and more.
    """

    model: str = Field(min_length=1)
    corpus: Path
    output: Path
    validation: Path | None = None
    revision: str | None = None
    download: bool = True
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    epochs: float = Field(3.0, gt=0)
    max_steps: int | None = Field(None, ge=1)
    learning_rate: float = Field(3e-5, gt=0, lt=1)
    batch_size: int = Field(4, ge=1)
    gradient_accumulation: int = Field(4, ge=1)
    gradient_checkpointing: bool = False
    max_input_tokens: int | None = Field(None, ge=32)
    max_target_tokens: int | None = Field(None, ge=8)
    prefix: str = ""
    separator: str | None = None
    save_steps: int = Field(500, ge=1)
    seed: int = Field(0, ge=0, lt=2**32)

    @property
    def decisive(self) -> dict[str, Any]:
        """Return what a resumed training must have in common with the one it goes on with."""
        elsewhere = {"corpus", "validation", "output", "download"}
        return self.model_dump(mode="json", exclude=elsewhere)


def parse_settings(values: dict[str, Any]) -> Seq2SeqTraining:
    """Check settings.

    Raises:
        UsageError: a value is out of range; the message names it.
    """
    try:
        return Seq2SeqTraining.model_validate(values)
    except ValidationError as error:
        lines = [
            f"--{'-'.join(map(str, item['loc'])).replace('_', '-')}: {item['msg']},"
            f" got {item['input']!r}"
            for item in error.errors()
        ]
        raise UsageError("\n".join(lines)) from error
