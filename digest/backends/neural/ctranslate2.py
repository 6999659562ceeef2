"""BART, PEGASUS and T5 in CTranslate2: the fast path on a CPU.

A checkpoint of transformers is converted once into the cache folder; a folder that was converted
already is used as it is.
"""

from __future__ import annotations

import os
import time
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from digest.backends.neural.cache import default_folder
from digest.backends.neural.conversion import (
    ConvertedCheckpoint,
    convert,
    is_converted,
)
from digest.backends.neural.deadline import Deadline
from digest.backends.neural.encoder import EncoderGenerator
from digest.backends.neural.loading import libraries
from digest.backends.neural.local import batching
from digest.errors import BackendError

if TYPE_CHECKING:
    from digest.backends.neural.generation import Prepared
    from digest.backends.neural.generator import Generated, Request
    from digest.config import CTranslate2Config

# BART-base in int8, 4 beams, one core, 32 inputs of 30 to 900 tokens: 4 takes 27 s, 8 takes 25, 16
# takes 24; without an end, batches of sixteen take half as long again as batches of four.
_STEP_TOKENS: Final = 16
_LOOK_S: Final = 0.002  # the shortest batch of a tiny model takes 0.01
_INDEPENDENT: Final = ("float32", "int8", "int8_float32")


def _library() -> Any:  # noqa: ANN401 - ctranslate2 is an extra
    if find_spec("ctranslate2") is None:
        raise BackendError(
            "kind: ctranslate2 needs a package that is not installed: pip install"
            ' "digest[ctranslate2]"'
        )
    import ctranslate2  # noqa: PLC0415 - an extra

    return ctranslate2


class CTranslate2Generator(EncoderGenerator):
    """A converted summarization model; beams and greedy search only.

    CTranslate2 cannot be stopped inside a batch. One that is late goes on in the background, up to
    its limit of tokens, and no other one is tried.
    """

    patience: ClassVar[int] = 1

    def __init__(self, config: CTranslate2Config) -> None:
        super().__init__(config)
        self._ct2 = config
        folder = self._checkpoint.folder
        if folder is not None and is_converted(folder):
            self._checkpoint = ConvertedCheckpoint(config, folder)

    @cached_property
    def _device(self) -> str:
        library = _library()
        wanted = self._ct2.device
        if wanted == "auto":
            return "cuda" if library.get_cuda_device_count() else "cpu"
        if wanted == "mps" or (wanted == "cuda" and not library.get_cuda_device_count()):
            raise BackendError(
                f"device: {wanted} is asked for, but CTranslate2 finds none; set device: auto"
            )
        return wanted

    @cached_property
    def _compute_type(self) -> str:
        wanted = self._ct2.compute_type
        known = sorted(_library().get_supported_compute_types(self._device))
        if wanted not in known:
            raise BackendError(
                f"compute_type: {wanted} is not to be had on this {self._device}; it has"
                f" {', '.join(known)}"
            )
        return wanted

    @cached_property
    def _translator(self) -> Any:  # noqa: ANN401 - ctranslate2 is an extra
        folder = self._checkpoint.folder
        if not isinstance(self._checkpoint, ConvertedCheckpoint):
            cache = Path(self._ct2.cache_dir).expanduser() if self._ct2.cache_dir else None
            cache = cache or default_folder(os.environ).parent
            folder = convert(
                self._checkpoint, cache / "ctranslate2", compute_type=self._compute_type
            )
        try:
            return _library().Translator(
                str(folder),
                device=self._device,
                compute_type=self._compute_type,
                intra_threads=self._ct2.threads or os.cpu_count() or 1,
            )
        except (RuntimeError, ValueError) as error:
            raise BackendError(
                f"CTranslate2 cannot load {folder}: {error}; delete the folder to convert again"
            ) from error

    @property
    def _step_tokens(self) -> int | None:
        return _STEP_TOKENS if self._device == "cpu" else None

    def _settings(self) -> dict[str, object]:
        return {
            **super()._settings(),
            "device": self._device,
            "compute_type": self._compute_type,
            "ctranslate2": libraries("ctranslate2")["ctranslate2"],
            # int8 scales each token's activations on their own, so that neighbours do not matter.
            **batching(
                "float32" if self._compute_type in _INDEPENDENT else self._compute_type,
                batch_tokens=self._ct2.batch_tokens,
                step_tokens=self._step_tokens,
            ),
        }

    def _prepare(self, request: Request) -> Prepared:
        _library()
        return super()._prepare(request)

    @cached_property
    def _strategy(self) -> dict[str, Any]:
        if self._ct2.generation.do_sample:
            raise BackendError(
                "do_sample: true is not for kind: ctranslate2, whose dice cannot be set for each"
                " text; use beams, or kind: seq2seq"
            )
        return super()._strategy

    def _run(self, batch: list[Prepared]) -> list[Generated]:
        tokenizer, strategy = self._checkpoint.tokenizer, self._strategy
        translator = self._translator
        limits = batch[0].limits
        begun = self._tokens.forced_bos
        prefix = None if begun is None else [tokenizer.convert_ids_to_tokens([begun])] * len(batch)
        deadline = Deadline(texts=len(batch), timeout_s=self._config.timeout_s)
        pending = translator.translate_batch(
            [tokenizer.convert_ids_to_tokens(list(request.ids)) for request in batch],
            target_prefix=prefix,
            beam_size=strategy["num_beams"],
            num_hypotheses=strategy["num_return_sequences"],
            length_penalty=strategy.get("length_penalty", 1.0),
            repetition_penalty=strategy["repetition_penalty"],
            no_repeat_ngram_size=strategy["no_repeat_ngram_size"],
            max_decoding_length=limits.max_new_tokens,
            min_decoding_length=max(1, limits.min_new_tokens),
            max_input_length=0,  # its own default cuts inputs at 1024 tokens, without a word
            return_end_token=True,
            asynchronous=True,
        )
        while not all(one.done() for one in pending):
            deadline.check()
            time.sleep(_LOOK_S)
        results = [one.result() for one in pending]
        return [
            self._generated(request, result.hypotheses)
            for request, result in zip(batch, results, strict=True)
        ]

    def _generated(self, request: Prepared, hypotheses: list[list[str]]) -> Generated:
        ids = self._checkpoint.tokenizer.convert_tokens_to_ids
        return self._answered(request, [ids(hypothesis) for hypothesis in hypotheses])
