"""Generating through any OpenAI-compatible server: vLLM, SGLang, Ollama, hosted ones."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from digest.backends.neural.background import in_background
from digest.backends.neural.endpoint_client import (
    Effort,
    EndpointClient,
    Standing,
    describe_offer,
)
from digest.backends.neural.endpoint_faults import NoSuchModelError, RefusedError, TryAgainError
from digest.backends.neural.endpoint_key import Key
from digest.backends.neural.endpoint_pacing import Pacing
from digest.backends.neural.endpoint_transport import Transport
from digest.backends.neural.generator import Generated, Request
from digest.backends.neural.prompts import messages
from digest.errors import BackendError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from digest.config import EndpointConfig

# English takes 1.3 tokens a word, German and French 1.6 to 2; what is too much is never written.
_TOKENS_PER_WORD: Final = 2
_SPARE_TOKENS: Final = 64
_BYTES_PER_TOKEN: Final = 4
_FENCE_TOKENS: Final = 10  # of one article: its tags and empty lines
_ARTICLES: Final = 16  # as many fences are reserved; more go at the cost of the estimate's margin
_MESSAGE_TOKENS: Final = 8  # what a chat template puts around a message

# Nobody tells which template a server uses, and many read these in a message as what they stand
# for: Llama 2 and 3, ChatML (Qwen and others), Gemma, Phi, Mistral, DeepSeek, gpt-oss.
_SPECIAL_TOKENS: Final = (
    "<s> </s> [INST] [/INST] <<SYS>> <</SYS>> <|begin_of_text|> <|end_of_text|> <|eot_id|> "
    "<|start_header_id|> <|end_header_id|> <|im_start|> <|im_end|> <|endoftext|> <bos> <eos> "
    "<start_of_turn> <end_of_turn> <|system|> <|user|> <|assistant|> <|end|> <|start|> "
    "<|message|> <|channel|> <|return|> <｜User｜> <｜Assistant｜> "
    "<｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <think> </think>"
).split()


class EndpointGenerator:
    """Asks a server for texts, several requests at a time.

    Args:
        config: the section of the configuration.
        pacing: patience and chance, for tests to replace.

    Raises:
        ConfigError: base_url is no address, or holds a user name or password.
    """

    def __init__(self, config: EndpointConfig, *, pacing: Pacing | None = None) -> None:
        self._url = _shown(config.base_url)
        self._config = config
        self._key = Key(config.api_key_env)
        self._pacing = pacing or Pacing()
        self._standing = Standing()

    @property
    def model(self) -> str:
        """The name that the server knows the model by."""
        return self._config.model

    @property
    def revision(self) -> None:
        """None: a server may change what it serves under a name."""
        return

    @property
    def settings(self) -> Mapping[str, object]:
        """Everything but model and request that decides a text, as JSON; never the key."""
        config = self._config
        samples = [
            messages(Request(documents=documents, max_words=1, partial=partial), None)
            for documents in (("a",), ("a", "b"))
            for partial in (False, True)
        ]
        return {
            "api": f"{self._url}/chat/completions",
            "temperature": config.temperature,
            "top_p": config.top_p,
            "max_tokens": config.max_output_tokens
            or f"{_TOKENS_PER_WORD} * max_words + {_SPARE_TOKENS}",
            "candidates": config.candidates,
            "instructions": config.instructions,
            "prompt_sha256": hashlib.sha256(json.dumps(samples).encode()).hexdigest(),
        }

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """The control tokens of widespread chat templates: nobody tells which the server uses."""
        return tuple(_SPECIAL_TOKENS)

    def room(self, max_words: int) -> int:
        """Return how many tokens of documents fit into `max_input_tokens` beside the prompt."""
        prompt = messages(
            Request(documents=(), max_words=max_words, partial=True), self._config.instructions
        )
        taken = self._input_tokens(prompt) + _ARTICLES * _FENCE_TOKENS
        return max(0, self._config.max_input_tokens - taken)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the estimated length of each text: a token for every 4 bytes of UTF-8.

        That is 4 characters of English, 2 of Russian, 1.3 of Chinese.
        """
        return [-(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN) for text in texts]

    def generate(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[int, Generated | BackendError]]:
        """Yield the outcome of every request, with its index, as they come, each exactly once."""
        if not requests:
            return

        async def produce(put: Callable[[tuple[int, Generated | BackendError]], None]) -> None:
            todo = enumerate(requests)

            async def work() -> None:
                for index, request in todo:  # shared: whoever is free takes the next
                    put((index, await self._outcome(client, request)))

            async with Transport(self._config, self._key) as transport:
                client = EndpointClient(
                    self._config, transport, pacing=self._pacing, standing=self._standing
                )
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self._config.concurrency, len(requests))):
                        group.create_task(work())

        try:
            yield from in_background(produce)
        except RefusedError as error:  # before anything was sent
            raise _failure(self._config, self._key, str(error)) from error

    async def _outcome(self, client: EndpointClient, request: Request) -> Generated | BackendError:
        try:
            return await self._generated(client, request)
        except RefusedError as error:
            return _failure(self._config, self._key, str(error))

    async def _generated(self, client: EndpointClient, request: Request) -> Generated:
        """Ask for all candidates; for the rest again where the server gives fewer."""
        config, effort = self._config, Effort()
        prompt = messages(request, config.instructions)
        texts: list[str] = []
        finished: list[bool] = []
        estimated = False
        while len(texts) < config.candidates:
            payload = self._payload(prompt, request, wanted=config.candidates - len(texts))
            try:
                answer = await client.ask(payload, effort)
            except RefusedError:
                if not texts:
                    raise
                break  # fewer candidates are better than none
            texts += map(self._key.hide, answer.texts)
            finished += answer.finished
            used = answer.usage
            estimated |= None in {used.input_tokens, used.output_tokens}
            effort.input_tokens += _known(used.input_tokens, self._input_tokens(prompt))
            effort.output_tokens += _known(used.output_tokens, sum(self.count(answer.texts)))
        return Generated(
            texts=tuple(texts[: config.candidates]),
            finished=tuple(finished[: config.candidates]),
            input_tokens=effort.input_tokens,
            output_tokens=effort.output_tokens,
            retries=len(effort.failures),
            estimated=estimated,
        )

    def _payload(
        self, prompt: list[dict[str, str]], request: Request, *, wanted: int
    ) -> dict[str, object]:
        config = self._config
        payload: dict[str, object] = {
            "model": config.model,
            "messages": prompt,
            "temperature": config.temperature,
            "top_p": config.top_p,
            "max_tokens": config.max_output_tokens
            or _TOKENS_PER_WORD * request.max_words + _SPARE_TOKENS,
        }
        if wanted > 1:
            payload["n"] = wanted
        if config.stream:
            payload |= {"stream": True, "stream_options": {"include_usage": True}}
        return payload

    def _input_tokens(self, prompt: list[dict[str, str]]) -> int:
        return sum(self.count([message["content"] for message in prompt])) + (
            _MESSAGE_TOKENS * len(prompt)
        )


def probe(config: EndpointConfig) -> str:
    """Return in one line what a server says of the model, asking for its list of models only.

    Raises:
        BackendError: it cannot be reached, wants a key, or answers what no such server does.
    """
    key = Key(config.api_key_env)

    async def produce(put: Callable[[tuple[str, ...] | str], None]) -> None:
        try:
            async with Transport(config, key) as transport:
                put(await transport.models())
        except (RefusedError, TryAgainError, NoSuchModelError) as error:
            put(str(error))

    (found,) = in_background(produce)
    if isinstance(found, str):
        raise _failure(config, key, found)
    listed = "has" if config.model in found else "does not list"
    offer = "" if config.model in found else f"; {describe_offer(config.model, found)}"
    return f"{_shown(config.base_url)} {listed} {config.model}{offer}"


def _failure(config: EndpointConfig, key: Key, message: str) -> BackendError:
    return BackendError(key.hide(f"{config.model} at {_shown(config.base_url)}: {message}"))


def _known(tokens: int | None, estimate: int) -> int:
    return estimate if tokens is None else tokens


def _shown(base_url: str) -> str:
    """Return a base_url as it may be shown: without its query, in which some carry a key."""
    try:
        parts = urlsplit(base_url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise ConfigError("base_url must be http(s)://HOST[:PORT]/PATH, up to and with /v1")
    if parts.username is not None or parts.password is not None or parts.query:
        raise ConfigError(
            "base_url holds a user name, password or query, which would be in the manifest; "
            "name the key's environment variable in api_key_env instead"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
