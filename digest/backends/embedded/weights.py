"""Which embedded models a configuration writes with, and the hashes of their weights."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.files import EMBEDDINGS, GRAPH, SHIPPED, WEIGHTS, shared
from digest.config import FusionConfig

if TYPE_CHECKING:
    from pathlib import Path

    from digest.config import Config

# What `backends/fusion/rewriting.py` asks.
_REWRITING: Final = ("compress", "fuse")


def embedded_weights(config: Config, *, models: Path = SHIPPED) -> dict[str, dict[str, str]]:
    """Return model → file → SHA-256 of what decides its answers, where a run may ask it.

    Empty where no backend of the configuration rewrites. A file that is not installed is left out:
    the backend itself says what is missing, and the next of the chain writes.

    Args:
        config: the effective configuration.
        models: the folder of the models.
    """
    backends = config.summarize.backends
    if not any(isinstance(one, FusionConfig) and one.rewrite for one in backends):
        return {}
    return {name: _hashes(models / name) for name in _REWRITING}


def _hashes(folder: Path) -> dict[str, str]:
    paths = [folder / GRAPH, folder / WEIGHTS, shared(folder, EMBEDDINGS)]
    return {path.name: _sha256(path, path.stat().st_mtime_ns) for path in paths if path.is_file()}


@lru_cache(maxsize=16)
def _sha256(path: Path, _changed: int) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
