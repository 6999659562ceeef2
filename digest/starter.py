"""A starter configuration: every section with its defaults and what each key means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from digest.config import Config
from digest.errors import UsageError
from digest.store import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel


def write_starter(path: Path) -> None:
    """Write the default configuration, commented.

    Raises:
        UsageError: the file exists, or its folder does not.
    """
    if path.exists():
        raise UsageError(f"{path} exists already; choose another name")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is not a folder; make it first")
    write_atomically(path, starter_text())


def starter_text() -> str:
    """Return the default configuration as commented YAML."""
    config = Config(schema_version=1)
    lines = ["schema_version: 1", f"seed: {config.seed}"]
    for name in Config.model_fields:
        section = getattr(config, name)
        if name not in {"schema_version", "seed"}:
            lines += ["", f"{name}:  # {_first_line(section)}", *_keys(section)]
    return "\n".join(lines) + "\n"


def _keys(section: BaseModel) -> list[str]:
    lines = []
    for name, field in type(section).model_fields.items():
        value = section.model_dump(mode="json")[name]
        comment = f"  # {field.description}" if field.description else ""
        lines.append(f"  {name}: {_inline(value)}{comment}")
    return lines


def _inline(value: Any) -> str:  # noqa: ANN401 - YAML has any shape
    text: str = yaml.safe_dump(value, default_flow_style=True, width=10_000)
    return text.removesuffix("\n...\n").strip()


def _first_line(section: BaseModel) -> str:
    return (type(section).__doc__ or "").strip().splitlines()[0]
