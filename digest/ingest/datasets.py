"""Hugging Face datasets by name or folder. The only module that imports `datasets`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.ingest.items import UnusableError
from digest.ingest.rows import Place, row_items
from digest.records import DropReason

if TYPE_CHECKING:
    from digest.config import IngestConfig
    from digest.ingest.items import Item

PREFIX = "hf:"


def read_dataset(name: str, config: IngestConfig, *, base: Path | None) -> list[Item]:
    """Return the items of a dataset `hf:name[:split]`, the split being `train` where none is given.

    `name` is a name on the hub or a local folder, either of data files or from `save_to_disk`.
    Naming a dataset is asking for it: the hub is contacted whatever `config.fetch` says, unless
    HF_DATASETS_OFFLINE is set. `datasets` runs no code of the dataset.

    Raises:
        UnusableError: UNREADABLE with what the library said, EMPTY for no rows.
    """
    path, _, split = name.removeprefix(PREFIX).partition(":")
    split = split or "train"
    if not path:
        raise UnusableError(DropReason.UNREADABLE, "hf: takes a dataset name, hf:name[:split]")
    try:
        rows = _load(path, split, base)
        items = [
            item
            for number, row in enumerate(rows, start=1)
            for item in row_items(row, _place(name, path, split, number, config))
        ]
    except Exception as error:  # builders raise what they like; one bad source must not end a run
        detail = f"{type(error).__name__}: {error}"
        raise UnusableError(DropReason.UNREADABLE, detail) from error
    if not items:
        raise UnusableError(DropReason.EMPTY, "a dataset without rows")
    return items


def _load(path: str, split: str, base: Path | None) -> Any:  # noqa: ANN401 - no types
    import datasets  # noqa: PLC0415 - 0.9 s

    datasets.disable_progress_bars()  # library code does not print
    local = (base or Path()) / path
    if not local.is_dir():
        return datasets.load_dataset(path, split=split)
    saved = (local / "state.json").exists() or (local / "dataset_dict.json").exists()
    if not saved:
        return datasets.load_dataset(str(local), split=split)
    loaded = datasets.load_from_disk(str(local))
    return loaded[split] if isinstance(loaded, dict) else loaded


def _place(name: str, path: str, split: str, number: int, config: IngestConfig) -> Place:
    return Place(
        source=f"{name}:{number}",
        id=f"{Path(path).name}-{split}-{number}",
        cluster=None,
        max_bytes=config.max_bytes,
    )
