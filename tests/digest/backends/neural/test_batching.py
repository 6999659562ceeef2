from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.neural.batching import pad, run_batches
from digest.backends.neural.generation import Limits, Prepared
from digest.errors import BackendError
from tests.digest.backends.neural import tiny

if TYPE_CHECKING:
    from typing import Any

LIMITS = Limits(min_new_tokens=0, max_new_tokens=9)


def prepared(length: int, limits: Limits = LIMITS) -> Prepared:
    return Prepared(ids=(7,) * length, limits=limits, seed=0)


class Recorder:
    """Answers each request with its length; runs out of memory above a number of tokens."""

    def __init__(self, memory: int = 10**9, error: BaseException | None = None) -> None:
        self.memory = memory
        self.error = error or MemoryError()
        self.batches: list[list[int]] = []

    def __call__(self, batch: list[Prepared]) -> list[int]:
        lengths = [len(request.ids) for request in batch]
        self.batches.append(lengths)
        if len(lengths) * max(lengths) > self.memory:
            raise self.error
        return lengths


def outcomes_of(
    asked: list[Prepared], run: Recorder, *, batch_tokens: int
) -> list[tuple[int, int | BackendError]]:
    found = run_batches(asked, run, batch_tokens=batch_tokens)
    return list(found)


@settings(deadline=None)
@given(
    lengths=st.lists(st.integers(1, 300), max_size=30),
    groups=st.lists(st.integers(1, 2), min_size=30, max_size=30),
    budget=st.integers(1, 1000),
    memory=st.integers(1, 1000),
)
def test_each_request_runs_once_within_budget_and_memory(
    lengths: list[int], groups: list[int], budget: int, memory: int
) -> None:
    asked = [
        prepared(length, Limits(min_new_tokens=0, max_new_tokens=group))
        for length, group in zip(lengths, groups, strict=False)
    ]
    run = Recorder(memory)
    outcomes = outcomes_of(asked, run, batch_tokens=budget)
    assert sorted(number for number, _ in outcomes) == list(range(len(lengths)))
    for number, outcome in outcomes:
        assert (outcome == lengths[number]) == (lengths[number] <= memory)
    for batch in run.batches:
        assert len(batch) == 1 or len(batch) * max(batch) <= budget
        assert batch == sorted(batch, reverse=True)


def test_requests_of_like_length_share_a_batch_longest_first() -> None:
    run = Recorder()
    lengths = [10, 300, 12, 280, 11]
    outcomes_of([prepared(n) for n in lengths], run, batch_tokens=600)
    assert run.batches == [[300, 280], [12, 11, 10]]


def test_a_batch_ends_where_its_padding_costs_more_than_another_batch() -> None:
    lengths = [100, 95, 90, 80, 30, 29, 28, 2]
    for step_tokens, batches in (
        (None, [lengths]),
        (4, [[100, 95, 90, 80], [30, 29, 28, 2]]),  # 4 tokens a step, 9 steps: 36 of padding
        (0, [[length] for length in lengths]),
    ):
        run = Recorder()
        found = run_batches(
            [prepared(n) for n in lengths], run, batch_tokens=10_000, step_tokens=step_tokens
        )
        assert sorted(found) == list(enumerate(lengths))
        assert run.batches == batches


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9.06 GB)"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
    ],
)
def test_out_of_memory_halves_the_batch_for_good(error: BaseException) -> None:
    run = Recorder(450, error)
    outcomes = dict(outcomes_of([prepared(100) for _ in range(10)], run, batch_tokens=800))
    assert outcomes == dict.fromkeys(range(10), 100)
    assert [len(batch) for batch in run.batches] == [8, 4, 4, 2]


def test_what_does_not_fit_alone_fails_alone() -> None:
    lengths = [100, 900, 100]
    outcomes = dict(outcomes_of([prepared(n) for n in lengths], Recorder(450), batch_tokens=2000))
    assert outcomes[0] == outcomes[2] == 100
    assert "a single input of 900 tokens" in str(outcomes[1])


def test_another_failure_is_reported_and_not_tried_again() -> None:
    run = Recorder(150, RuntimeError("device-side assert triggered"))
    outcomes = dict(outcomes_of([prepared(n) for n in (100, 100, 10)], run, batch_tokens=200))
    assert outcomes[2] == 10
    assert isinstance(outcomes[0], BackendError)
    assert "batch of 2: RuntimeError: device-side assert" in str(outcomes[1])
    assert len(run.batches) == 2


def test_a_bug_is_a_traceback() -> None:
    with pytest.raises(TypeError):
        outcomes_of([prepared(9)], Recorder(1, TypeError("bug")), batch_tokens=200)


def test_padding_is_on_the_side_that_the_model_needs() -> None:
    ids, mask = pad([[5, 6, 7], [8]], value=1, side="right", device="cpu")
    assert ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    ids, mask = pad([[5, 6, 7], [8]], value=1, side="left", device="cpu")
    assert ids.tolist() == [[5, 6, 7], [1, 1, 8]]
    assert mask.tolist() == [[1, 1, 1], [0, 0, 1]]


def test_a_model_that_runs_out_of_memory_writes_the_same_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = tiny.generator("bart", generation={"num_beams": 2})
    wanted = tiny.answers(made, tiny.requests())
    generate = made._model.generate
    rows: list[int] = []

    def short_of_memory(**inputs: Any) -> Any:
        rows.append(len(inputs["input_ids"]))
        if rows[-1] > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return generate(**inputs)

    monkeypatch.setattr(made._model, "generate", short_of_memory)
    assert tiny.answers(made, tiny.requests()) == wanted
    assert rows == [4, 2, 1, 1, 1, 1]
