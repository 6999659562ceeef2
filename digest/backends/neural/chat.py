"""Instruct models on this machine, asked through their own chat template."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from digest.backends.neural.documents import control_ids, refuse_controls
from digest.backends.neural.fit import NO_TEMPLATE
from digest.backends.neural.generation import Prepared, limits_of, seed_of
from digest.backends.neural.generator import Request
from digest.backends.neural.prompts import messages
from digest.backends.neural.torch_local import TorchGenerator
from digest.errors import BackendError

if TYPE_CHECKING:
    import torch

    from digest.config import ChatConfig

# Tokens that a model may think before it answers. Small thinking models stop within about this.
_THINKING_TOKENS: Final = 2048
# Some templates print today's date, which would make every text another one tomorrow.
_NO_DATE: Final = "{% macro strftime_now(format) %}{% endmacro %}"
# What `room` assumes of a language when it leaves space for the answer: tokens per word.
_ROOM_RATIO: Final = 2


class ChatGenerator(TorchGenerator):
    """An instruct model; the prompt comes from `prompts`, its form from the tokenizer."""

    architecture: ClassVar[Literal["AutoModelForCausalLM"]] = "AutoModelForCausalLM"
    side: ClassVar[Literal["left"]] = "left"

    def __init__(self, config: ChatConfig, *, seed: int = 0) -> None:
        super().__init__(config, seed=seed)
        self._instructions = config.instructions
        self._thinking = config.thinking

    def _settings(self) -> dict[str, object]:
        prompt = [
            messages(Request(documents=("",) * n, max_words=1, partial=n == 1), self._instructions)
            for n in (1, 2)
        ]
        return {**super()._settings(), "thinking": self._thinking, "messages": prompt}

    @cached_property
    def _template(self) -> str:
        """The template's text.

        Raises:
            BackendError: the model has none, so that nobody knows how it wants to be asked.
        """
        template = self._checkpoint.tokenizer.chat_template
        if isinstance(template, dict):
            template = template.get("default")
        if not template:
            raise BackendError(f"{self.model} cannot be used: {NO_TEMPLATE}")
        return _NO_DATE + template if "strftime_now" in template else str(template)

    def _overhead(self, documents: int, max_words: int) -> int:
        empty = Request(documents=("",) * documents, max_words=max_words)
        answer = limits_of(
            Request(documents=("a",), max_words=max_words),
            tokens=_ROOM_RATIO,
            min_words=0,
            most=None,
            extra=self._extra,
        )
        return len(self._encode(empty)) + answer.max_new_tokens

    @property
    def _extra(self) -> int:
        return _THINKING_TOKENS if self._thinking else 0

    def _prepare(self, request: Request) -> Prepared:
        if not any(document.strip() for document in request.documents):
            raise BackendError("there is no text to summarize: every document is empty")
        ids = self._encode(request)
        blank = Request(
            documents=("",) * len(request.documents),
            max_words=request.max_words,
            partial=request.partial,
        )
        frame = self._encode(blank)
        self._refuse_controls(ids, frame)
        left = self._limit - len(ids)
        limits = limits_of(
            request,
            tokens=len(ids) - len(frame),
            min_words=self._config.generation.min_words,
            most=left,
            extra=self._extra,
        )
        if left < request.max_words + self._extra:
            raise self._too_long(len(ids), self._limit - request.max_words - self._extra)
        return Prepared(ids=tuple(ids), limits=limits, seed=seed_of(request, seed=self._seed))

    def _refuse_controls(self, ids: list[int], frame: list[int]) -> None:
        """Refuse documents that bring control tokens: the template brings as many without them."""
        controls = control_ids(self._checkpoint.tokenizer)
        brought = Counter(i for i in ids if i in controls)
        refuse_controls(self._checkpoint.tokenizer, brought - Counter(frame))

    def _encode(self, request: Request) -> list[int]:
        """Return the prompt up to where the answer begins."""
        import jinja2  # noqa: PLC0415 - 0.1 s

        turns = messages(request, self._instructions)
        try:
            return self._render(turns)
        except jinja2.TemplateError as error:
            system, user = turns
            together = f"{system['content']}\n\n{user['content']}"
            try:  # Gemma's and other templates refuse a system message
                return self._render([{"role": "user", "content": together}])
            except jinja2.TemplateError:
                raise BackendError(
                    f"the chat template of {self.model} cannot be used: {error}; it must take a"
                    " user message"
                ) from error

    def _render(self, turns: list[dict[str, str]]) -> list[int]:
        options: dict[str, Any] = {}
        if "enable_thinking" in self._template:
            options["enable_thinking"] = self._thinking
        encoded = self._checkpoint.tokenizer.apply_chat_template(
            turns,
            chat_template=self._template,
            add_generation_prompt=True,
            return_dict=True,
            **options,
        )
        return list(encoded["input_ids"])

    def _prompt_columns(self, ids: torch.Tensor) -> int:
        return int(ids.shape[1])
