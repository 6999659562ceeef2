from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest
import sentencepiece
import torch

from digest.backends.neural import generation
from digest.backends.neural.build import generator_of
from digest.backends.neural.documents import encode, global_attention, layout_of
from digest.backends.neural.generator import Generated, Request
from digest.backends.neural.local import decoded
from digest.backends.neural.writer import NeuralBackend
from digest.config import GenerationConfig, Seq2SeqConfig
from digest.errors import BackendError
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.events import about, fact, task_of
from tests.digest.backends.neural.vocabularies import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

MODELS = ["bart", "pegasus", "pegasus_x", "t5", "flan", "longt5", "t5gemma", "led"]
# A change of these ids would change what every model reads, without any error.
_BYTES = [56, 76, 73, 397, 420, 290, 286, 426, 265, 440, 18]
GOLDEN = {
    "bart": [0, *_BYTES, 2],
    "pegasus": [18, 44, 50, 17, 16, 52, 67, 75, 55, 71, 1],
    "pegasus_x": [18, 44, 50, 17, 16, 52, 67, 75, 55, 71, 1],
    "t5": [11, 37, 43, 10, 9, 45, 60, 68, 48, 64, 1],
    "flan": [11, 37, 43, 10, 9, 45, 60, 68, 48, 64, 1],
    "longt5": [11, 37, 43, 10, 9, 45, 60, 68, 48, 64, 1],
    "t5gemma": _BYTES,
    "led": [0, *_BYTES, 2],
    "llama": _BYTES,
}
SENTENCE = "The mayor of Port Oran opened 3 pumps."


@pytest.fixture(autouse=True)
def short_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "_ENDING_WORDS", 9)


class Spy:
    """Records what a generator hands to the model."""

    def __init__(self, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[dict[str, Any]] = []
        generate = made._model.generate

        def spied(**inputs: Any) -> Any:
            self.calls.append(inputs)
            return generate(**inputs)

        monkeypatch.setattr(made._model, "generate", spied)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "options",
    [
        {"generation": {"num_beams": 1}},
        {"candidates": 2},
        {"candidates": 2, "generation": {"do_sample": True, "top_p": 0.9}},
    ],
    ids=["greedy", "beams", "sampled"],
)
def test_a_batch_writes_what_single_requests_get(name: str, options: dict[str, Any]) -> None:
    made = tiny.generator(name, **options)
    together = tiny.answers(made, tiny.requests())
    assert together == tiny.one_by_one(made, tiny.requests())
    assert len({answer.texts for answer in together}) > 1
    for answer in together:
        assert len(answer.texts) == len(answer.finished) == options.get("candidates", 1)
    if "candidates" in options:
        assert any(answer.texts[0] != answer.texts[1] for answer in together)


def test_the_same_dice_fall_the_same_way_in_another_generator() -> None:
    options: dict[str, Any] = {"generation": {"do_sample": True}}
    first = tiny.answers(tiny.generator("t5", **options), tiny.requests())
    torch.manual_seed(99)
    assert tiny.answers(tiny.generator("t5", **options), tiny.requests()) == first


@pytest.mark.parametrize("name", MODELS)
def test_a_full_input_runs_and_a_longer_one_is_refused_alone(name: str) -> None:
    made = tiny.generator(name, generation={"num_beams": 1})
    per_text = made.count([TEXTS[0]])[0]
    limit = made.settings["max_input_tokens"]
    assert isinstance(limit, int)
    room = made.room(1)
    fits = Request(documents=(" ".join([TEXTS[0]] * (room // per_text)),), max_words=1)
    over = Request(documents=(" ".join([TEXTS[0]] * (2 * limit // per_text)),), max_words=1)
    outcomes = dict(made.generate([over, fits]))
    assert f"{made.model} takes {limit}" in str(outcomes[0])
    found = outcomes[1]
    assert isinstance(found, Generated)
    assert 0.8 * room < found.input_tokens <= limit


@pytest.mark.parametrize("name", ["bart", "pegasus", "pegasus_x", "t5gemma", "led"])
def test_the_last_position_can_be_read(name: str) -> None:
    """One more would be an IndexError; LED pads to whole windows, which must not reach beyond."""
    made = tiny.generator(name, generation={"num_beams": 1})
    first, second = made.count(["Port", "Port Port"])
    assert second == first + 1
    words = made._limit - made._overhead(1, 1) - first + 1
    full = Request(documents=(" ".join(["Port"] * words),), max_words=1)
    (answer,) = tiny.answers(made, [full])
    assert answer.input_tokens == made._limit


@pytest.mark.parametrize("beams", [1, 2])
def test_a_late_model_is_stopped_and_then_left_alone(
    beams: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny.generator("t5", timeout_s=1e-9, batch_tokens=64, generation={"num_beams": beams})
    spy = Spy(made, monkeypatch)
    outcomes = [str(outcome) for _, outcome in made.generate(tiny.requests() * 2)]
    assert len(outcomes) == 8
    assert len(spy.calls) == 2
    tried = [text for text in outcomes if text.startswith("time-out: ")]
    assert 2 <= len(tried) < 8
    assert all("raise timeout_s" in text for text in tried)
    rest = [text for text in outcomes if text not in tried]
    assert all("was stopped by timeout_s (1e-09 s for a text) 2 times" in text for text in rest)


def test_a_model_that_is_in_time_is_not_given_up() -> None:
    made = tiny.generator("t5", timeout_s=1e-9)
    tiny.failure(made, tiny.requests()[0])
    assert made._late == 1
    made._config = made._config.model_copy(update={"timeout_s": 600.0})
    tiny.answers(made, tiny.requests())
    assert made._late == 0


def test_the_seed_of_the_run_reaches_the_dice() -> None:
    def texts(seed: int, **generation: Any) -> list[tuple[str, ...]]:
        config = Seq2SeqConfig(
            kind="seq2seq", model=str(tiny.folder("t5")), generation=GenerationConfig(**generation)
        )
        made = generator_of(config, seed=seed)
        return [answer.texts for answer in tiny.answers(made, tiny.requests())]

    assert texts(1, do_sample=True) == texts(1, do_sample=True) != texts(2, do_sample=True)
    assert texts(1, num_beams=1) == texts(2, num_beams=1)


@pytest.mark.parametrize("room", [32, 64])
def test_a_tiny_room_takes_few_calls(room: int) -> None:
    made = tiny.generator("bart", max_input_tokens=room, generation={"num_beams": 1})
    backend = NeuralBackend(kind="seq2seq", generator=made)
    task = task_of(about(*([fact(20 * a + i) for i in range(20)] for a in range(5))), max_words=40)
    ((_, outcome),) = backend.summarize_all([task])
    assert isinstance(outcome, BackendError)
    if room == 32:
        assert "of 100 facts have a sentence that fits" in str(outcome)
        assert outcome.reports == ()
    else:
        (report,) = outcome.reports
        assert 1 < report.calls <= 70


def test_led_looks_at_the_first_token_and_every_separator(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny.generator("led", generation={"num_beams": 2})
    seen: list[torch.Tensor] = []
    encoder = made._model.get_encoder()
    forward = encoder.forward

    @functools.wraps(forward)  # generate looks at the signature
    def spied(*args: Any, **inputs: Any) -> Any:
        seen.append(inputs["global_attention_mask"])
        return forward(*args, **inputs)

    monkeypatch.setattr(encoder, "forward", spied)
    spy = Spy(made, monkeypatch)
    tiny.answers(made, tiny.requests())
    (call,), (mask,) = spy.calls, seen
    separator = made._checkpoint.tokenizer.convert_tokens_to_ids("<doc-sep>")
    for row, marked in zip(call["input_ids"].tolist(), mask.tolist(), strict=True):
        places = [place for place, token in enumerate(row) if token == separator]
        assert [place for place, one in enumerate(marked) if one] == [0, *places]
        ended = row.index(made._tokens.eos[0])
        assert row[ended - 1] == separator  # after the last document, too
    counts = sorted((row == separator).sum().item() for row in call["input_ids"])
    assert counts == [1, 2, 3, 4]
    assert torch.equal(call["attention_mask"], (call["input_ids"] != 1).long())


def test_global_attention_never_falls_on_padding() -> None:
    ids, mask = (
        torch.tensor([[0, 9, 5, 9], [0, 9, 9, 9]]),
        torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]),
    )
    assert global_attention(ids, mask, anchor=9).tolist() == [[1, 1, 0, 1], [1, 1, 0, 0]]
    assert global_attention(ids, mask, anchor=None).tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]


def test_separators_stand_between_documents_unless_the_model_has_its_own() -> None:
    tokenizer = tiny.generator("pegasus")._checkpoint.tokenizer
    layout = layout_of(tokenizer, prefix="", separator="#####")
    bars = encode(tokenizer, "#####")
    assert layout.anchor is None
    assert layout.join([[5], [6], [7]]) == [5, *bars, 6, *bars, 7, 1]
    tokenizer = tiny.generator("led")._checkpoint.tokenizer
    own = tokenizer.convert_tokens_to_ids("<doc-sep>")
    for separator in (None, "<doc-sep>"):
        layout = layout_of(tokenizer, prefix="", separator=separator)
        assert layout.join([[5], [6]]) == [0, 5, own, 6, own, 2]


def test_the_prefix_is_what_t5_was_trained_with(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny.generator("t5", prefix="summarize: ")
    spy = Spy(made, monkeypatch)
    tiny.answers(made, [Request(documents=(TEXTS[0],), max_words=1)])
    tokenizer = made._checkpoint.tokenizer
    assert spy.calls[0]["input_ids"].tolist() == [tokenizer(f"summarize: {TEXTS[0]}").input_ids]


def test_bytes_before_words_stay_with_the_first_document() -> None:
    made = tiny.generator("bart", prefix="News: ")
    ids = made._prepare(Request(documents=(TEXTS[0],), max_words=1)).ids
    assert list(ids) == made._checkpoint.tokenizer(f"News: {TEXTS[0]}").input_ids


@pytest.mark.parametrize(
    ("name", "token"), [("bart", "</s>"), ("led", "<doc-sep>"), ("t5", "<extra_id_1>")]
)
def test_control_tokens_in_a_document_are_refused(name: str, token: str) -> None:
    made = tiny.generator(name)
    assert token in made.special_tokens
    message = tiny.failure(made, Request(documents=("Fine.", f"Rain {token} fell."), max_words=5))
    assert f"a document holds {token}" in message


def test_requests_without_text_fail_alone() -> None:
    made = tiny.generator("t5", generation={"num_beams": 1})
    outcomes = dict(made.generate([Request(documents=(" ",), max_words=5), tiny.requests()[0]]))
    assert "every document is empty" in str(outcomes[0])
    assert isinstance(outcomes[1], Generated)
    assert list(made.generate([])) == []


def test_unicode_is_read_and_counted() -> None:
    text = "Zoë Müller-Ødegård zahlte €3.50 für 🍵 in 北京 und Иван."
    for name in MODELS:
        made = tiny.generator(name, generation={"num_beams": 1})
        assert made.count([text])[0] > 5
        tiny.answers(made, [Request(documents=(text,), max_words=1)])


def test_texts_come_as_written() -> None:
    tokenizer = tiny.generator("bart")._checkpoint.tokenizer
    text = "It cost 3.5 % , they did n't say ."
    assert decoded(tokenizer, encode(tokenizer, text)) == text


@pytest.mark.parametrize("name", [*MODELS, "llama"])
def test_token_ids_stay_what_they_were(name: str) -> None:
    assert tiny.generator(name)._checkpoint.tokenizer(SENTENCE).input_ids == GOLDEN[name]


def test_a_sentencepiece_vocabulary_alone_will_do(tmp_path: Path) -> None:
    """PEGASUS on the hub has no tokenizer.json."""
    source = tiny.copied("pegasus", tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (source / name).unlink()
    (tmp_path / "text").write_text("\n".join(TEXTS * 20))
    sentencepiece.SentencePieceTrainer.train(
        input=str(tmp_path / "text"),
        model_prefix=str(source / "spiece"),
        vocab_size=80,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    made = tiny.generator("pegasus", model=source)
    assert 5 < made.count([TEXTS[0]])[0] < len(TEXTS[0])


def test_a_compiler_that_fails_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any, **options: Any) -> Any:
        assert options == {"dynamic": True}

        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError("Failed to find C compiler.")

        return fail

    monkeypatch.setattr(torch, "compile", broken)
    message = tiny.failure(tiny.generator("t5", compile=True), tiny.requests()[0])
    assert "Failed to find C compiler" in message
    assert "compile: false" in message


def test_a_model_too_small_for_its_prefix_says_so() -> None:
    with pytest.raises(BackendError, match="leave none for documents"):
        tiny.generator("t5", prefix="rain " * 40, max_input_tokens=32).room(10)
