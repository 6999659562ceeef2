"""What writes and what generates speak in: requests for texts, and the texts that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from digest.errors import BackendError


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One text that a model is asked for.

    `documents` hold whole sentences, one document per article, control tokens made harmless.
    `partial` is set where the answer is one of several that will be summarized again.
    """

    documents: tuple[str, ...]
    max_words: int
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What a model answered: raw candidates, the likeliest first, and what they took.

    Tokens are the model's own, `output_tokens` of all candidates together. `finished` tells for
    each text whether the model ended it, and not the limit. `estimated` says that the tokens were
    not counted by the model's own tokenizer.
    """

    texts: tuple[str, ...]
    finished: tuple[bool, ...]
    input_tokens: int
    output_tokens: int
    retries: int = 0
    estimated: bool = False


class Generator(Protocol):
    """A model that can be asked for texts."""

    @property
    def model(self) -> str:
        """The name or folder of the model."""
        ...

    @property
    def revision(self) -> str | None:
        """The commit on the hub, the hash of a folder's weights, None where nobody can know."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """Everything but model and request that decides a text, as JSON: part of the cache key."""
        ...

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """The control tokens as they would be read in a document: never to be given as text."""
        ...

    def room(self, max_words: int) -> int:
        """Return how many tokens of documents fit beside prompt, separators and the answer."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in the model's tokens, special tokens left out."""
        ...

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        """Yield the outcome of every request, with its index, in any order, each exactly once."""
        ...
