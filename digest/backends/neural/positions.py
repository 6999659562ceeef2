"""How many tokens a model can read and write: from its configuration, never from its tokenizer.

A tokenizer's `model_max_length` is 1e30 where nobody set it, and `truncation=True` then cuts
nothing; one token too many is an IndexError in BART, PEGASUS and LED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from digest.errors import BackendError

if TYPE_CHECKING:
    from digest.backends.neural.loading import Checkpoint

_READ: Final = (
    "max_encoder_position_embeddings",  # LED
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
)
_WRITTEN: Final = ("max_decoder_position_embeddings", "max_position_embeddings", "n_positions")
# Relative positions have no end, but a model is no good far beyond the lengths it was trained on:
# 512 for T5 (Raffel et al. 2020), 4096 for LongT5 (Guo et al. 2022).
_TRAINED: Final = {"longt5": 4096}
_TRAINED_ELSE: Final = 512


def input_limit(checkpoint: Checkpoint, wanted: int | None) -> int:
    """Return the most tokens an input may have, special tokens included.

    Args:
        checkpoint: the model.
        wanted: `max_input_tokens`, which may go beyond the trained length of relative positions.

    Raises:
        BackendError: more is wanted than the model has positions, or nobody says how many.
    """
    config = _part(checkpoint.config, "encoder")
    limit = _first(config, _READ)
    if _is_relative(config):
        return wanted or limit or _TRAINED.get(config.model_type, _TRAINED_ELSE)
    if limit is None:
        if wanted is None:
            raise BackendError(
                f"{checkpoint.name} does not say how many tokens its inputs may have; set"
                " max_input_tokens"
            )
        return wanted
    window = _window(config)
    limit -= limit % window  # LED pads to whole windows, beyond its last position if need be
    if wanted is not None and wanted > limit:
        raise BackendError(
            f"max_input_tokens: {wanted} is more than the {limit} positions of"
            f" {checkpoint.name}; lower it, or leave it out"
        )
    return wanted or limit


def output_limit(checkpoint: Checkpoint) -> int | None:
    """Return the most tokens a decoder can write, its start token included, None without end."""
    config = _part(checkpoint.config, "decoder")
    return None if _is_relative(config) else _first(config, _WRITTEN)


def _part(config: Any, name: str) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
    """Return the configuration of one side, where the two have one each (T5Gemma)."""
    part = getattr(config, name, None)
    return part if hasattr(part, "model_type") else config.get_text_config()


def _first(config: Any, names: tuple[str, ...]) -> int | None:  # noqa: ANN401 - as above
    values = (getattr(config, name, None) for name in names)
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _is_relative(config: Any) -> bool:  # noqa: ANN401 - as above
    return getattr(config, "relative_attention_num_buckets", None) is not None


def _window(config: Any) -> int:  # noqa: ANN401 - as above
    window = getattr(config, "attention_window", None)
    return (max(window) if isinstance(window, (list, tuple)) else window) or 1
