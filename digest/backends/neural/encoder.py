"""What encoder-decoders share, whoever runs them: documents laid out as one input."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from digest.backends.neural.documents import Layout, encode_documents, layout_of
from digest.backends.neural.generation import Prepared, limits_of, seed_of
from digest.backends.neural.local import LocalGenerator
from digest.backends.neural.positions import output_limit
from digest.errors import BackendError

if TYPE_CHECKING:
    from digest.backends.neural.generation import TokenIds
    from digest.backends.neural.generator import Request
    from digest.config import CTranslate2Config, Seq2SeqConfig


class EncoderGenerator(LocalGenerator):
    """A model that reads all documents as one input and has positions of its own to write in."""

    def __init__(self, config: Seq2SeqConfig | CTranslate2Config, *, seed: int = 0) -> None:
        super().__init__(config, seed=seed)
        self._prefix = config.prefix
        self._separator = config.separator

    @cached_property
    def _layout(self) -> Layout:
        return layout_of(self._checkpoint.tokenizer, prefix=self._prefix, separator=self._separator)

    def _settings(self) -> dict[str, object]:
        return {
            **super()._settings(),
            "prefix": self._prefix,
            "separator_ids": list(self._layout.separator),
            "separator_after_each": self._layout.anchor is not None,
        }

    def _overhead(self, documents: int, max_words: int) -> int:  # noqa: ARG002 - the answer has positions of its own
        return self._layout.overhead(documents)

    @cached_property
    def _tokens(self) -> TokenIds:
        found = super()._tokens
        if found.decoder_start is None:
            raise BackendError(
                f"{self.model} does not say which token its decoder starts with; set"
                " decoder_start_token_id in its config.json"
            )
        return found

    def _prepare(self, request: Request) -> Prepared:
        documents = encode_documents(
            self._checkpoint.tokenizer, request.documents, prefix=self._prefix
        )
        ids = self._layout.join(documents)
        if len(ids) > self._limit:
            raise self._too_long(len(ids), self._limit)
        positions = output_limit(self._checkpoint)
        limits = limits_of(
            request,
            tokens=sum(map(len, documents)),
            min_words=self._config.generation.min_words,
            most=None if positions is None else positions - 1,
        )
        return Prepared(ids=tuple(ids), limits=limits, seed=seed_of(request, seed=self._seed))
