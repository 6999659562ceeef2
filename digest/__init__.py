"""Many articles in, one de-duplicated, cited, checked briefing out.

>>> import digest
>>> config = digest.load_config("configs/default.yaml")  # doctest: +SKIP
>>> briefing = digest.run(config, ["articles/"])  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.config import Config
    from digest.records import Briefing

__all__ = ["load_config", "run"]


def load_config(path: Path | str, overrides: tuple[str, ...] = ()) -> Config:
    """Read and check a configuration file; see `digest.config.load_config`."""
    from digest import config  # noqa: PLC0415 - importing digest stays free

    return config.load_config(path, overrides)


def run(config: Config, inputs: Sequence[str]) -> Briefing:
    """Write one briefing in memory; see `digest.pipeline.run` for folders and progress."""
    from digest import pipeline  # noqa: PLC0415 - importing digest stays free

    return pipeline.run(config, inputs).briefing
