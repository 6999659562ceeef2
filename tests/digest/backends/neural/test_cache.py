"""The cache of generations: keys, damage, two processes at once, folders that cannot be used."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from digest.backends.neural.cache import (
    GenerationCache,
    cache_key,
    default_folder,
)
from digest.backends.neural.generator import Generated, Request
from tests.digest.backends.neural.fakes import FakeGenerator

TEXT = Generated(
    texts=("Zoë paid ₹3. 🍵", "A lone \ud800 half."),
    finished=(True, False),
    input_tokens=12,
    output_tokens=7,
    retries=2,
)
REQUEST = Request(documents=("Rain fell.", "It stopped."), max_words=40)
KEY = cache_key(FakeGenerator(), REQUEST)


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    cache = GenerationCache(tmp_path / "new" / "folder")
    assert cache.get(KEY) is None
    cache.put(KEY, TEXT)
    assert cache.get(KEY) == TEXT
    assert GenerationCache(tmp_path / "new" / "folder").get(KEY) == TEXT
    assert cache.get(cache_key(FakeGenerator(), replace(REQUEST, max_words=41))) is None


def test_one_file_per_key_in_folders_of_its_first_letters(tmp_path: Path) -> None:
    cache = GenerationCache(tmp_path)
    cache.put(KEY, TEXT)
    before = (tmp_path / KEY[:2] / f"{KEY}.json").read_bytes()
    cache.put(KEY, TEXT)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [f"{KEY[:2]}/{KEY}.json"]
    assert files[0].read_bytes() == before


def test_whatever_decides_a_text_is_in_its_key() -> None:
    keys = {
        cache_key(generator, request)
        for generator in (
            FakeGenerator(),
            FakeGenerator(model="other"),
            FakeGenerator(revision="fake-2"),
            FakeGenerator(revision=None),
            FakeGenerator(options={"num_beams": 4}),
        )
        for request in (
            REQUEST,
            replace(REQUEST, partial=True),
            replace(REQUEST, max_words=41),
            replace(REQUEST, documents=("Rain fell.It stopped.",)),
            replace(REQUEST, documents=("It stopped.", "Rain fell.")),
        )
    }
    assert len(keys) == 25
    assert all(len(key) == 64 for key in keys)


def test_the_order_of_settings_does_not_matter() -> None:
    left, right = (
        FakeGenerator(options=options) for options in ({"a": 1, "b": {}}, {"b": {}, "a": 1})
    )
    assert cache_key(left, REQUEST) == cache_key(right, REQUEST)


@pytest.mark.parametrize("damage", ["empty", "cut", "other", "changed", "list", "binary", "field"])
def test_a_damaged_entry_is_absent_and_written_anew(tmp_path: Path, damage: str) -> None:
    cache = GenerationCache(tmp_path)
    cache.put(KEY, TEXT)
    path = tmp_path / KEY[:2] / f"{KEY}.json"
    whole = path.read_text("ascii")
    entry = json.loads(whole)
    if damage == "field":
        del entry["generated"]["finished"]
    path.write_bytes(
        {
            "empty": b"",
            "cut": whole[: len(whole) // 2].encode(),
            "other": whole.replace(KEY, "0" * 64).encode(),
            "changed": whole.replace("paid", "owed").encode(),
            "list": b"[1, 2]",
            "binary": bytes(range(256)),
            "field": json.dumps(entry).encode(),
        }[damage]
    )
    assert cache.get(KEY) is None
    cache.put(KEY, TEXT)
    assert path.read_text("ascii") == whole


def test_a_folder_that_cannot_be_used_is_none(tmp_path: Path) -> None:
    """A file stands where the folder should be, which holds for root as well."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = GenerationCache(blocked / "generations")
    cache.put(KEY, TEXT)
    assert cache.get(KEY) is None
    assert blocked.read_text() == "in the way"
    assert cache.fault is not None
    assert f"the cache {blocked / 'generations'} cannot be used" in cache.fault
    assert "set cache_dir" in cache.fault


def test_a_missing_entry_is_no_fault(tmp_path: Path) -> None:
    cache = GenerationCache(tmp_path / "none")
    assert cache.get(KEY) is None
    cache.put(KEY, TEXT)
    assert cache.get(KEY) == TEXT
    assert cache.fault is None


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache = GenerationCache(tmp_path)
    cache.put(KEY, TEXT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert "No space left on device" in str(cache.fault)


def _hammer(folder: Path, start: int, rounds: int) -> int:
    """Write and read the same keys as the other process; return how many reads were wrong."""
    cache = GenerationCache(folder)
    wrong = 0
    for turn in range(rounds):
        number = (start + turn) % 8
        kept = replace(TEXT, input_tokens=number)
        key = cache_key(FakeGenerator(), replace(REQUEST, max_words=number))
        cache.put(key, kept)
        wrong += cache.get(key) != kept
    return wrong


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        wrong = pool.starmap(_hammer, [(tmp_path, 0, 150), (tmp_path, 4, 150)])
    assert wrong == [0, 0]
    names = [path.suffix for path in tmp_path.rglob("*") if path.is_file()]
    assert names == [".json"] * 8


def test_the_default_folder_is_the_users_cache(tmp_path: Path) -> None:
    home = Path("~/.cache/digest/generations").expanduser()
    assert default_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "digest" / "generations"
    assert default_folder({}) == home
    assert default_folder({"XDG_CACHE_HOME": ""}) == home
    assert default_folder({"XDG_CACHE_HOME": "relative/path"}) == home
