"""One exchange with an OpenAI-compatible server over HTTP: deadlines, limits, faults in words."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from digest.backends.neural.endpoint_answers import (
    Completion,
    StreamReader,
    model_ids,
    parse_completion,
)
from digest.backends.neural.endpoint_faults import (
    MalformedError,
    RefusedError,
    Silence,
    TryAgainError,
    excerpt,
    fault_of_status,
)
from digest.backends.neural.endpoint_pacing import asked_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import httpx

    from digest.backends.neural.endpoint_key import Key
    from digest.config import EndpointConfig

_CONNECT_S: Final = 10.0  # for hosts that drop packets; a server that only works slowly connects
_MODELS_S: Final = 5.0
_MAX_BYTES: Final = 16_000_000  # a thousand times the longest answer, reasoning included
_MAX_ERROR_BYTES: Final = 64_000


class Transport:
    """Sends requests to one server. Use it as an asynchronous context manager, in one event loop.

    `heard` tells whether the server ever said anything.
    """

    def __init__(self, config: EndpointConfig, key: Key) -> None:
        self.heard = False
        self._config = config
        self._key = key

    async def __aenter__(self) -> Self:
        import httpx  # noqa: PLC0415 - costs 0.1 s

        host = urlsplit(self._config.base_url).hostname or ""
        try:
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(None, connect=min(_CONNECT_S, self._config.timeout_s)),
                follow_redirects=False,  # the key must not go anywhere else
                trust_env=not _is_loopback(host),
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise RefusedError(
                f"the proxy that the environment names cannot be used ({error}); mend HTTP_PROXY, "
                "HTTPS_PROXY or ALL_PROXY, or name the server's host in NO_PROXY",
                for_all=True,
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server offers.

        Raises:
            RefusedError: it will not tell.
            TryAgainError: it does not answer, or not with a list.
            NoSuchModelError: it takes the request for another one.
        """
        async with self._response("models", None, within_s=_MODELS_S) as (response, _):
            return model_ids(self._key.hide(await _read(response, _MAX_BYTES)))

    async def complete(self, payload: Mapping[str, object]) -> Completion:
        """Return the answer to a request, asking once.

        The time allowed is for a whole answer, or from one event of a stream to the next.

        Raises:
            Exception: one of `endpoint_faults`.
        """
        within_s = self._config.timeout_s
        sending = self._response("chat/completions", payload, within_s=within_s)
        async with sending as (response, deadline):
            kind = response.headers.get("content-type", "").partition(";")[0]
            if not payload.get("stream") or kind == "application/json":
                text = self._key.hide(await _read(response, _MAX_BYTES))
                try:
                    return parse_completion(text)
                except MalformedError as error:
                    raise TryAgainError(
                        f"{error} ({excerpt(kind, 40)}): {excerpt(text, 80)}"
                    ) from None
            reader = StreamReader(self._key.hide)
            async for chunk in _chunks(response, _MAX_BYTES):
                if reader.feed(chunk):
                    deadline.reschedule(asyncio.get_running_loop().time() + within_s)
                if reader.done:
                    break
            return reader.answer()

    @asynccontextmanager
    async def _response(
        self, path: str, payload: Mapping[str, object] | None, *, within_s: float
    ) -> AsyncIterator[tuple[httpx.Response, asyncio.Timeout]]:
        """Open a successful response, its body unread: a POST where there is a payload, else a GET.

        Everything httpx may raise until it is closed becomes an error of `endpoint_faults`.
        """
        import httpx  # noqa: PLC0415 - as above

        response: httpx.Response | None = None
        try:
            request = self._request(path, payload)
            async with asyncio.timeout(within_s) as deadline:
                response = await self._client.send(request, stream=True)
                self.heard = True
                if not response.is_success:
                    raise await self._fault(response, frozenset(payload or ()))
                yield response, deadline
        except TimeoutError:
            told = f"nothing for {within_s:g} s (timeout_s)"
            raise TryAgainError(told, silent=Silence.TIMEOUT) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            told = f"no connection: {excerpt(str(error)) or type(error).__name__}"
            raise TryAgainError(told, silent=Silence.UNREACHABLE) from None
        except httpx.InvalidURL as error:
            told = f"base_url is no address: {excerpt(str(error))}"
            raise RefusedError(told, for_all=True) from None
        except httpx.HTTPError as error:
            told = f"the connection broke: {excerpt(str(error)) or type(error).__name__}"
            raise TryAgainError(told) from None
        finally:
            if response is not None:
                await response.aclose()

    def _request(self, path: str, payload: Mapping[str, object] | None) -> httpx.Request:
        import httpx  # noqa: PLC0415 - as above

        url = httpx.URL(self._config.base_url)
        return self._client.build_request(
            "GET" if payload is None else "POST",
            url.copy_with(path=f"{url.path.rstrip('/')}/{path}"),
            content=None if payload is None else json.dumps(payload).encode(),
            headers={"Content-Type": "application/json", **self._key.headers()},
        )

    async def _fault(self, response: httpx.Response, sent: frozenset[str]) -> Exception:
        status = response.status_code
        if status < 400:
            target = excerpt(self._key.hide(response.headers.get("location", "")).partition("?")[0])
            return RefusedError(
                f"{status} redirects to {target}; set base_url to where the server is, since the "
                "key is sent nowhere else",
                for_all=True,
            )
        text = self._key.hide(await _read(response, _MAX_ERROR_BYTES, cut=True))
        wait_s = asked_s(response.headers.get("retry-after"), response.headers.get("date"))
        fault = fault_of_status(status, text, sent=sent, wait_s=wait_s)
        if isinstance(fault, RefusedError) and status in {401, 403}:
            return RefusedError(f"{fault}; {self._key.way_out()}", for_all=fault.for_all)
        return fault


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine: no proxy of the environment leads there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _chunks(response: httpx.Response, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > limit:
            raise RefusedError(f"an answer of more than {limit} bytes")
        yield chunk


async def _read(response: httpx.Response, limit: int, *, cut: bool = False) -> str:
    """Return a body as text; `cut`: only its beginning where it is long or breaks off."""
    import httpx  # noqa: PLC0415 - as above

    body = b""
    try:
        async for chunk in _chunks(response, limit):
            body += chunk
    except (RefusedError, httpx.HTTPError):
        if not cut:
            raise
    return body.decode("utf-8", "replace")
