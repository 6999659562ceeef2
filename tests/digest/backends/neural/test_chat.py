from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from digest.backends.neural import generation
from digest.backends.neural.generator import Generated, Request
from digest.backends.neural.prompts import INSTRUCTIONS, messages
from digest.errors import BackendError
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.vocabularies import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = Request(documents=TEXTS[:2], max_words=1)


@pytest.fixture(autouse=True)
def short_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "_ENDING_WORDS", 9)


def templated(tmp_path: Path, template: str) -> Any:
    source = tiny.copied("llama", tmp_path)
    (source / "chat_template.jinja").write_text(template)
    return tiny.generator("llama", model=source, generation={"num_beams": 1})


def prompt_of(made: Any, request: Request = REQUEST) -> str:
    text: str = made._checkpoint.tokenizer.decode(made._prepare(request).ids)
    return text


@pytest.mark.parametrize(
    "options",
    [
        {"generation": {"num_beams": 1}},
        {"candidates": 2, "generation": {"num_beams": 2}},
        {"candidates": 2, "generation": {"do_sample": True}},
    ],
    ids=["greedy", "beams", "sampled"],
)
def test_a_batch_writes_what_single_requests_get(options: dict[str, Any]) -> None:
    made = tiny.generator("llama", **options)
    together = tiny.answers(made, tiny.requests())
    assert together == tiny.one_by_one(made, tiny.requests())
    assert len({answer.texts for answer in together}) > 1


def test_prompts_are_padded_on_the_left_and_cut_from_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = tiny.generator("llama", generation={"num_beams": 1})
    calls: list[dict[str, Any]] = []
    generate = made._model.generate

    def spied(**inputs: Any) -> Any:
        calls.append(inputs)
        return generate(**inputs)

    monkeypatch.setattr(made._model, "generate", spied)
    found = tiny.answers(made, tiny.requests())
    (call,) = calls
    lengths = call["attention_mask"].sum(dim=1).tolist()
    assert sorted(lengths) == sorted(answer.input_tokens for answer in found)
    assert len(set(lengths)) == 4
    for mask, ids in zip(call["attention_mask"].tolist(), call["input_ids"].tolist(), strict=True):
        assert mask == sorted(mask)  # zeros first
        assert ids[-1] == made._prepare(REQUEST).ids[-1]
    assert not any("assistant" in answer.texts[0] for answer in found)
    assert all(answer.output_tokens <= 15 for answer in found)


def test_the_prompt_is_the_models_own_form() -> None:
    prompt = prompt_of(tiny.generator("llama"))
    system, user = messages(REQUEST, None)
    assert prompt == (
        f"<|im_start|>system\n{system['content']}<|im_end|>\n"
        f"<|im_start|>user\n{user['content']}<|im_end|>\n"
        "<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )
    assert system["content"] == INSTRUCTIONS


def test_thinking_is_off_unless_asked_for() -> None:
    made = tiny.generator("llama", thinking=True)
    assert prompt_of(made).endswith("<|im_start|>assistant\n")
    assert made._prepare(REQUEST).limits.max_new_tokens > 2000
    assert made.room(40) < tiny.generator("llama").room(40) - 2000
    assert made.settings["thinking"] is True


def test_every_token_that_ends_a_turn_ends_the_text() -> None:
    """generation_config.json names two, the tokenizer one of them."""
    made = tiny.generator("llama")
    assert made.settings["eos_token_ids"] == [2, 479]
    assert made._checkpoint.tokenizer.convert_ids_to_tokens([2, 479]) == ["</s>", "<|im_end|>"]


def test_control_tokens_are_those_of_the_template_too() -> None:
    expected = {"<|im_start|>", "<|im_end|>", "<think>", "</think>", "</s>"}
    assert expected <= set(tiny.generator("llama").special_tokens)


def test_a_model_without_a_template_is_refused() -> None:
    made = tiny.generator("base")
    message = tiny.failure(made, REQUEST)
    assert "has no chat template: it is a base model" in message
    with pytest.raises(BackendError, match="has no chat template"):
        made.room(40)


def test_a_template_without_system_messages_gets_one_user_message(tmp_path: Path) -> None:
    template = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
        "{{ messages[0]['content'] }}"
    )
    prompt = prompt_of(templated(tmp_path, template))
    assert prompt.startswith(f"{INSTRUCTIONS}\n\n<article")


def test_a_broken_template_is_an_error(tmp_path: Path) -> None:
    made = templated(tmp_path, "{{ raise_exception('cannot say') }}")
    assert "cannot be used: cannot say" in tiny.failure(made, REQUEST)


def test_the_day_is_not_in_the_prompt(tmp_path: Path) -> None:
    """Some templates print it; every text would be another one tomorrow."""
    made = templated(tmp_path, "Date: {{ strftime_now('%Y') }}.{{ messages[1]['content'] }}")
    assert prompt_of(made).startswith("Date: .<article")


def test_what_fits_room_fits_the_model() -> None:
    made = tiny.generator("llama", max_input_tokens=3000, generation={"num_beams": 1})
    room = made.room(20)
    each = made.count([TEXTS[1]])[0]
    share = room // 3 // each
    full = Request(documents=(" ".join([TEXTS[1]] * share),) * 3, max_words=20)
    (answer,) = tiny.answers(made, [full])
    assert answer.input_tokens + 20 <= 3000
    over = Request(documents=full.documents * 3, max_words=20)
    outcomes = dict(made.generate([over, REQUEST]))
    assert "documents must keep within room()" in str(outcomes[0])
    assert isinstance(outcomes[1], Generated)


def test_the_answer_never_goes_beyond_the_context() -> None:
    made = tiny.generator("llama", max_input_tokens=1000)
    ready = made._prepare(Request(documents=TEXTS, max_words=200))
    assert len(ready.ids) + ready.limits.max_new_tokens <= 1000


def test_no_room_is_said_before_anything_is_written() -> None:
    with pytest.raises(BackendError, match="leave none for documents"):
        tiny.generator("llama", max_input_tokens=400).room(40)


@pytest.mark.parametrize("text", ["Rain <|im_end|> fell.", "</s>", "a <think> b"])
def test_control_tokens_in_a_document_are_refused(text: str) -> None:
    message = tiny.failure(tiny.generator("llama"), Request(documents=("Ok.", text), max_words=5))
    assert "which this model would obey as control tokens" in message


def test_requests_without_text_fail() -> None:
    message = tiny.failure(tiny.generator("llama"), Request(documents=("", " "), max_words=5))
    assert "every document is empty" in message


def test_own_instructions_are_settings() -> None:
    made = tiny.generator("llama", instructions="Write like a pirate.")
    assert "<|im_start|>system\nWrite like a pirate.<|im_end|>" in prompt_of(made)
    assert "Write in plain" not in str(made.settings)
    assert made.settings != tiny.generator("llama").settings
