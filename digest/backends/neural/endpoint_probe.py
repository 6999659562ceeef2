"""What a server says of its models, asked before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.backends.neural.background import in_background
from digest.backends.neural.endpoint_client import describe_offer
from digest.backends.neural.endpoint_faults import NoSuchModelError, RefusedError, TryAgainError
from digest.backends.neural.endpoint_key import Key, failure, shown
from digest.backends.neural.endpoint_transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.config import EndpointConfig


def probe(config: EndpointConfig) -> str:
    """Return in one line that a server has the model, asking for its list of models only.

    A server that lists none may have it all the same: `transformers serve` before 5.24.

    Raises:
        BackendError: it cannot be reached, wants a key, answers what no such server does, or lists
            other models only.
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
        raise failure(config, key, found)
    if not found:
        return f"{shown(config.base_url)} lists no model, so that it may have {config.model} or not"
    if not {config.model, f"{config.model}:latest"}.intersection(found):  # Ollama adds the tag
        offer = describe_offer(config.model, found)
        raise failure(config, key, f"the server does not list it; {offer}")
    return f"{shown(config.base_url)} has {config.model}"
