"""The links file: which articles a person has put together or kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from digest.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = ("must_link", "cannot_link")
Ids = list[tuple[str, str]]
Places = list[tuple[int, int]]


def read_links(path: str | None, place: Mapping[str, int]) -> tuple[Places, Places]:
    """Return must_link and cannot_link pairs as places; ids without a place are passed over.

    Articles that are linked through one of another run are linked, too.

    Args:
        path: a YAML file with lists of id pairs under `must_link` and `cannot_link`, or None.
        place: where each article of this run stands.

    Raises:
        ConfigError: the file cannot be read, is no such file, or contradicts itself.
    """
    if path is None:
        return [], []
    must, cannot = _pairs(path)
    home = _components(must)
    for left, right in cannot:
        if home.get(left, left) == home.get(right, right):
            raise ConfigError(
                f"{path}: cannot_link has [{left}, {right}], which must_link puts together; "
                "remove one of the two"
            )
    members: dict[str, list[int]] = {}
    for name in sorted(home.keys() & place.keys()):
        members.setdefault(home[name], []).append(place[name])
    together = [(group[0], other) for group in members.values() for other in group[1:]]
    apart = [(place[a], place[b]) for a, b in cannot if a in place and b in place]
    return together, apart


def _pairs(path: str) -> tuple[Ids, Ids]:
    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cluster.links: {path} cannot be read: {error}") from error
    data = {} if data is None else data
    if not isinstance(data, dict) or not set(data) <= set(_KINDS):
        found = sorted(map(str, data)) if isinstance(data, dict) else type(data).__name__
        raise ConfigError(f"{path} must hold {' and '.join(_KINDS)} and nothing else, got {found}")
    must, cannot = (_ids(path, kind, data.get(kind)) for kind in _KINDS)
    return must, cannot


def _ids(path: str, kind: str, pairs: object) -> Ids:
    """Return the pairs; an id that YAML reads as a number is the text it was written as."""
    listed = [] if pairs is None else pairs
    if not isinstance(listed, list) or not all(_is_pair(pair) for pair in listed):
        raise ConfigError(f"{path}: {kind} must be a list of [id, id] pairs, got {pairs!r}")
    return [(str(left), str(right)) for left, right in listed]


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(type(i) in {str, int} for i in pair)


def _components(pairs: Ids) -> dict[str, str]:
    """Return for each id the smallest id that it is linked to, directly or through others."""
    home: dict[str, str] = {}
    for left, right in pairs:
        first, second = sorted((home.setdefault(left, left), home.setdefault(right, right)))
        home = {name: first if root == second else root for name, root in home.items()}
    return home
