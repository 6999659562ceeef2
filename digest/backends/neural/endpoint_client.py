"""Asking a server until it answers: retries, and when to stop trying."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import groupby
from typing import TYPE_CHECKING, Final

from digest.backends.neural.endpoint_faults import (
    NoSuchModelError,
    ParameterRefusedError,
    RefusedError,
    Silence,
    TryAgainError,
    excerpt,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.backends.neural.endpoint_answers import Completion
    from digest.backends.neural.endpoint_faults import Usage
    from digest.backends.neural.endpoint_pacing import Pacing
    from digest.backends.neural.endpoint_transport import Transport
    from digest.config import EndpointConfig

_WAYS_OUT: Final = {
    Silence.UNREACHABLE: "is the server running, and base_url right?",
    Silence.TIMEOUT: "raise timeout_s, or lower concurrency",
}


@dataclass(slots=True, kw_only=True)
class Standing:
    """What is known of a server for as long as a generator lives.

    `hopeless` is why no request can succeed, `refused` are the parameters it does not take.
    """

    hopeless: str | None = None
    refused: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Effort:
    """What one request took so far: its failed tries, how often it was sent again, the tokens."""

    failures: list[TryAgainError] = field(default_factory=list)
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, usage: Usage | None) -> None:
        """Add what a fault took, as far as the server said."""
        if usage is not None:
            self.input_tokens += usage.input_tokens or 0
            self.output_tokens += usage.output_tokens or 0


class EndpointClient:
    """Asks one server, through a transport that is open."""

    def __init__(
        self, config: EndpointConfig, transport: Transport, *, pacing: Pacing, standing: Standing
    ) -> None:
        self._config = config
        self._transport = transport
        self._pacing = pacing
        self._standing = standing
        # A server that was given up gets one try more, not all of them, from each new client.
        self._retries = config.retries if standing.hopeless is None else 0
        standing.hopeless = None

    async def ask(self, payload: Mapping[str, object], effort: Effort) -> Completion:
        """Return the answer to one request, asking again as often as the configuration allows.

        Args:
            payload: the parameters; those that the server was found to refuse are left out.
            effort: what the request took before, to be added to.

        Raises:
            RefusedError: there will be no answer; says what happened each time.
        """
        while True:
            if self._standing.hopeless is not None:
                raise RefusedError(self._standing.hopeless)
            try:
                accepted = _accepted(payload, self._standing.refused)
                answer = await self._transport.complete(accepted)
            except ParameterRefusedError as error:
                self._standing.refused.add(error.name)
            except NoSuchModelError as error:
                raise self._given_up(await self._which_models(str(error)), for_all=True) from None
            except RefusedError as error:
                effort.add(error.usage)
                raise self._given_up(str(error), for_all=error.for_all) from None
            except TryAgainError as error:
                await self._pacing.sleep(self._wait_s(error, effort))
                effort.retries += 1
            else:
                self._retries = self._config.retries
                return answer

    def _wait_s(self, error: TryAgainError, effort: Effort) -> float:
        """Count a failed try; return how long to wait for the next one, if there is one."""
        effort.failures.append(error)
        effort.add(error.usage)
        tries = len(effort.failures)
        if tries <= self._retries:
            return self._pacing.wait_s(tries, asked_s=error.wait_s)
        # A server that refuses every connection has gone, and one that never said a word is not
        # there. One that was heard is only slow at times, and the next request may be shorter.
        silences = [failure.silent for failure in effort.failures]
        gone = set(silences) == {Silence.UNREACHABLE}
        mute = all(silences) and not self._transport.heard
        said = "; ".join(
            text if (times := len(list(same))) == 1 else f"{text} ({times} times)"
            for text, same in groupby(str(failure) for failure in effort.failures)
        )
        count = "1 try" if tries == 1 else f"{tries} tries"
        way_out = "" if error.silent is None else f"; {_WAYS_OUT[error.silent]}"
        message = f"gave up after {count}: {said}{way_out}"
        raise self._given_up(message, for_all=gone or mute) from None

    def _given_up(self, message: str, *, for_all: bool) -> RefusedError:
        if for_all and self._standing.hopeless is None:
            self._standing.hopeless = f"not asked again, since another request met this: {message}"
        return RefusedError(message)

    async def _which_models(self, said: str) -> str:
        """Return what to say where the model is unknown: what the server has instead."""
        try:
            offered = await self._transport.models()
        except (RefusedError, TryAgainError, NoSuchModelError):
            return f"{said}; and the server does not tell which models it has"
        return f"{said}; {describe_offer(self._config.model, offered)}"


def describe_offer(model: str, offered: tuple[str, ...]) -> str:
    """Return a server's models in words, the nearest to the one that was asked for named.

    >>> describe_offer("lama3", ("llama3", "qwen3"))
    "the server offers llama3, qwen3; did you mean 'llama3'?"
    """
    if not offered:
        return "the server offers no model"
    near = get_close_matches(model, offered, n=1)
    rest = f" and {len(offered) - 8} more" if len(offered) > 8 else ""
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return excerpt(f"the server offers {', '.join(offered[:8])}{rest}{hint}", 400)


def _accepted(payload: Mapping[str, object], refused: set[str]) -> dict[str, object]:
    """Return a payload as the server takes it: without, or under another name, what it refused."""
    kept = {name: value for name, value in payload.items() if name not in refused}
    if "max_tokens" in refused:
        kept["max_completion_tokens"] = payload["max_tokens"]
    return kept
