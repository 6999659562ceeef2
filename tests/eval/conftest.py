from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_DAM = (
    "The Orsava dam broke on Monday, flooding two villages in the Lisk valley. Rescue teams "
    "brought 120 people to safety before midnight, the regional government said. Engineers had "
    "warned about cracks in the wall since March."
)
_DAM_TOO = (
    "Two villages stood under water on Monday after the Orsava dam gave way. About 120 residents "
    "of the Lisk valley were evacuated overnight by rescue teams. The government promised an "
    "inquiry into the warnings that engineers gave in March."
)
_PORT = (
    "Dock workers in Velmar ended their strike on Friday after nine days. The port authority "
    "agreed to raise wages by four percent from January. Forty ships had been waiting outside the "
    "harbour since the walkout began."
)


def rows() -> list[dict[str, Any]]:
    return [
        {
            "id": "dam",
            "articles": [
                {"id": "a", "title": "Dam breaks near Orsava", "text": _DAM, "publisher": "Voice"},
                {"id": "b", "title": "Villages under water", "text": _DAM_TOO},
            ],
            "references": ["A dam broke near Orsava. 120 people were saved."],
        },
        {
            "id": "port",
            "articles": [{"title": "Port strike ends", "text": _PORT, "published": "2024-05-03"}],
            "references": ["The strike in Velmar is over.", "Dockers in Velmar work again."],
        },
    ]


def write_rows(path: Path, content: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in content), encoding="utf-8")
    return path


@pytest.fixture(name="rows")
def rows_fixture() -> list[dict[str, Any]]:
    return rows()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "corpus.jsonl", rows())
