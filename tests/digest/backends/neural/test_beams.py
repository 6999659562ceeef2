from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from digest.backends.neural import beams
from digest.backends.neural.batching import pad
from digest.backends.neural.generation import Limits, decoding, effective, token_ids
from digest.backends.neural.loading import Checkpoint, quiet
from digest.config import GenerationConfig, Seq2SeqConfig
from tests.digest.backends.neural import tiny

if TYPE_CHECKING:
    from collections.abc import Callable

SHARING = ["bart", "pegasus", "t5", "flan"]
ROWS = [list(range(20, 31)), [40, 41, 42], [33] * 7]


class Model:
    """The weights of a tiny model, as transformers loads them."""

    def __init__(self, name: str) -> None:
        source = Seq2SeqConfig(kind="seq2seq", model=str(tiny.folder(name)), device="cpu")
        checkpoint = Checkpoint(source)
        with quiet():
            self.weights = checkpoint.weights("AutoModelForSeq2SeqLM")
        self.tokens = token_ids(checkpoint)
        self.ids, self.mask = pad(ROWS, value=self.tokens.pad, side="right", device="cpu")

    def shared(self, count: int) -> dict[str, Any]:
        start = self.tokens.decoder_start
        assert start is not None
        with torch.inference_mode():
            return beams.shared(
                self.weights, self.ids, self.mask, beams=count, start=start, more={}
            )

    def write(self, count: int, **inputs: Any) -> list[list[int]]:
        strategy = decoding(GenerationConfig(num_beams=count), candidates=count)
        with torch.inference_mode(), quiet():
            written = self.weights.generate(
                input_ids=self.ids,
                attention_mask=self.mask,
                generation_config=effective(
                    strategy, self.tokens, Limits(min_new_tokens=4, max_new_tokens=24)
                ),
                **inputs,
            )
        rows: list[list[int]] = written.tolist()
        return rows


@pytest.mark.parametrize("name", [*SHARING, "led"])
@pytest.mark.parametrize("count", [1, 4])
def test_all_beams_write_what_plain_generate_writes(name: str, count: int) -> None:
    model = Model(name)
    wanted = model.write(count)
    beams.adapt(model.weights)
    inputs = model.shared(count)
    assert bool(inputs) == (count > 1)
    assert model.write(count, **inputs) == wanted
    assert len({tuple(row) for row in wanted}) > 1


@pytest.mark.parametrize("name", [*SHARING, "led"])
def test_what_the_encoder_says_is_kept_once_and_stays_in_place(name: str) -> None:
    model = Model(name)
    beams.adapt(model.weights)
    inputs = model.shared(4)
    (cache,) = (value for name, value in inputs.items() if name != "encoder_outputs")
    assert cache.get_seq_length() == 0  # the answer begins with nothing
    (layer,) = cache.cross_attention_cache.layers
    assert len(layer.keys) == len(ROWS) * (4 if name == "led" else 1)
    place = layer.keys.data_ptr()
    cache.reorder_cache(torch.tensor([3, 3, 0, 1, 4, 4, 4, 4, 9, 8, 11, 10]))
    assert layer.keys.data_ptr() == place


def test_a_generator_reads_each_input_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny.generator("bart", generation={"num_beams": 4})
    assert made._model.config._attn_implementation == beams.ATTENTION
    projection = made._model.model.decoder.layers[0].encoder_attn.k_proj
    rows: list[int] = []
    project: Callable[[torch.Tensor], torch.Tensor] = projection.forward

    def spied(states: torch.Tensor) -> torch.Tensor:
        rows.append(len(states))
        return project(states)

    monkeypatch.setattr(projection, "forward", spied)
    asked = tiny.requests()
    tiny.answers(made, asked)
    assert sum(rows) == len(asked)


def test_a_model_that_nobody_looked_at_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model("bart")
    monkeypatch.setattr(model.weights.config, "model_type", "t5gemma2")
    beams.adapt(model.weights)
    assert model.weights.config._attn_implementation == "sdpa"
    assert model.shared(4) == {}


@pytest.mark.parametrize("masked", [True, False])
def test_shared_keys_are_attended_to_like_repeated_ones(*, masked: bool) -> None:
    dice = torch.Generator().manual_seed(3)
    query = torch.randn(6, 2, 1, 8, generator=dice)
    key, value = torch.randn(2, 3, 2, 5, 8, generator=dice)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]], dtype=torch.bool)
    repeated = mask[:, None, None].repeat_interleave(2, dim=0) if masked else None
    module = torch.nn.Module()
    module.is_causal = False  # type: ignore[assignment]  # a flag of attention layers
    found, _ = beams.attend(module, query, key, value, repeated, scaling=0.3)
    wanted, _ = sdpa_attention_forward(
        module,
        query,
        key.repeat_interleave(2, 0),
        value.repeat_interleave(2, 0),
        repeated,
        scaling=0.3,
    )
    assert found.shape == (6, 1, 2, 8)
    torch.testing.assert_close(found, wanted)
