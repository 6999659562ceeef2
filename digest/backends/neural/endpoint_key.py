"""The key to a server: taken from the environment, sent in one header, shown nowhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.backends.neural.endpoint_faults import RefusedError
from digest.errors import BackendError, ConfigError

if TYPE_CHECKING:
    from digest.backends.neural.generator import Generated
    from digest.config import EndpointConfig


class Key:
    """The key in an environment variable, read when asked for; its repr shows the name alone."""

    def __init__(self, variable: str | None) -> None:
        self.variable = variable

    def __repr__(self) -> str:
        return f"Key({self.variable!r})"

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key, none where no variable is configured.

        Raises:
            RefusedError: the variable is not set, or no header can carry what it holds.
        """
        if self.variable is None:
            return {}
        value = self._value()
        if not value:
            raise RefusedError(
                f"the environment variable {self.variable} (api_key_env) is not set; set it to the "
                "key, or api_key_env to null where the server wants none",
                for_all=True,
            )
        if not (value.isascii() and value.isprintable()):
            raise RefusedError(
                f"the environment variable {self.variable} (api_key_env) holds characters that no "
                "key has; set it again",
                for_all=True,
            )
        return {"Authorization": f"Bearer {value}"}

    def hide(self, text: str) -> str:
        """Return a text without the key, which servers repeat in their errors.

        Words like "ollama" that stand in for a key where none is wanted are no secret.
        """
        value = self._value()
        return text.replace(value, "[key]") if len(value) >= 8 else text

    def way_out(self) -> str:
        """Return what to do when the server does not accept it."""
        if self.variable is None:
            return "the server wants a key: name its environment variable in api_key_env"
        return f"check the key in the environment variable {self.variable}"

    def _value(self) -> str:
        # Stripped: `export KEY=$(cat file)` is harmless, a line end from a .env file is not.
        return os.environ.get(self.variable, "").strip() if self.variable else ""


def failure(
    config: EndpointConfig, key: Key, message: str, *, took: Generated | None = None
) -> BackendError:
    """Return an error that names the server and hides the key.

    Args:
        config: the server's section.
        key: what must not be shown.
        message: what went wrong.
        took: what the call took all the same.
    """
    told = key.hide(f"{config.model} at {shown(config.base_url)}: {message}")
    return BackendError(told, took=took)


def shown(base_url: str) -> str:
    """Return a base_url as it may be shown: without its query, in which some carry a key.

    Raises:
        ConfigError: it is no address, or holds a user name, a password or a query.
    """
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
