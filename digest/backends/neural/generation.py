"""How a model decodes: everything stated, nothing left to a checkpoint's own defaults.

`generate` fills what a passed configuration leaves open from the checkpoint's (max_length 142,
min_length 56, no_repeat_ngram_size 3 for BART fine-tuned on CNN), without a word. So the model's
own is emptied when it is loaded, and the effective one is built here from our configuration and the
model's token ids.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from digest.backends.neural.generator import Request
    from digest.backends.neural.loading import Checkpoint
    from digest.config import GenerationConfig

# A model that is stopped at the budget is stopped inside a sentence. One more sentence of news has
# about 25 words; what is too long is cut at a sentence end by the writer.
_ENDING_WORDS: Final = 25
# Tokens per word are rounded up to a step, so that requests share batches: within one language and
# model they differ by less, and a request's limit must not depend on its neighbours.
_RATIO_STEP: Final = 0.5
_RATIOS: Final = (1.0, 16.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIds:
    """The ids that steer decoding. `eos` are all that end a text."""

    eos: tuple[int, ...]
    pad: int
    bos: int | None = None
    decoder_start: int | None = None
    forced_bos: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many tokens an answer may have; requests with the same limits can share a batch."""

    min_new_tokens: int
    max_new_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request in a model's own terms. `seed` is of the request alone."""

    ids: tuple[int, ...]
    limits: Limits
    seed: int


def token_ids(checkpoint: Checkpoint) -> TokenIds:
    """Return the ids by which a checkpoint begins, pads and ends a text.

    Chat models end a turn by another token than a text, and say so in one of three places: all of
    them count.
    """
    config, tokenizer = checkpoint.config, checkpoint.tokenizer

    def all_of(name: str) -> list[Any]:
        named = (getattr(place, name, None) for place in (config, tokenizer))
        return [i for i in (checkpoint.defaults.get(name), *named) if i is not None]

    def first(name: str) -> int | None:
        return next(iter(all_of(name)), None)

    ends: set[int] = set()
    for eos in all_of("eos_token_id"):
        ends.update(eos if isinstance(eos, (list, tuple)) else [eos])
    pad = first("pad_token_id")
    start = first("decoder_start_token_id")
    if start is None and config.is_encoder_decoder:
        start = first("bos_token_id")
    return TokenIds(
        eos=tuple(sorted(ends)),
        pad=min(ends, default=0) if pad is None else pad,
        bos=first("bos_token_id"),
        decoder_start=start,
        forced_bos=first("forced_bos_token_id"),
    )


def decoding(config: GenerationConfig, *, candidates: int, seed: int = 0) -> dict[str, Any]:
    """Return the effective strategy, as JSON: what is generated, but for each request's limits.

    Candidates come from the widest beam, or are sampled; then there is no beam. `early_stopping`
    ends a beam search when as many texts as beams are finished: what summarization checkpoints were
    tuned with, and what CTranslate2 does. `seed` matters where dice are thrown, and only there.
    """
    chosen: dict[str, Any] = {
        "do_sample": config.do_sample,
        "num_beams": 1 if config.do_sample else max(config.num_beams, candidates),
        "num_return_sequences": candidates,
        "repetition_penalty": config.repetition_penalty,
        "no_repeat_ngram_size": config.no_repeat_ngram_size,
        "min_words": config.min_words,
        "ending_words": _ENDING_WORDS,
        "ratio_step": _RATIO_STEP,
    }
    if config.do_sample:
        chosen |= {"temperature": config.temperature, "top_p": config.top_p, "seed": seed}
    elif chosen["num_beams"] != 1:
        chosen |= {"length_penalty": config.length_penalty, "early_stopping": True}
    return chosen


def effective(strategy: dict[str, Any], ids: TokenIds, limits: Limits) -> Any:  # noqa: ANN401 - transformers is imported lazily
    """Return the transformers configuration of one call.

    Sampling and penalties are logits processors of ours (`processors`), so that a text depends on
    its request alone and penalties see the answer and not the prompt.
    """
    from transformers import GenerationConfig  # noqa: PLC0415 - 0.9 s

    beam = {k: v for k, v in strategy.items() if k in ("length_penalty", "early_stopping")}
    build: Any = GenerationConfig  # untyped
    return build(
        do_sample=False,
        num_beams=strategy["num_beams"],
        num_return_sequences=1 if strategy["do_sample"] else strategy["num_return_sequences"],
        bos_token_id=ids.bos,
        eos_token_id=list(ids.eos) or None,
        pad_token_id=ids.pad,
        decoder_start_token_id=ids.decoder_start,
        forced_bos_token_id=ids.forced_bos,
        use_cache=True,
        **beam,
        **asdict(limits),
    )


def limits_of(
    request: Request, *, tokens: int, min_words: int, most: int | None, extra: int = 0
) -> Limits:
    """Return the limits of an answer, from the words it may have and how long words are here.

    Args:
        request: the budget, and the documents that show the language.
        tokens: length of the documents in the model's tokens.
        min_words: fewer are not accepted, as far as the budget allows.
        most: what the model's positions leave for the answer, None without an end.
        extra: tokens for what is not part of the answer, such as thinking.
    """
    words = sum(len(document.split()) for document in request.documents)
    ratio = math.ceil(tokens / max(words, 1) / _RATIO_STEP) * _RATIO_STEP
    ratio = min(max(ratio, _RATIOS[0]), _RATIOS[1])
    longest = math.ceil((request.max_words + _ENDING_WORDS) * ratio) + extra
    longest = longest if most is None else min(longest, most)
    least = math.floor(min(min_words, request.max_words) * ratio)
    return Limits(min_new_tokens=min(least, longest - 1), max_new_tokens=longest)


def seed_of(request: Request, *, seed: int = 0) -> int:
    """Return the request's dice, in [0, 2**63), whatever is asked beside it.

    Args:
        request: decides, so that equal requests get equal texts.
        seed: the run's.
    """
    text = json.dumps([seed, request.documents, request.max_words, request.partial])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def cut(ids: list[int], tokens: TokenIds) -> tuple[list[int], bool]:
    """Return the tokens before the first that ends a text, and whether there is one.

    >>> cut([5, 6, 2, 1, 1], TokenIds(eos=(2,), pad=1))
    ([5, 6], True)
    >>> cut([5, 6, 7], TokenIds(eos=(2,), pad=1))
    ([5, 6, 7], False)
    """
    end = next((place for place, token in enumerate(ids) if token in tokens.eos), None)
    return (ids, False) if end is None else (ids[:end], True)
