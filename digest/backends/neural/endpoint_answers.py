"""What OpenAI-compatible servers answer, whole or streamed, as texts: no network in here."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from digest.backends.neural.endpoint_faults import (
    MalformedError,
    RefusedError,
    TryAgainError,
    Usage,
    excerpt,
    fault_within,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_CUT_BY_LIMIT: Final = frozenset({"length", "max_tokens"})
_WITHHELD: Final = frozenset({"content_filter", "safety"})
_TOOLS: Final = frozenset({"tool_calls", "function_call"})
_BROKEN: Final = frozenset({"error", "abort"})  # OpenRouter and vLLM, with status 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The usable choices of one answer, in the server's order."""

    texts: tuple[str, ...]
    finished: tuple[bool, ...]
    usage: Usage


@dataclass(slots=True, kw_only=True)
class _Choice:
    pieces: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    reason: str | None = None
    tools: bool = False

    def add(self, message: object, reason: object) -> None:
        """Take a message, or a stream's part of one. Reasoning is no part of a text."""
        if isinstance(message, dict):
            self.pieces.append(_text(message.get("content")))
            self.refusal.append(_text(message.get("refusal")))
            called = message.get("tool_calls") or message.get("function_call")
            self.tools = self.tools or bool(called)
        self.reason = _text(reason) or self.reason

    @property
    def text(self) -> str:
        """The content, with halves of surrogate pairs joined, and lone ones replaced."""
        joined = "".join(self.pieces)
        return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def parse_completion(text: str) -> Completion:
    """Return what a complete answer holds.

    Raises:
        MalformedError: it is not JSON.
        TryAgainError: it is empty, or the server met an error.
        RefusedError: the model would not answer, or could not within its limit.
        Exception: what else `fault_within` knows.
    """
    data = _parsed(text)
    _raise(fault_within(data))
    choices: dict[int, _Choice] = {}
    _add(choices, data, "message")
    return _answer(choices, _usage(data.get("usage")))


class StreamReader:
    """Puts a stream of server-sent events together.

    Lines end at LF or CRLF alone: httpx also splits at U+2028 and U+0085, which stand raw in JSON.
    `hide` is applied to every event before it is read.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self.done = False
        self._rest = b""
        self._data: list[bytes] = []
        self._choices: dict[int, _Choice] = {}
        self._usage = Usage()

    def feed(self, chunk: bytes) -> bool:
        """Take bytes; return whether they completed an event. Comments are none.

        Raises:
            TryAgainError: an event is malformed, or tells of an error.
            Exception: what else `fault_within` knows.
        """
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        ended = [self._line(line.rstrip(b"\r")) for line in lines]  # each has to be taken
        return any(ended)

    def answer(self) -> Completion:
        """Return what the stream held.

        Raises:
            TryAgainError: it was cut off, or nothing is in it.
            RefusedError: as `parse_completion`.
        """
        with suppress(TryAgainError):  # the half of an event, or one that lacks its empty line
            self.feed(b"\n\n")
        ended = bool(self._choices) and all(c.reason for c in self._choices.values())
        if not self.done and not ended:
            raise TryAgainError("the stream was cut off before its end", usage=self._usage)
        return _answer(self._choices, self._usage)

    def _line(self, line: bytes) -> bool:
        """Take a line; return whether it ended an event: an empty one after data does."""
        if line.startswith(b"data:"):
            self._data.append(line.removeprefix(b"data:").strip())
        if line or not self._data:
            return False
        data, self._data = b"\n".join(self._data), []
        if data == b"[DONE]":
            self.done = True
        elif not self.done:
            self._event(_parsed(self._hide(data.decode("utf-8", "replace"))))
        return True

    def _event(self, data: dict[str, object]) -> None:
        _raise(fault_within(data))
        if isinstance(data.get("usage"), dict):
            self._usage = _usage(data["usage"])
        _add(self._choices, data, "delta")


def model_ids(text: str) -> tuple[str, ...]:
    """Return the names in a list of models.

    Raises:
        TryAgainError: it is no such list.
    """
    items = _parsed(text).get("data")
    if not isinstance(items, list):
        raise MalformedError("no list of models")
    names = (item.get("id") for item in items if isinstance(item, dict))
    return tuple(name for name in names if isinstance(name, str))


def _raise(fault: Exception | None) -> None:
    if fault is not None:
        raise fault


def _add(choices: dict[int, _Choice], data: dict[str, object], name: str) -> None:
    """Add what an answer, or a part of one, holds under `name` to the choices, by index."""
    items = data.get("choices")
    for place, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            index = item.get("index")
            choice = choices.setdefault(index if isinstance(index, int) else place, _Choice())
            choice.add(item.get(name), item.get("finish_reason"))


def _answer(choices: dict[int, _Choice], usage: Usage) -> Completion:
    """Return the choices that can be used: one that cannot costs the others nothing."""
    texts: list[str] = []
    finished: list[bool] = []
    faults: list[Exception] = []
    for _, choice in sorted(choices.items()):
        fault = _fault(choice, usage)
        if fault is not None:
            faults.append(fault)
            continue
        texts.append(choice.text)
        finished.append(choice.reason not in _CUT_BY_LIMIT)
    if not texts:
        faults = faults or [TryAgainError("an answer without choices", usage=usage)]
        raise next((fault for fault in faults if isinstance(fault, RefusedError)), faults[0])
    return Completion(texts=tuple(texts), finished=tuple(finished), usage=usage)


def _fault(choice: _Choice, usage: Usage) -> Exception | None:
    """Return why a choice cannot be used, None where it can."""
    refusal = _refusal(choice)
    if refusal:
        return RefusedError(refusal, usage=usage)
    if choice.reason in _BROKEN:
        return TryAgainError(f"broken off (finish_reason {choice.reason})", usage=usage)
    if choice.text:
        return None
    if choice.reason in _CUT_BY_LIMIT:
        return RefusedError(
            "the model used up its output tokens before it wrote a word, as reasoning models do; "
            "raise max_output_tokens",
            usage=usage,
        )
    return TryAgainError("an empty text", usage=usage)


def _refusal(choice: _Choice) -> str:
    said = excerpt("".join(choice.refusal))
    if said:
        return f"the model refused: {said}"
    if choice.reason in _WITHHELD:
        return f"the server withheld the text (finish_reason {choice.reason})"
    if choice.tools or choice.reason in _TOOLS:
        return "the model called a tool instead of writing; none was offered"
    return ""


def _parsed(text: str) -> dict[str, object]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedError("an answer that is not JSON") from None
    if not isinstance(data, dict):
        raise MalformedError("an answer that is JSON, but no object")
    return data


def _text(content: object) -> str:
    """Return a content's text: a string, or a list of parts of which the texts are joined."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "".join(text for text in texts if isinstance(text, str))


def _usage(data: object) -> Usage:
    said = data if isinstance(data, dict) else {}
    return Usage(
        input_tokens=_tokens(said.get("prompt_tokens")),
        output_tokens=_tokens(said.get("completion_tokens")),
    )


def _tokens(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
