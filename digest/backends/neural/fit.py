"""Which checkpoints a kind of backend can run: the same rule for a run and for a look before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Compared with transformers token by token in the tests. CTranslate2 converts others, too, some of
# them wrongly.
CONVERTIBLE: Final = ("bart", "pegasus", "t5")
NO_TEMPLATE: Final = (
    "it has no chat template: it is a base model and would go on with the articles instead of"
    " summarizing them; take its instruct version, or add chat_template.jinja to the folder"
)


class MisfitError(BackendError):
    """A checkpoint is of another kind than the backend that was to run it."""


def misfit(kind: str, *, model_type: str, encoder_decoder: bool) -> str | None:
    """Return why a kind of backend cannot run a checkpoint, None where it can.

    Args:
        kind: seq2seq, chat or ctranslate2.
        model_type: as in config.json.
        encoder_decoder: as its configuration says.
    """
    from transformers.models.auto import modeling_auto  # noqa: PLC0415 - 0.9 s

    known: Mapping[str, object] = modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES
    if kind == "chat":
        known = modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
        if encoder_decoder:
            return f"it is an encoder-decoder ({model_type}): take kind: seq2seq"
    elif not encoder_decoder:
        return (
            f"it is no encoder-decoder ({model_type}): take kind: chat, if it was taught to answer"
        )
    if model_type not in known:
        return f"transformers has no class for its type ({model_type}) that writes text"
    if kind == "ctranslate2" and model_type not in CONVERTIBLE:
        return (
            f"it is of type {model_type}, and kind: ctranslate2 takes {', '.join(CONVERTIBLE)} only"
            " (not LED, LongT5, PEGASUS-X): take kind: seq2seq"
        )
    return None


def misfit_on_hub(kind: str, described: Mapping[str, Any], *, template_file: bool) -> str | None:
    """Return why a kind of backend could not run a model of the hub, None where nothing is known.

    Args:
        kind: seq2seq, chat or ctranslate2.
        described: what the hub tells of its configuration, {} where it does not.
        template_file: whether a chat template lies beside the weights.
    """
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING  # noqa: PLC0415 - 0.9 s

    model_type = described.get("model_type")
    if not isinstance(model_type, str):
        return None
    if model_type not in CONFIG_MAPPING:
        return f"transformers does not know its type ({model_type}), and its own code is never run"
    usual = CONFIG_MAPPING[model_type]()
    fault = misfit(kind, model_type=model_type, encoder_decoder=usual.is_encoder_decoder)
    if fault is not None or kind != "chat":
        return fault
    tokenizer = described.get("tokenizer_config")
    templates = (template_file, described.get("chat_template_jinja"))
    if not isinstance(tokenizer, dict) or tokenizer.get("chat_template") or any(templates):
        return None
    return NO_TEMPLATE
