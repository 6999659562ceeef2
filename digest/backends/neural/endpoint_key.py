"""The key to a server: taken from the environment, sent in one header, shown nowhere."""

from __future__ import annotations

import os

from digest.backends.neural.endpoint_faults import RefusedError


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
