from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from digest.backends.neural import ctranslate2 as module
from digest.backends.neural.conversion import convert
from digest.backends.neural.ctranslate2 import CTranslate2Generator
from digest.backends.neural.generator import Request
from digest.backends.neural.loading import Checkpoint
from digest.config import CTranslate2Config
from digest.errors import BackendError
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.vocabularies import TEXTS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("converted")


def generator(model: Path, cache: Path, **options: Any) -> CTranslate2Generator:
    given = {"compute_type": "float32", "threads": 1, **options}
    return CTranslate2Generator(
        CTranslate2Config(kind="ctranslate2", model=str(model), cache_dir=str(cache), **given)
    )


@pytest.mark.parametrize("name", ["bart", "pegasus", "t5", "flan"])
@pytest.mark.parametrize("beams", [1, 4])
def test_it_writes_what_transformers_writes(name: str, beams: int, cache: Path) -> None:
    """Flan's output would be scaled like T5's, if the converter were left alone."""
    options: dict[str, Any] = {"generation": {"num_beams": beams}, "candidates": beams}
    made = generator(tiny.folder(name), cache, **options)
    asked = tiny.requests()
    found = tiny.answers(made, asked)
    assert found == tiny.answers(tiny.generator(name, **options), asked)
    assert len({answer.texts for answer in found}) > 1


@pytest.mark.parametrize("name", ["bart", "t5"])
def test_a_batch_in_int8_writes_what_single_requests_get(name: str, cache: Path) -> None:
    made = generator(tiny.folder(name), cache, compute_type="int8")
    assert tiny.answers(made, tiny.requests()) == tiny.one_by_one(made, tiny.requests())
    assert made.settings["compute_type"] == "int8"
    assert made.settings["batching"] == "independent"


def test_min_words_and_penalties_reach_the_decoder(cache: Path) -> None:
    asked = tiny.requests()
    plain = tiny.answers(generator(tiny.folder("t5"), cache), asked)
    for options in ({"no_repeat_ngram_size": 1}, {"repetition_penalty": 3.0}):
        made = generator(tiny.folder("t5"), cache, generation=options)
        assert tiny.answers(made, asked) != plain


def test_long_inputs_are_not_cut(cache: Path) -> None:
    """Left alone, CTranslate2 reads 1024 tokens and says nothing."""
    options: dict[str, Any] = {"max_input_tokens": 1400, "generation": {"num_beams": 1}}
    long = " ".join([TEXTS[0]] * 75)
    asked = [Request(documents=(f"{long} {end}",), max_words=1) for end in TEXTS[1:]]
    found = tiny.answers(generator(tiny.folder("t5"), cache, **options), asked)
    assert all(answer.input_tokens > 1100 for answer in found)
    assert found == tiny.answers(tiny.generator("t5", **options), asked)


def test_a_model_is_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CTranslate2Config(kind="ctranslate2", model=str(tiny.folder("bart")))
    made = convert(Checkpoint(config), tmp_path / "cache", compute_type="int8")
    assert sorted(path.name for path in made.iterdir()) == [
        "config.json",
        "model.bin",
        "shared_vocabulary.json",
    ]
    assert [path.name for path in made.parent.iterdir()] == [made.name]

    def never(*_: object) -> None:
        raise AssertionError("converted again")

    monkeypatch.setattr(Checkpoint, "weights", never)
    assert convert(Checkpoint(config), tmp_path / "cache", compute_type="int8") == made


def test_a_converted_folder_is_used_as_it_is(tmp_path: Path) -> None:
    config = CTranslate2Config(kind="ctranslate2", model=str(tiny.folder("t5")))
    made = convert(Checkpoint(config), tmp_path, compute_type="float32")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (made / name).write_bytes((tiny.folder("t5") / name).read_bytes())
    asked = tiny.requests()
    wanted = tiny.answers(tiny.generator("t5"), asked)
    assert tiny.answers(generator(made, tmp_path / "no", max_input_tokens=512), asked) == wanted
    assert not (tmp_path / "no").exists()
    message = tiny.failure(generator(made, tmp_path), asked[0])
    assert message.endswith("set max_input_tokens")


@pytest.mark.parametrize("name", ["led", "llama"])
def test_other_architectures_are_refused_by_name(name: str, cache: Path) -> None:
    message = tiny.failure(generator(tiny.folder(name), cache), tiny.requests()[0])
    assert {
        "led": "of type led, and kind: ctranslate2 takes bart, pegasus, t5 only",
        "llama": "no encoder-decoder (llama): take kind: chat",
    }[name] in message


class _Never:
    """A result that is not there yet, whenever it is asked for."""

    def done(self) -> bool:
        return False


def test_a_late_batch_is_given_up_and_nothing_more_is_tried(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ctranslate2  # noqa: PLC0415 - an extra

    def stuck(_: object, batch: list[Any], **__: Any) -> list[_Never]:
        return [_Never() for _ in batch]

    monkeypatch.setattr(ctranslate2.Translator, "translate_batch", stuck)
    made = generator(tiny.folder("t5"), cache, timeout_s=1e-9, batch_tokens=64)
    outcomes = [str(outcome) for _, outcome in made.generate(tiny.requests() * 2)]
    assert len(outcomes) == 8
    assert outcomes[0].startswith("time-out: ")
    assert "not tried: " in outcomes[-1]
    assert "1 times in a row" in outcomes[-1]


def test_the_package_is_an_extra(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    message = tiny.failure(generator(tiny.folder("bart"), cache), tiny.requests()[0])
    assert message.endswith('pip install "digest[ctranslate2]"')


def test_a_type_that_the_processor_has_not_is_refused(cache: Path) -> None:
    made = generator(tiny.folder("bart"), cache, compute_type="int3")
    message = tiny.failure(made, tiny.requests()[0])
    assert "compute_type: int3 is not to be had on this cpu; it has float32" in message


def test_sampling_is_refused(cache: Path) -> None:
    made = generator(tiny.folder("bart"), cache, generation={"do_sample": True})
    assert "do_sample: true is not for kind: ctranslate2" in tiny.failure(made, tiny.requests()[0])


def test_a_device_of_others_is_refused(cache: Path) -> None:
    made = generator(tiny.folder("bart"), cache, device="mps")
    with pytest.raises(BackendError, match="device: mps is asked for"):
        _ = made.settings


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = tiny.failure(generator(tiny.folder("bart"), tmp_path / "file"), tiny.requests()[0])
    assert "set cache_dir to a folder with space" in message
