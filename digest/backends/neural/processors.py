"""Logits processors: penalties on the answer alone, and sampling that neighbours do not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

    Processor = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def processors(strategy: dict[str, Any], *, prompt: int, seeds: Sequence[int]) -> Any:  # noqa: ANN401 - transformers is imported lazily
    """Return what is done to the scores of each next token, in order.

    Args:
        strategy: of `generation.decoding`.
        prompt: columns before the answer: padded prompt, or the decoder's start token.
        seeds: one per row, used for sampling only.
    """
    from transformers.generation.logits_process import (  # noqa: PLC0415 - 0.9 s
        LogitsProcessorList,
        NoRepeatNGramLogitsProcessor,
        RepetitionPenaltyLogitsProcessor,
        TemperatureLogitsWarper,
        TopPLogitsWarper,
    )

    steps: list[Processor] = []
    if strategy["repetition_penalty"] != 1.0:
        steps.append(
            _after(RepetitionPenaltyLogitsProcessor(strategy["repetition_penalty"]), prompt)
        )
    if strategy["no_repeat_ngram_size"]:
        steps.append(_after(NoRepeatNGramLogitsProcessor(strategy["no_repeat_ngram_size"]), prompt))
    if strategy["do_sample"]:
        if strategy["temperature"] != 1.0:
            steps.append(TemperatureLogitsWarper(strategy["temperature"]))
        if strategy["top_p"] != 1.0:
            steps.append(TopPLogitsWarper(strategy["top_p"]))
        steps.append(_noise(seeds))
    return LogitsProcessorList(steps)


def _after(processor: Processor, prompt: int) -> Processor:
    """Let a processor see the answer only.

    transformers counts the prompt of a causal model: no_repeat_ngram_size 3 would forbid every name
    of three words that the articles use.
    """

    def apply(ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return processor(ids[:, prompt:], scores) if ids.shape[1] > prompt else scores

    return apply


def _noise(seeds: Sequence[int]) -> Processor:
    """Add Gumbel noise: the largest sum is a sample of softmax (Gumbel-max), so argmax samples.

    Each row has its own dice, thrown on the CPU: the same on every device and in every batch.
    """
    import torch  # noqa: PLC0415 - 1.7 s

    dice = [torch.Generator().manual_seed(seed) for seed in seeds]

    def apply(_: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        drawn = torch.stack(
            [torch.empty(scores.shape[1]).exponential_(generator=die) for die in dice]
        )
        return scores - drawn.clamp_min(1e-30).log().to(scores.device)

    return apply
