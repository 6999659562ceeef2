"""Generating with transformers: one call for a batch, encoder-decoders and causal models alike."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from digest.backends.neural.batching import pad
from digest.backends.neural.deadline import Deadline
from digest.backends.neural.generation import effective
from digest.backends.neural.loading import libraries
from digest.backends.neural.local import LocalGenerator, batching
from digest.backends.neural.processors import processors
from digest.errors import BackendError

if TYPE_CHECKING:
    import torch

    from digest.backends.neural.generation import Prepared
    from digest.backends.neural.generator import Generated

# BART-base, 4 beams, one core: a step takes 65 ms and 16 ms more for each input, a token read 1.9.
_STEP_TOKENS: Final = 32


class TorchGenerator(LocalGenerator):
    """A model that transformers runs."""

    architecture: ClassVar[Literal["AutoModelForSeq2SeqLM", "AutoModelForCausalLM"]]
    side: ClassVar[Literal["left", "right"]]

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        model = self._checkpoint.weights(self.architecture)
        self._adapt(model)
        if self._config.compile:
            import torch  # noqa: PLC0415 - 1.7 s

            model.forward = torch.compile(model.forward, dynamic=True)
        return model

    @property
    def _step_tokens(self) -> int | None:
        return _STEP_TOKENS if self._checkpoint.device == "cpu" else None

    def _settings(self) -> dict[str, object]:
        dtype = self._checkpoint.dtype
        return {
            **super()._settings(),
            "device": self._checkpoint.device,
            "dtype": dtype,
            "compile": self._config.compile,
            "torch": libraries("torch")["torch"],
            **batching(
                dtype, batch_tokens=self._config.batch_tokens, step_tokens=self._step_tokens
            ),
        }

    def _run(self, batch: list[Prepared]) -> list[Generated]:
        import torch  # noqa: PLC0415 - 1.7 s

        candidates = self._config.candidates
        # Sampled candidates are rows of their own, each with its own dice.
        copies = candidates if self._strategy["do_sample"] else 1
        seeds = [request.seed + k for request in batch for k in range(copies)]
        rows = [request.ids for request in batch for _ in range(copies)]
        ids, mask = pad(
            rows, value=self._tokens.pad, side=self.side, device=self._checkpoint.device
        )
        prompt = self._prompt_columns(ids)
        model = self._model
        deadline = Deadline(texts=len(batch), timeout_s=self._config.timeout_s)
        with torch.inference_mode():
            written = model.generate(
                input_ids=ids,
                attention_mask=mask,
                generation_config=effective(self._strategy, self._tokens, batch[0].limits),
                logits_processor=processors(self._strategy, prompt=prompt, seeds=seeds),
                stopping_criteria=deadline.criteria(),
                **self._inputs(ids, mask),
            )
        answers: list[list[int]] = written[:, prompt:].tolist()
        if len(answers) != len(batch) * candidates:
            raise BackendError(
                f"{len(batch) * candidates} texts were asked for and {len(answers)} came"
            )
        return [
            self._answered(request, answers[i * candidates : (i + 1) * candidates])
            for i, request in enumerate(batch)
        ]

    @abstractmethod
    def _prompt_columns(self, ids: torch.Tensor) -> int:
        """Return how many columns of the output are not the answer."""

    def _adapt(self, model: Any) -> None:  # noqa: ANN401 - as above
        """Change how a loaded model computes, not what."""

    def _inputs(self, ids: torch.Tensor, mask: torch.Tensor) -> dict[str, Any]:  # noqa: ARG002 - encoder-decoders need them
        """Return further inputs of `generate`."""
        return {}
