"""Encoder-decoders: BART, PEGASUS(-X), T5, LongT5, LED, PRIMERA and their like."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from digest.backends.neural import beams
from digest.backends.neural.documents import global_attention
from digest.backends.neural.encoder import EncoderGenerator
from digest.backends.neural.torch_local import TorchGenerator

if TYPE_CHECKING:
    import torch

    from digest.config import Seq2SeqConfig


class Seq2SeqGenerator(EncoderGenerator, TorchGenerator):
    """A summarization model; documents are joined by its own separator where it has one."""

    architecture: ClassVar[Literal["AutoModelForSeq2SeqLM"]] = "AutoModelForSeq2SeqLM"
    side: ClassVar[Literal["right"]] = "right"

    def __init__(self, config: Seq2SeqConfig, *, seed: int = 0) -> None:
        super().__init__(config, seed=seed)

    @cached_property
    def _looks_globally(self) -> bool:
        return "global_attention_mask" in inspect.signature(type(self._model).forward).parameters

    def _prompt_columns(self, ids: torch.Tensor) -> int:  # noqa: ARG002 - a start token stands there
        return 1

    def _adapt(self, model: Any) -> None:  # noqa: ANN401 - transformers has a class for each architecture
        beams.adapt(model)

    def _inputs(self, ids: torch.Tensor, mask: torch.Tensor) -> dict[str, Any]:
        more = {}
        if self._looks_globally:
            more["global_attention_mask"] = global_attention(ids, mask, anchor=self._layout.anchor)
        start = self._tokens.decoder_start
        if start is None:  # no request gets this far
            return more
        return more | beams.shared(
            self._model, ids, mask, beams=self._strategy["num_beams"], start=start, more=more
        )
