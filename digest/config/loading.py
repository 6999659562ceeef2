"""Configuration files, checked before anything runs."""

from __future__ import annotations

import types
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from digest.config.sections import Config
from digest.errors import ConfigError

M = TypeVar("M", bound=BaseModel)

# Keys that together only one kind of file has: what it configures, and what takes it.
_KINDS = (
    (
        {"configurations", "corpora"},
        "nights, which `digest eval nightly --config {0} --list` checks and, without --list, runs",
    ),
    (
        {"ingest", "summarize"},
        "a briefing, which `digest check --config {0}` checks and `digest run --config {0}` writes",
    ),
)


def load_config(path: Path | str, overrides: tuple[str, ...] = ()) -> Config:
    """Read and check a configuration file.

    Args:
        path: a YAML file.
        overrides: `section.key=value` pairs, the value read as YAML.

    Raises:
        ConfigError: the file cannot be read or parsed, a key is unknown (the nearest known key is
            named), or a value is out of range.
    """
    path = Path(path)
    data = read_mapping(path, hint=f"; `digest init {path}` writes a starter")
    for override in overrides:
        _apply_override(data, override)
    return parse_config(data, where=str(path))


def read_mapping(path: Path, *, hint: str = "") -> dict[str, Any]:
    """Return what a YAML file holds; `hint` ends the message where there is no such file.

    Raises:
        ConfigError: there is no such file, or it holds no mapping.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"no configuration at {path}{hint}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path} must hold a mapping of sections, got {type(data).__name__}")
    return data


def parse_config(data: dict[str, Any], *, where: str) -> Config:
    """Check configuration data that is already in memory; `where` names it in messages.

    Raises:
        ConfigError: as `load_config`.
    """
    return checked(Config, data, where=where)


def checked(model: type[M], data: object, *, where: str) -> M:
    """Return data as a model; `where` names it in messages.

    Raises:
        ConfigError: a key is unknown (the nearest known key is named), a value out of range, or
            the data are of another kind, such as nights where a briefing is configured.
    """
    _refuse_other_kind(model, data, where)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [_explain(dict(item), where, model) for item in error.errors()]
        raise ConfigError("\n".join(lines)) from error


def _refuse_other_kind(model: type[BaseModel], data: object, where: str) -> None:
    known = model.model_fields.keys()
    for keys, kind in _KINDS:
        if isinstance(data, dict) and keys <= data.keys() and not keys & known:
            raise ConfigError(
                f"{where} configures {kind.format(where)}; here only these sections and values "
                f"belong: {', '.join(sorted(known))}"
            )


def _apply_override(data: dict[str, Any], override: str) -> None:
    key, separator, value = override.partition("=")
    if not separator or not key:
        raise ConfigError(f"--set takes section.key=value, got {override!r}")
    *parents, last = key.split(".")
    target: Any = data
    for parent in parents:
        target = _child(target, parent, override)
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override}: the value is not YAML: {error}") from error
    if isinstance(target, list):
        target[_index(target, last, override)] = parsed
    else:
        target[last] = parsed


def _child(target: Any, key: str, override: str) -> Any:  # noqa: ANN401 - YAML has any shape
    child = (
        target[_index(target, key, override)]
        if isinstance(target, list)
        else target.setdefault(key, {})
    )
    if not isinstance(child, dict | list):
        raise ConfigError(f"--set {override}: {key} is a value, not a section")
    return child


def _index(target: list[Any], key: str, override: str) -> int:
    if not key.isdigit() or int(key) >= len(target):
        raise ConfigError(f"--set {override}: {key} must be an index below {len(target)}")
    return int(key)


def _explain(item: dict[str, Any], where: str, root: type[BaseModel]) -> str:
    location = [str(part) for part in item["loc"]]
    dotted = ".".join(location)
    if item["type"] != "extra_forbidden":
        given = "" if item["type"] == "missing" else f", got {item['input']!r}"
        return f"{where}: {dotted}: {item['msg']}{given}"
    known = _known_keys(root, item["loc"][:-1])
    near = get_close_matches(location[-1], known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(known))}"
    return f"{where}: unknown key {dotted!r}; {hint}"


def _known_keys(root: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """Return the field names of the model that `location` leads to from `root`."""
    candidates: list[type[BaseModel]] = [root]
    for part in location:
        if isinstance(part, int):
            continue
        deeper = [
            model
            for candidate in candidates
            if part in candidate.model_fields
            for model in _models_in(candidate.model_fields[part].annotation)
        ]
        tagged = [m for m in candidates if _tag(m) == part]
        candidates = deeper or tagged or candidates
    return sorted({name for model in candidates for name in model.model_fields})


def _tag(model: type[BaseModel]) -> str | None:
    kind = model.model_fields.get("kind")
    return None if kind is None else str(get_args(kind.annotation)[0])


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Union, types.UnionType, Annotated, tuple}:
        return [model for inner in get_args(annotation) for model in _models_in(inner)]
    return []
