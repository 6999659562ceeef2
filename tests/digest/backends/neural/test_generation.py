from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import safetensors.torch
import torch

from digest.backends.neural.generation import (
    Limits,
    decoding,
    effective,
    limits_of,
    seed_of,
    token_ids,
)
from digest.backends.neural.generator import Request
from digest.backends.neural.loading import Checkpoint
from digest.backends.neural.processors import processors
from digest.config import GenerationConfig, Seq2SeqConfig
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.vocabularies import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits(min_new_tokens=0, max_new_tokens=40)


def strategy(candidates: int = 1, **options: Any) -> dict[str, Any]:
    return decoding(GenerationConfig(**options), candidates=candidates)


@pytest.mark.parametrize("name", ["bart", "llama"])
def test_nothing_of_the_checkpoints_generation_settings_acts(name: str, tmp_path: Path) -> None:
    """The fixtures hold max_length 7, min_length 5 and no_repeat_ngram_size 1."""
    held = json.loads((tiny.folder(name) / "generation_config.json").read_text())
    assert held.items() >= tiny.LEFTOVERS.items()
    clean = tiny.copied(name, tmp_path)
    kept = {k: v for k, v in held.items() if k.endswith("token_id") and k != "forced_eos_token_id"}
    (clean / "generation_config.json").write_text(json.dumps(kept))
    asked, greedy = tiny.requests()[:2], {"num_beams": 1}
    wanted = tiny.answers(tiny.generator(name, model=clean, generation=greedy), asked)
    made = tiny.generator(name, generation=greedy)
    assert tiny.answers(made, asked) == wanted
    assert max(answer.output_tokens for answer in wanted) > 7
    assert made._model.generation_config.to_diff_dict().keys() <= {"transformers_version"}


def test_the_forced_end_of_a_checkpoint_would_hide_that_a_text_is_cut() -> None:
    held = json.loads((tiny.folder("bart") / "generation_config.json").read_text())
    assert held["forced_eos_token_id"] == 2
    cut = tiny.answers(tiny.generator("bart", generation={"num_beams": 1}), tiny.requests()[:1])[0]
    assert (cut.finished, cut.output_tokens) == ((False,), 39)


def test_what_is_passed_to_transformers_is_complete_and_ours() -> None:
    ids = token_ids(Checkpoint(Seq2SeqConfig(kind="seq2seq", model=str(tiny.folder("bart")))))
    assert (ids.eos, ids.pad, ids.bos, ids.decoder_start, ids.forced_bos) == ((2,), 1, 0, 2, 0)
    found = effective(strategy(length_penalty=2.0), ids, LIMITS).to_diff_dict()
    assert found == {
        "num_beams": 4,
        "length_penalty": 2.0,
        "early_stopping": True,
        "max_new_tokens": 40,
        "min_new_tokens": 0,
        "bos_token_id": 0,
        "eos_token_id": [2],
        "pad_token_id": 1,
        "decoder_start_token_id": 2,
        "forced_bos_token_id": 0,
        "do_sample": False,
        "num_return_sequences": 1,
        "use_cache": True,
        "transformers_version": found["transformers_version"],
    }


def test_candidates_come_from_beams_or_from_dice() -> None:
    assert strategy(6, num_beams=2)["num_beams"] == 6
    assert strategy(2, num_beams=4)["num_beams"] == 4
    sampled = strategy(3, do_sample=True, top_p=0.9)
    assert (sampled["num_beams"], sampled["top_p"]) == (1, 0.9)
    assert "length_penalty" not in sampled
    assert "top_p" not in strategy()


def test_a_word_budget_leaves_room_to_end_a_sentence() -> None:
    request = Request(documents=("one two three four",), max_words=100)
    limits = limits_of(request, tokens=5, min_words=20, most=None)
    assert limits == Limits(min_new_tokens=30, max_new_tokens=188)  # 125 words of 1.5 tokens
    longer = limits_of(request, tokens=13, min_words=0, most=None)
    assert longer.max_new_tokens == 438  # 3.25 tokens a word, rounded up to 3.5
    assert limits_of(request, tokens=5, min_words=0, most=50).max_new_tokens == 50
    assert limits_of(request, tokens=5, min_words=0, most=None, extra=9).max_new_tokens == 197


def test_fewer_words_than_wanted_are_never_forced_beyond_the_budget() -> None:
    request = Request(documents=("one two",), max_words=10)
    limits = limits_of(request, tokens=2, min_words=500, most=None)
    assert limits.min_new_tokens == 10
    assert limits_of(request, tokens=2, min_words=500, most=6).min_new_tokens == 5


def test_requests_of_one_language_have_the_same_limits() -> None:
    ends = {
        limits_of(
            Request(documents=("word " * 100,), max_words=50), tokens=n, min_words=0, most=None
        )
        for n in range(101, 150)
    }
    assert len(ends) == 1


def test_min_words_keep_the_model_from_ending(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    weights = safetensors.torch.load_file(source / "model.safetensors")
    weights["final_logits_bias"] = torch.zeros(1, weights["model.shared.weight"].shape[0])
    weights["final_logits_bias"][0, 2] = 1000.0  # </s> wins wherever it may
    safetensors.torch.save_file(weights, source / "model.safetensors", {"format": "pt"})
    asked = [Request(documents=TEXTS, max_words=20)]
    (short,) = tiny.answers(tiny.generator("bart", model=source), asked)
    assert (short.finished, short.texts) == ((True,), ("",))
    (longer,) = tiny.answers(
        tiny.generator("bart", model=source, generation={"min_words": 10}), asked
    )
    assert longer.finished == (True,)
    assert longer.output_tokens == 16  # ten words of 1.5 tokens, then the end


def test_a_seed_is_of_the_request_alone() -> None:
    request = Request(documents=("Rain fell.",), max_words=9)
    assert seed_of(request) == seed_of(Request(documents=("Rain fell.",), max_words=9))
    assert 0 <= seed_of(request) < 2**63
    others = {
        seed_of(Request(documents=("Rain fell",), max_words=9)),
        seed_of(Request(documents=("Rain", "fell."), max_words=9)),
        seed_of(Request(documents=("Rain fell.",), max_words=8)),
        seed_of(Request(documents=("Rain fell.",), max_words=9, partial=True)),
        seed_of(request),
    }
    assert len(others) == 5


def picks(shares: list[float], **options: Any) -> list[float]:
    """Return how often each of some next tokens is taken by 4000 dice."""
    scores = torch.tensor(shares).log().repeat(4000, 1)
    steps = processors(strategy(do_sample=True, **options), prompt=0, seeds=range(4000))
    taken = steps(torch.zeros(4000, 0, dtype=torch.long), scores).argmax(dim=1)
    return [float((taken == k).float().mean()) for k in range(len(shares))]


def test_the_noise_samples_the_models_distribution() -> None:
    assert picks([0.5, 0.3, 0.15, 0.05]) == pytest.approx([0.5, 0.3, 0.15, 0.05], abs=0.02)
    assert picks([0.5, 0.3, 0.15, 0.05], top_p=0.7) == pytest.approx([0.625, 0.375, 0, 0], abs=0.02)
    assert picks([0.8, 0.2], temperature=0.5) == pytest.approx([16 / 17, 1 / 17], abs=0.02)


def test_penalties_see_the_answer_and_not_the_prompt() -> None:
    """A name of three words in the articles could not be written with no_repeat_ngram_size 3."""
    steps = processors(strategy(no_repeat_ngram_size=3), prompt=4, seeds=[0])
    prompt, scores = [11, 12, 13, 11], torch.zeros(1, 20)
    free = steps(torch.tensor([[*prompt, 11, 12]]), scores.clone())
    assert torch.equal(free, scores)
    barred = steps(torch.tensor([[*prompt, 11, 12, 13, 11, 12]]), scores.clone())
    assert barred[0].isinf().nonzero().flatten().tolist() == [13]
    steps = processors(strategy(repetition_penalty=2.0), prompt=4, seeds=[0])
    ones = torch.ones(1, 20)
    assert torch.equal(steps(torch.tensor([prompt]), ones.clone()), ones)
    assert steps(torch.tensor([[*prompt, 5]]), ones.clone())[0, 5] == 0.5


def test_settings_tell_every_option_apart() -> None:
    options: list[dict[str, Any]] = [
        {},
        {"prefix": "summarize: "},
        {"separator": " ||||| "},
        {"max_input_tokens": 100},
        {"candidates": 2},
        {"dtype": "bfloat16"},
        {"dtype": "bfloat16", "batch_tokens": 64},
        {"compile": True},
        *(
            {"generation": generation}
            for generation in (
                {"num_beams": 2},
                {"do_sample": True},
                {"do_sample": True, "temperature": 0.5},
                {"do_sample": True, "top_p": 0.5},
                {"length_penalty": 2.0},
                {"repetition_penalty": 2.0},
                {"no_repeat_ngram_size": 3},
                {"min_words": 3},
            )
        ),
    ]
    found = {json.dumps(tiny.generator("bart", **o).settings, sort_keys=True) for o in options}
    assert len(found) == len(options)


def test_batches_are_part_of_the_settings_where_they_matter_only() -> None:
    def batching(**options: Any) -> object:
        return tiny.generator("bart", device="cpu", **options).settings["batching"]

    assert batching() == batching(batch_tokens=64) == "independent"
    assert batching(dtype="bfloat16") == {"batch_tokens": 8192, "step_tokens": 32}
