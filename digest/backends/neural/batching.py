"""Batches of like length, longest first; out of memory halves them and the work goes on."""

from __future__ import annotations

import gc
import math
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch

    from digest.backends.neural.generation import Prepared

T = TypeVar("T")

# torch on a CPU, MPS and CTranslate2 have no class of their own for it.
_OUT_OF_MEMORY: Final = ("out of memory", "not enough memory", "can't allocate memory")


def run_batches(
    prepared: Sequence[Prepared],
    run: Callable[[list[Prepared]], list[T]],
    *,
    batch_tokens: int,
    step_tokens: int | None = None,
) -> Iterator[tuple[int, T | BackendError]]:
    """Yield each request's result, with its index, batch by batch.

    A batch holds requests with the same limits and as many of like length as `batch_tokens` admit,
    padding included; one request always runs. A step of the decoder reads all weights, whatever the
    size of the batch, so that another batch costs so many steps; a batch ends where its padding
    would cost more. The longest come first, so that memory ends at once
    or never. Where it ends the budget is halved for all that is left, and what does not even fit
    alone fails alone.

    Args:
        prepared: the requests.
        run: returns the results of one batch, in its order.
        batch_tokens: most input tokens of a batch, padding included.
        step_tokens: input tokens that are read in the time of a step; None where padding is free.
    """
    waiting = sorted(
        range(len(prepared)),
        key=lambda i: (
            -prepared[i].limits.max_new_tokens,
            -prepared[i].limits.min_new_tokens,
            -len(prepared[i].ids),
            i,
        ),
    )
    budget = batch_tokens
    while waiting:
        batch = _next_batch(waiting, prepared, budget, step_tokens)
        results = _attempt([prepared[i] for i in batch], run)
        if results is None and len(batch) > 1:
            budget = len(prepared[batch[0]].ids) * (len(batch) // 2)
            continue
        waiting = waiting[len(batch) :]
        if results is None:
            yield batch[0], _does_not_fit(prepared[batch[0]])
        elif isinstance(results, BackendError):
            yield from ((i, results) for i in batch)
        else:
            yield from zip(batch, results, strict=True)


def _next_batch(
    waiting: Sequence[int], prepared: Sequence[Prepared], budget: int, step_tokens: int | None
) -> list[int]:
    """Return the next indices that may run together; the first of them is the longest."""
    first = prepared[waiting[0]]
    longest = len(first.ids)
    spare = math.inf if step_tokens is None else step_tokens * first.limits.max_new_tokens
    batch: list[int] = []
    for index in waiting[: max(1, budget // max(1, longest))]:
        spare -= longest - len(prepared[index].ids)
        if prepared[index].limits != first.limits or spare < 0:
            break
        batch.append(index)
    return batch


def _attempt(
    batch: list[Prepared], run: Callable[[list[Prepared]], list[T]]
) -> list[T] | BackendError | None:
    """Return the results, None where memory ended, an error where the model's library failed."""
    try:
        return run(batch)
    except MemoryError:
        pass
    except BackendError as error:
        return error
    except RuntimeError as error:  # torch.OutOfMemoryError is one
        if not any(sign in str(error).lower() for sign in _OUT_OF_MEMORY):
            first = " ".join(str(error).split())[:400]
            return BackendError(
                f"the model failed on a batch of {len(batch)}: {type(error).__name__}: {first};"
                " with compile: true, try compile: false; else another dtype or device"
            )
    _free()  # outside of except: the traceback holds the tensors of the failed call
    return None


def _free() -> None:
    import torch  # noqa: PLC0415 - 1.7 s

    if torch.cuda.is_available():
        gc.collect()
        torch.cuda.empty_cache()


def _does_not_fit(request: Prepared) -> BackendError:
    return BackendError(
        f"memory ended on a single input of {len(request.ids)} tokens with up to"
        f" {request.limits.max_new_tokens} to write; lower max_input_tokens, num_beams or"
        " candidates, or take a smaller dtype"
    )


def pad(
    rows: Sequence[Sequence[int]], *, value: int, side: Literal["left", "right"], device: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and attention mask of shape (rows, longest row), on the device.

    Encoders are padded on the right. Causal models go on from the last column, so that they must be
    padded on the left.
    """
    import torch  # noqa: PLC0415 - 1.7 s

    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), value, dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for number, row in enumerate(rows):
        place = slice(longest - len(row), longest) if side == "left" else slice(0, len(row))
        ids[number, place] = torch.tensor(row, dtype=torch.long)
        mask[number, place] = 1
    return ids.to(device), mask.to(device)
