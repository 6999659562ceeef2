"""A generator without a model: a word is a token, and what it answers is scripted.

It obeys the protocol exactly, and more strictly than a model: an input longer than its room or
with a control token in it is a failure, so that a test sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from digest.backends.neural.generator import Generated, Request
from digest.errors import BackendError
from digest.text.sentences import count_words, sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Script = Callable[[Request], Sequence[str]]


def extractive(request: Request) -> list[str]:
    """Answer with the first sentences of all documents in turn, as many as the budget allows."""
    columns = zip_longest(*(sentences(document) for document in request.documents))
    room, kept = request.max_words, []
    for text in (text for row in columns for text in row if text):
        if count_words(text) <= room:
            room -= count_words(text)
            kept.append(text)
    return [" ".join(kept)]


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentence_spans(text)]


@dataclass
class FakeGenerator:
    """Answers each request by its script; a script may raise a BackendError.

    `asked` holds the requests of every call to `generate`; `touched` tells whether anything of the
    model was looked at. Outcomes come in reverse order, as those of a batch may.
    """

    script: Script = extractive
    limit: int = 100_000
    finished: bool = True
    retries: int = 0
    revision: str | None = "fake-1"
    special_tokens: tuple[str, ...] = ("</s>", "<doc-sep>", "<|im_start|>", "[INST]", "<think>")
    options: dict[str, object] = field(default_factory=lambda: {"num_beams": 1})
    model: str = "fake"
    asked: list[list[Request]] = field(default_factory=list)
    touched: bool = False

    @property
    def settings(self) -> Mapping[str, object]:
        self.touched = True
        return self.options

    @property
    def requests(self) -> list[Request]:
        """Every request so far."""
        return [request for some in self.asked for request in some]

    def room(self, max_words: int) -> int:
        self.touched = True
        return self.limit if max_words else 0

    def count(self, texts: Sequence[str]) -> list[int]:
        self.touched = True
        return [count_words(text) for text in texts]

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        self.touched = True
        self.asked.append(list(requests))
        for index in reversed(range(len(requests))):
            yield index, self._outcome(requests[index])

    def _outcome(self, request: Request) -> Generated | BackendError:
        given = sum(self.count(request.documents))
        if given > self.room(request.max_words):
            return BackendError(f"the input has {given} tokens, there is room for {self.limit}")
        found = [t for t in self.special_tokens for d in request.documents if t in d]
        if found or not request.documents:
            return BackendError(f"control tokens in a document: {found}")
        try:
            texts = tuple(self.script(request))
        except BackendError as error:
            return error
        return Generated(
            texts=texts,
            finished=(self.finished,) * len(texts),
            input_tokens=given,
            output_tokens=sum(self.count(texts)),
            retries=self.retries,
        )
