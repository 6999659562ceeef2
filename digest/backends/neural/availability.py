"""Whether a model can be had, and what it costs to fetch, before anything runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from digest.backends.neural.fit import misfit_on_hub

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.backends.neural.loading import LocalConfig

_TIMEOUT_S: Final = 5.0
# In the order in which transformers looks for them.
_WEIGHTS: Final = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_CONVERTED: Final = ("model.bin",)
_TOKENIZERS: Final = (
    ("tokenizer.json",),
    ("vocab.json", "merges.txt"),
    ("spiece.model",),
    ("tokenizer.model",),
    ("sentencepiece.bpe.model",),
    ("vocab.txt",),
)
_TEMPLATES: Final = ("chat_template.jinja", "chat_template.json")
_SMALL: Final = (".json", ".txt", ".model", ".jinja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Where a model is. `bytes` are what it takes on disk or to download, None where not known."""

    state: Literal["local", "download", "missing"]
    detail: str
    bytes: int | None = None


def availability(config: LocalConfig) -> Availability:
    """Return whether a configuration's model is here, would be downloaded, or cannot be had.

    Nothing is loaded or downloaded; the hub is asked for sizes only, and only for a model that is
    not here and may be downloaded.
    """
    if config.kind == "ctranslate2" and find_spec("ctranslate2") is None:
        return _missing('the package is not installed: pip install "digest[ctranslate2]"')
    try:
        path = Path(config.model).expanduser()
        if path.is_dir():
            return _in_folder(path, converted=config.kind == "ctranslate2")
        if path.is_absolute() or config.model.startswith("."):
            return _missing(f"there is no folder {path}")
        return _cached(config) or _on_hub(config)
    except Exception as error:  # noqa: BLE001 - a check reports what fails, whatever it is
        return _missing(f"it cannot be looked for: {type(error).__name__}: {_line(error)}")


def _missing(detail: str) -> Availability:
    return Availability(state="missing", detail=detail)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _in_folder(folder: Path, *, converted: bool) -> Availability:
    lacking = _lacking(folder, converted=converted)
    if lacking:
        return _missing(f"{folder} lacks {', '.join(lacking)}")
    return Availability(state="local", detail=str(folder), bytes=_size(folder))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _lacking(folder: Path, *, converted: bool) -> list[str]:
    """Return what a model's folder has not got."""
    lacking = [] if (folder / "config.json").is_file() else ["config.json"]
    names = (*_CONVERTED, *_WEIGHTS) if converted else _WEIGHTS
    weights = next((name for name in names if (folder / name).is_file()), None)
    if weights is None:
        lacking.append(f"weights ({names[0]})")
    elif weights.endswith(".index.json"):
        held = json.loads((folder / weights).read_text(encoding="utf-8"))
        shards = sorted(set(held["weight_map"].values()))
        lacking += [shard for shard in shards if not (folder / shard).is_file()]
    if not any(all((folder / name).is_file() for name in names) for names in _TOKENIZERS):
        lacking.append("a tokenizer (tokenizer.json)")
    return lacking


def _cached(config: LocalConfig) -> Availability | None:
    """Return what the hub's cache on this machine says, None where the hub must be asked."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - 0.3 s

    found = try_to_load_from_cache(config.model, "config.json", revision=config.revision)
    lacking = ["everything"]
    if isinstance(found, str):
        folder = Path(found).parent
        lacking = _lacking(folder, converted=False)
        if not lacking:
            return Availability(
                state="local", detail=f"in the cache, commit {folder.name}", bytes=_size(folder)
            )
    if config.download:
        return None
    revision = f" at {config.revision}" if config.revision else ""
    return _missing(
        f"download: false, and the cache{revision} lacks {', '.join(lacking)}; allow download:"
        " true, or name a folder"
    )


def _on_hub(config: LocalConfig) -> Availability:
    from huggingface_hub import HfApi  # noqa: PLC0415 - 0.3 s

    try:
        info = HfApi().model_info(
            config.model, revision=config.revision, files_metadata=True, timeout=_TIMEOUT_S
        )
    except Exception as error:  # noqa: BLE001 - network stacks fail in many ways
        return _missing(_refusal(error, config.revision))
    sizes = {file.rfilename: file.size for file in info.siblings or ()}
    if "config.json" not in sizes or not any(name in sizes for name in _WEIGHTS):
        return _missing(
            "the hub has it, but no weights for transformers (config.json, safetensors)"
        )
    template = any(name in sizes for name in _TEMPLATES)
    fault = misfit_on_hub(config.kind, info.config or {}, template_file=template)
    if fault is not None:
        return _missing(f"the hub has it, but {fault}")
    gated = "; its terms must be accepted on the hub first" if info.gated else ""
    return Availability(state="download", detail=f"commit {info.sha}{gated}", bytes=_fetched(sizes))


def _refusal(error: Exception, revision: str | None) -> str:
    from huggingface_hub import errors  # noqa: PLC0415 - 0.3 s

    said: tuple[tuple[type[Exception], str], ...] = (
        (
            errors.GatedRepoError,
            "the hub wants its terms accepted first; then log in with `hf auth login`",
        ),
        (errors.RevisionNotFoundError, f"the hub has no revision {revision} of it"),
        (
            errors.RepositoryNotFoundError,
            "there is no such folder, and the hub has no such model or it is private",
        ),
        (errors.HFValidationError, "there is no such folder, and it is no name on the hub"),
    )
    reached = f"it is not on this machine, and the hub did not answer ({type(error).__name__}:"
    return next(
        (way for kind, way in said if isinstance(error, kind)), f"{reached} {_line(error)})"
    )


def _fetched(sizes: Mapping[str, int | None]) -> int | None:
    """Return how many bytes loading would fetch: weights of one format, and the small files."""
    weights = next(name for name in _WEIGHTS if name in sizes)
    ending = ".safetensors" if ".safetensors" in weights else ".bin"
    sharded = weights.endswith(".index.json")
    wanted = [
        size
        for name, size in sizes.items()
        if "/" not in name
        and (name.endswith(_SMALL) or (name.endswith(ending) if sharded else name == weights))
    ]
    return None if None in wanted else sum(size for size in wanted if size is not None)
