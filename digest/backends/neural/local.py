"""What generators on this machine share: a checkpoint, its tokenizer, batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from digest.backends.neural.batching import run_batches
from digest.backends.neural.deadline import LateError
from digest.backends.neural.documents import control_tokens
from digest.backends.neural.generation import cut, decoding, token_ids
from digest.backends.neural.generator import Generated
from digest.backends.neural.loading import Checkpoint, libraries, quiet
from digest.backends.neural.positions import input_limit
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from digest.backends.neural.generation import Prepared, TokenIds
    from digest.backends.neural.generator import Request
    from digest.backends.neural.loading import LocalConfig

# How many documents `room` leaves space for between: one for every 64 tokens of input, at most 32.
_DOCUMENT_TOKENS: Final = 64
_MOST_DOCUMENTS: Final = 32
# Sentences counted one by one and the same sentences in one text differ by a token here and there.
_SLACK: Final = 50


class LocalGenerator(ABC):
    """A model on this machine; cheap to make, loaded when first asked for a text.

    Attributes:
        patience: after so many batches in a row that took too long no other one is tried.
    """

    patience: ClassVar[int] = 2

    def __init__(self, config: LocalConfig, *, seed: int = 0) -> None:
        self._config = config
        self._seed = seed
        self._checkpoint = Checkpoint(config)
        self._late = 0

    @property
    def model(self) -> str:
        """The name or folder of the model."""
        return self._config.model

    @property
    def revision(self) -> str | None:
        """The commit on the hub, or the hash of a folder's weights, settings and vocabulary."""
        return self._checkpoint.revision

    @property
    def settings(self) -> Mapping[str, object]:
        """Everything but model and request that decides a text, as JSON."""
        return {
            "kind": self._config.kind,
            "decoding": self._strategy,
            "eos_token_ids": list(self._tokens.eos),
            "pad_token_id": self._tokens.pad,
            "decoder_start_token_id": self._tokens.decoder_start,
            "forced_bos_token_id": self._tokens.forced_bos,
            "max_input_tokens": self._limit,
            "libraries": libraries("transformers", "tokenizers"),
            **self._settings(),
        }

    @cached_property
    def special_tokens(self) -> tuple[str, ...]:
        """The control tokens as they would be read in a document."""
        return control_tokens(self._checkpoint.tokenizer)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in the model's tokens, special tokens left out."""
        if not texts:
            return []
        with quiet():
            rows = self._checkpoint.tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return [len(row) for row in rows]

    def room(self, max_words: int) -> int:
        """Return how many tokens of documents fit beside prompt, separators and the answer.

        Space is left for the separators of one document per 64 tokens, 32 at most, and two percent
        for what joining changes.

        Raises:
            BackendError: the model cannot be read, or nothing would fit.
        """
        documents = max(1, min(_MOST_DOCUMENTS, self._limit // _DOCUMENT_TOKENS))
        room = self._limit - self._limit // _SLACK - self._overhead(documents, max_words)
        if room < 1:
            raise BackendError(
                f"{self.model} takes {self._limit} tokens, and prompt, separators and an answer of"
                f" {max_words} words leave none for documents; raise max_input_tokens, shorten"
                " prefix or instructions, or take a model with longer inputs"
            )
        return room

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        """Yield the outcome of every request, with its index, batch by batch, the longest first."""
        prepared: list[Prepared] = []
        places: list[int] = []
        for number, request in enumerate(requests):
            try:
                with quiet():
                    ready = self._prepare(request)
            except BackendError as error:
                yield number, error
            else:
                prepared.append(ready)
                places.append(number)
        try:
            step_tokens = self._step_tokens
        except BackendError:  # no such device, say: each request is told when it runs
            step_tokens = None
        for place, outcome in run_batches(
            prepared,
            self._quietly,
            batch_tokens=self._config.batch_tokens,
            step_tokens=step_tokens,
        ):
            yield places[place], outcome

    def _quietly(self, batch: list[Prepared]) -> list[Generated]:
        """Write a batch, unless the model was late too often to be waited for."""
        if self._late >= self.patience:
            raise LateError(
                f"not tried: {self.model} was stopped by timeout_s ({self._config.timeout_s:g} s"
                f" for a text) {self.patience} times in a row before"
            )
        try:
            with quiet():
                written = self._run(batch)
        except LateError:
            self._late += 1
            raise
        self._late = 0
        return written

    def _answered(self, request: Prepared, answers: list[list[int]]) -> Generated:
        """Return what came for a request: ids of each candidate, up to and with an end token."""
        parts = [cut(answer, self._tokens) for answer in answers]
        begun = self._tokens.forced_bos
        texts = [ids[1:] if begun is not None and ids[:1] == [begun] else ids for ids, _ in parts]
        return Generated(
            texts=tuple(decoded(self._checkpoint.tokenizer, ids) for ids in texts),
            finished=tuple(finished for _, finished in parts),
            input_tokens=len(request.ids),
            output_tokens=sum(len(ids) + finished for ids, finished in parts),
        )

    @cached_property
    def _strategy(self) -> dict[str, Any]:
        return decoding(
            self._config.generation, candidates=self._config.candidates, seed=self._seed
        )

    @cached_property
    def _tokens(self) -> TokenIds:
        return token_ids(self._checkpoint)

    @cached_property
    def _limit(self) -> int:
        return input_limit(self._checkpoint, self._config.max_input_tokens)

    def _too_long(self, tokens: int, limit: int) -> BackendError:
        return BackendError(
            f"an input has {tokens} tokens, {self.model} takes {limit}; documents must keep within"
            " room(), with few enough of them for their separators"
        )

    @property
    def _step_tokens(self) -> int | None:
        """Return how many input tokens are read in the time that a step's weights take.

        None where a step costs little beside them, as on a GPU.
        """
        return None

    def _settings(self) -> dict[str, object]:
        """Return what this kind of model adds to the settings."""
        return {}

    @abstractmethod
    def _overhead(self, documents: int, max_words: int) -> int:
        """Return the tokens of an input, and of an answer that shares its space, without text."""

    @abstractmethod
    def _prepare(self, request: Request) -> Prepared:
        """Return a request in the model's terms, or raise a BackendError."""

    @abstractmethod
    def _run(self, batch: list[Prepared]) -> list[Generated]:
        """Return what the model writes for a batch, in its order."""


def batching(dtype: str, *, batch_tokens: int, step_tokens: int | None = None) -> dict[str, object]:
    """Return what settings must say of batches.

    In float32 a text does not depend on its neighbours. With fewer bits sums are rounded otherwise
    in other shapes, and a near tie between two words can fall the other way (transformers #25921):
    then the size of batches is part of what decided a text.
    """
    if dtype == "float32":
        return {"batching": "independent"}
    return {"batching": {"batch_tokens": batch_tokens, "step_tokens": step_tokens}}


def decoded(tokenizer: Any, ids: list[int]) -> str:  # noqa: ANN401 - transformers has a class for each architecture
    """Return the text as the model wrote it: clean-up would turn "3.5 %" and "n't" into others."""
    text: str = tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
    return text.strip()
