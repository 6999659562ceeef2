"""What was true of a run, as facts that can be told apart from those of another night."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import digest
from eval.nights.records import Cause, Change, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from digest.config import Config

_LIBRARIES = (
    "ctranslate2 datasketch ftfy numpy onnxruntime pysbd py3langid rapidfuzz scikit-learn scipy "
    "snowballstemmer tokenizers torch transformers"
).split()
# They say which weights, so a change of them is a change of the model.
_OF_MODEL = {"model", "revision"}
# They change where something is kept, not what is written.
_NO_CHOICE = {"cache", "cache_dir", "download"}


def facts_of(
    config: Config, *, corpus_sha256: str, signatures: Mapping[str, str]
) -> tuple[Fact, ...]:
    """Return every fact that can move a number: choices, weights, data, libraries, machine."""
    choices = dict(_flat(config.model_dump(mode="json"), ""))
    found = [
        Fact(
            cause=Cause.MODEL if _last(name) in _OF_MODEL else Cause.CONFIG, name=name, value=value
        )
        for name, value in choices.items()
        if _last(name) not in _NO_CHOICE
    ]
    found += [
        Fact(cause=Cause.MODEL, name=f"{name} weights", value=weights)
        for name, value in choices.items()
        if _last(name) == "model" and (weights := _weights(value)) is not None
    ]
    found.append(Fact(cause=Cause.DATA, name="corpus", value=corpus_sha256))
    found += [
        Fact(cause=Cause.MEASURE, name=name, value=value) for name, value in signatures.items()
    ]
    return (*found, *_libraries(), *_machine())


def changes(before: Iterable[Fact], after: Iterable[Fact]) -> tuple[Change, ...]:
    """Return the facts that differ, in the order of the later ones, then those that are gone."""
    old = {(fact.cause, fact.name): fact.value for fact in before}
    new = {(fact.cause, fact.name): fact.value for fact in after}
    return tuple(
        Change(cause=cause, name=name, before=old.get((cause, name)), after=new.get((cause, name)))
        for cause, name in [*new, *(key for key in old if key not in new)]
        if old.get((cause, name)) != new.get((cause, name))
    )


def _flat(value: Any, prefix: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON has any shape
    """Yield the leaves of nested data as dotted names with their values."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        name = f"{prefix}{key}"
        if isinstance(inner, dict | list) and inner:
            yield from _flat(inner, f"{name}.")
        else:
            yield name, str(inner)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


@cache
def _weights(model: str) -> str | None:
    """Return the hash of a folder of weights, or the commit of a model in the hub's cache."""
    folder = Path(model)
    if folder.is_dir():
        return _sha256_of(sorted(path for path in folder.rglob("*") if path.is_file()), folder)
    from huggingface_hub.constants import HF_HUB_CACHE  # noqa: PLC0415 - few name hub models

    reference = Path(HF_HUB_CACHE) / f"models--{model.replace('/', '--')}" / "refs" / "main"
    return reference.read_text(encoding="utf-8").strip() if reference.is_file() else None


def _sha256_of(paths: Iterable[Path], base: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        with path.open("rb") as handle:
            content = hashlib.file_digest(handle, "sha256").hexdigest()
        found.update(f"{path.relative_to(base)} {content}\n".encode())
    return found.hexdigest()


@cache
def _libraries() -> tuple[Fact, ...]:
    """Return versions, and for this project the hash of its code and word lists."""
    package = Path(digest.__file__).parent
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    own = _sha256_of(sorted(files), package)
    known = [(name, _version(name)) for name in _LIBRARIES]
    return (
        Fact(cause=Cause.LIBRARY, name="digest", value=own),
        Fact(cause=Cause.LIBRARY, name="python", value=platform.python_version()),
        *(Fact(cause=Cause.LIBRARY, name=n, value=v) for n, v in known if v is not None),
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@cache
def _machine() -> tuple[Fact, ...]:
    """Return what computes: no host name, which changes from night to night in the cloud."""
    found = {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _line("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": str(os.cpu_count()),
    }
    for number, path in enumerate(sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))):
        found[f"gpu {number}"] = _line(str(path), "Model") or "unknown"
    return tuple(Fact(cause=Cause.MACHINE, name=n, value=v) for n, v in found.items())


def _line(path: str, key: str) -> str | None:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return None
    lines = (line.partition(":") for line in text.split("\n"))
    return next((value.strip() for name, _, value in lines if name.strip() == key), None)
