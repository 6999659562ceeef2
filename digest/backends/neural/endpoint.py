"""Generating through any OpenAI-compatible server: vLLM, SGLang, Ollama, hosted ones."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Final

from digest.backends.neural.background import in_background
from digest.backends.neural.endpoint_client import Effort, EndpointClient, Standing
from digest.backends.neural.endpoint_faults import RefusedError
from digest.backends.neural.endpoint_key import Key, failure, shown
from digest.backends.neural.endpoint_pacing import Pacing
from digest.backends.neural.endpoint_transport import Transport
from digest.backends.neural.generator import Generated, Request
from digest.backends.neural.prompts import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from digest.config import EndpointConfig
    from digest.errors import BackendError

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
        seed: the run's; sent to servers where a temperature lets them throw dice.
        pacing: patience and chance, for tests to replace.

    Raises:
        ConfigError: base_url is no address, or holds a user name or password.
    """

    def __init__(
        self, config: EndpointConfig, *, seed: int = 0, pacing: Pacing | None = None
    ) -> None:
        self._url = shown(config.base_url)
        self._config = config
        self._seed = seed
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
            **({"seed": self._seed} if config.temperature else {}),
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
            raise failure(self._config, self._key, str(error)) from error

    async def _outcome(self, client: EndpointClient, request: Request) -> Generated | BackendError:
        effort = Effort()
        try:
            return await self._generated(client, request, effort)
        except RefusedError as error:
            took = Generated(
                texts=(),
                finished=(),
                input_tokens=effort.input_tokens,
                output_tokens=effort.output_tokens,
                retries=effort.retries,
            )
            return failure(self._config, self._key, str(error), took=took)

    async def _generated(
        self, client: EndpointClient, request: Request, effort: Effort
    ) -> Generated:
        """Ask for all candidates; for the rest again where the server gives fewer."""
        config = self._config
        prompt = messages(request, config.instructions)
        texts: list[str] = []
        finished: list[bool] = []
        estimated = False
        while len(texts) < config.candidates:
            payload = self._payload(prompt, request, have=len(texts))
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
            retries=effort.retries,
            estimated=estimated,
        )

    def _payload(
        self, prompt: list[dict[str, str]], request: Request, *, have: int
    ) -> dict[str, object]:
        config, wanted = self._config, self._config.candidates - have
        payload: dict[str, object] = {
            "model": config.model,
            "messages": prompt,
            "temperature": config.temperature,
            "top_p": config.top_p,
            "max_tokens": config.max_output_tokens
            or _TOKENS_PER_WORD * request.max_words + _SPARE_TOKENS,
        }
        if config.temperature:
            payload["seed"] = self._seed + have  # another throw for each candidate asked for alone
        if wanted > 1:
            payload["n"] = wanted
        if config.stream:
            payload |= {"stream": True, "stream_options": {"include_usage": True}}
        return payload

    def _input_tokens(self, prompt: list[dict[str, str]]) -> int:
        return sum(self.count([message["content"] for message in prompt])) + (
            _MESSAGE_TOKENS * len(prompt)
        )


def _known(tokens: int | None, estimate: int) -> int:
    return estimate if tokens is None else tokens
