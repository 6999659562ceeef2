"""Generations kept on disk: what was asked of a model once need not be asked again.

A folder that cannot be read or written is the same as none: texts are generated anew, and the run
goes on. `GenerationCache.fault` says so, and the console and the manifest repeat it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.backends.neural.generator import Generated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.backends.neural.generator import Generator, Request

# Raised whenever a key or a value would mean something else than before.
SCHEMA = 1


def canonical(value: object) -> str:
    """Return JSON that is the same for equal values: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def cache_key(generator: Generator, request: Request) -> str:
    """Return the hash of everything that decides a text, as 64 hex digits.

    Without a revision, as with hosted models, name and settings have to do.
    """
    parts = {
        "schema": SCHEMA,
        "model": generator.model,
        "revision": generator.revision,
        "settings": dict(generator.settings),
        "request": asdict(request),
    }
    return _sha256(canonical(parts))


def default_folder(environment: Mapping[str, str]) -> Path:
    """Return digest's folder in the user's cache: $XDG_CACHE_HOME, else ~/.cache.

    A relative $XDG_CACHE_HOME does not count, as its specification says.
    """
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    home = named if named.is_absolute() else Path("~/.cache").expanduser()
    return home / "digest" / "generations"


class GenerationCache:
    """A folder of generations, one file per key, replaced in one step.

    Processes may share it: each writes a file of its own and renames it, and equal keys have equal
    values, so it does not matter who comes last. A damaged file counts as absent.

    Attributes:
        fault: why something could not be kept or read, and the way out; None while all is well.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when there is something to keep."""
        self._folder = folder
        self.fault: str | None = None

    def get(self, key: str) -> Generated | None:
        """Return the generation kept under a key, None where nothing whole is."""
        try:
            entry = json.loads(self._path(key).read_bytes())
            value = entry["generated"]
            if entry["key"] != key or entry["sha256"] != _sha256(canonical(value)):
                return None
            return _decoded(value)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        except OSError as error:
            self._note(error)
            return None

    def put(self, key: str, generated: Generated) -> None:
        """Keep a generation; a full disk or a forbidden folder must not lose the text itself."""
        value = asdict(generated)
        entry = {"key": key, "sha256": _sha256(canonical(value)), "generated": value}
        try:
            _write(self._path(key), canonical(entry) + "\n")
        except OSError as error:
            self._note(error)

    def _note(self, error: OSError) -> None:
        self.fault = self.fault or (
            f"the cache {self._folder} cannot be used ({error.strerror or type(error).__name__}):"
            " texts are not kept and will be asked for again; set cache_dir to a folder that can be"
            " written, or cache: false"
        )

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _decoded(value: dict[str, Any]) -> Generated:
    return Generated(
        texts=tuple(map(str, value["texts"])),
        finished=tuple(map(bool, value["finished"])),
        input_tokens=int(value["input_tokens"]),
        output_tokens=int(value["output_tokens"]),
        retries=int(value["retries"]),
        estimated=bool(value["estimated"]),
    )
