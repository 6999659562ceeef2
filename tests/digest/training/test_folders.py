from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import UsageError
from digest.training.folders import Workshop


def _texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in files}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "config.json").write_text("old")
    (tmp_path / "m" / "extra.bin").write_text("of the old one")
    made = Workshop(tmp_path / "m")
    made.begin({"seed": 1})
    return made


def test_a_model_replaces_another_whole(workshop: Workshop, tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        (folder / "config.json").write_text("new")

    workshop.publish(write)
    assert _texts(tmp_path) == {"m/config.json": "new"}


def test_a_write_that_fails_changes_nothing(workshop: Workshop) -> None:
    def write(folder: Path) -> None:
        (folder / "config.json").write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        workshop.publish(write)
    assert _texts(workshop.output) == {"config.json": "old", "extra.bin": "of the old one"}
    assert workshop.partial.exists()


def test_a_rename_that_fails_brings_the_old_model_back(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == "finished":
            raise PermissionError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        workshop.publish(lambda _: None)
    assert _texts(workshop.output) == {"config.json": "old", "extra.bin": "of the old one"}


def test_a_damaged_record_says_what_to_do(workshop: Workshop) -> None:
    (workshop.partial / "training.json").write_text("{")
    with pytest.raises(UsageError, match=r"is damaged; delete .*m\.partial and train again"):
        workshop.last({"seed": 1})


def test_checkpoints_are_counted_not_sorted_by_name(workshop: Workshop) -> None:
    for steps in (9, 10):
        folder = workshop.partial / f"checkpoint-{steps}"
        folder.mkdir()
        (folder / "trainer_state.json").write_text("{}")
    assert workshop.last({"seed": 1}) == workshop.partial / "checkpoint-10"
