"""What goes wrong between here and a server: which faults to wait out, which to tell at once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Every server words it differently: vLLM, OpenAI, llama.cpp, SGLang.
_TOO_LONG: Final = re.compile(
    r"context[ _]?(?:length|size|window)|prompt is too long|input (?:is )?too long|max_model_len"
    r"|too many (?:input |prompt )?tokens",
    re.IGNORECASE,
)
# OpenAI and vLLM: "The model `x` does not exist"; Ollama: 'model "x" not found'; Mistral: "Invalid
# model: x"; transformers serve: "Server is pinned to 'x'".
_NO_SUCH_MODEL: Final = re.compile(
    r"models?\b.{0,120}?\b(?:not found|not exist|not available|unavailable)"
    r"|(?:unknown|invalid|no such) model|server is pinned to",
    re.IGNORECASE | re.DOTALL,
)
# Parameters that some servers refuse, and how their refusals name them. vLLM: "n must be 1 when
# using greedy sampling"; OpenAI's reasoning models: "Use 'max_completion_tokens' instead".
_OBJECTIONS: Final = {
    "stream_options": re.compile(r"stream_options"),
    "n": re.compile(r"""['"`]n['"`]|\bn (?:must|should|is|>|=|!=)"""),
    "max_tokens": re.compile(r"max_completion_tokens"),
    "seed": re.compile(r"\bseed\b"),
}
_WRONG_PATH: Final = "; no chat completions here: base_url must go up to and with /v1"
_FOR_ALL: Final = frozenset({401, 402, 404})  # 403 may be about one text: OpenRouter's moderation


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the server counted them; None where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


class Silence(StrEnum):
    """Why a server was not heard."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"


class TryAgainError(Exception):
    """A fault that may be gone at the next try.

    `wait_s` is how long the server asked to wait. `silent` is set where no server was heard.
    `usage` is what the faulty answer took all the same.
    """

    def __init__(
        self,
        message: str,
        *,
        wait_s: float | None = None,
        silent: Silence | None = None,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.silent = silent
        self.usage = usage


class MalformedError(TryAgainError):
    """An answer that is not what a server of this kind gives."""


class RefusedError(Exception):
    """A fault that the next try would meet again; `for_all`: so would every other request.

    `usage` is what the refused answer took all the same.
    """

    def __init__(self, message: str, *, for_all: bool = False, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.for_all = for_all
        self.usage = usage


class ParameterRefusedError(Exception):
    """The server refuses a parameter that can be done without: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoSuchModelError(Exception):
    """The server does not have the model."""


def fault_of_status(
    status: int, text: str, *, sent: frozenset[str], wait_s: float | None = None
) -> Exception:
    """Return what a status of 400 or more means.

    Args:
        status: as sent.
        text: the body.
        sent: the names of the parameters that were sent.
        wait_s: what Retry-After said.
    """
    said = f"{status} {_message(text)}".strip()
    if status == 429 and "insufficient_quota" in text:
        return RefusedError(f"{said}; the account has no quota left", for_all=True)
    if status in {408, 425, 429} or (status >= 500 and status not in {501, 505}):
        return TryAgainError(said, wait_s=wait_s)
    if status in {400, 413, 422} and _TOO_LONG.search(text):
        return RefusedError(
            f"{said}; the input is longer than the model's context: lower max_input_tokens, or "
            "serve the model with a longer context"
        )
    if status in {400, 422}:
        for name, pattern in _OBJECTIONS.items():
            if name in sent and pattern.search(text):
                return ParameterRefusedError(name)
    if status in {400, 404} and ("model_not_found" in text or _NO_SUCH_MODEL.search(said)):
        return NoSuchModelError(said)
    return RefusedError(f"{said}{_WRONG_PATH if status == 404 else ''}", for_all=status in _FOR_ALL)


def fault_within(data: dict[str, object]) -> Exception | None:
    """Return the error that came with status 200, as from OpenRouter and in streams."""
    error = data.get("error")
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code <= 599 else 500
    return fault_of_status(status, json.dumps(data), sent=frozenset())


def excerpt(text: str, length: int = 200) -> str:
    r"""Return the beginning of a server's text, on one line and without control characters.

    >>> excerpt("<html>\n <b>Bad\x1b[31m gateway</b>", 20)
    '<html> <b>Bad[31m ga…'
    """
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line if len(line) <= length else f"{line[:length]}…"


def _message(text: str) -> str:
    """Return the message in an error's body, which every server wraps in its own way."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return excerpt(text)
    for name in ("error", "message", "detail"):
        if isinstance(data, dict) and data.get(name):
            data = data[name]
    return excerpt(data if isinstance(data, str) else json.dumps(data))
