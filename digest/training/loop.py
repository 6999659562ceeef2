"""The training loop is transformers' Trainer; here is what it is told, and what it may not do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol

from digest.backends.neural.loading import quiet
from digest.errors import BackendError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.protocols import Progress
    from digest.training.settings import LoopSettings

STAGE: Final = "train"
# A twentieth of the steps to warm up, as in the summarization recipes of BART and PRIMERA (500 of
# 20,000, 2,500 of 25,000).
_WARM_UP: Final = 0.05
_WEIGHT_DECAY: Final = 0.01
_LOGS: Final = 20


class Trainable(Protocol):
    """What the loop changes: weights that give a `loss` for the batches that `collate` makes."""

    @property
    def network(self) -> Any:  # noqa: ANN401 - a torch module; torch is imported lazily
        """The weights."""
        ...

    @property
    def device(self) -> str:
        """Where it is trained: cpu, cuda or mps."""
        ...

    def collate(self, pairs: Sequence[Any], /) -> dict[str, Any]:
        """Return the tensors of a batch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Cross entropy per token, as (step, loss): of batches on the way, and of the validation."""

    training: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    steps: int


def fit(
    trainee: Trainable,
    settings: LoopSettings,
    pairs: Sequence[Any],
    validation: Sequence[Any],
    *,
    folder: Path,
    checkpoint: Path | None,
    progress: Progress,
) -> Losses:
    """Change the trainee's weights until the steps are done.

    Args:
        trainee: the model.
        settings: how.
        pairs: what it learns from.
        validation: what its loss is measured on at each checkpoint and at the end; may be empty.
        folder: where checkpoints go.
        checkpoint: where to go on, None for the beginning.
        progress: told of every step.

    Raises:
        BackendError: memory ended, or the loss is no number any more.
    """
    import torch  # noqa: PLC0415 - 1.7 s

    with quiet():
        trainer = _trainer(trainee, settings, pairs, validation, folder)
        trainer.add_callback(_reporter(progress))
        try:
            trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
            measured = {step for step, _ in _losses(trainer.state).validation}
            if validation and trainer.state.global_step not in measured:
                trainer.evaluate()
        except torch.OutOfMemoryError as error:
            raise BackendError(
                f"memory ended on batches of {settings.batch_size}; lower --batch-size and raise"
                " --gradient-accumulation, lower --max-input-tokens, or set"
                " --gradient-checkpointing"
            ) from error
    trainee.network.eval()
    return _losses(trainer.state)


def _trainer(
    trainee: Trainable,
    settings: LoopSettings,
    pairs: Sequence[Any],
    validation: Sequence[Any],
    folder: Path,
) -> Any:  # noqa: ANN401 - transformers is imported lazily
    if find_spec("accelerate") is None:
        raise UsageError("training needs accelerate; pip install 'digest[train]'")
    from transformers import PrinterCallback, Trainer, TrainingArguments  # noqa: PLC0415 - 5 s

    untyped: Any = TrainingArguments
    checkpointing = "activation_checkpointing"  # its name since transformers 5.23
    if not hasattr(untyped, checkpointing):
        checkpointing = "gradient_checkpointing"
    arguments = untyped(
        **{checkpointing: settings.gradient_checkpointing},
        **_arguments(trainee, settings, len(pairs), folder, validates=bool(validation)),
    )
    _ = arguments.device  # sets the number of devices, which the next line has to undo
    arguments._n_gpu = min(1, arguments._n_gpu)  # noqa: SLF001 - else Trainer spreads over all GPUs
    build: Any = Trainer  # its hints want data sets of torch; whatever has length and items will do
    trainer = build(
        model=trainee.network,
        args=arguments,
        data_collator=trainee.collate,
        train_dataset=list(pairs),
        eval_dataset=list(validation) or None,
    )
    trainer.remove_callback(PrinterCallback)  # library code does not print
    return trainer


def _arguments(
    trainee: Trainable, settings: LoopSettings, pairs: int, folder: Path, *, validates: bool
) -> dict[str, Any]:
    device, precision = trainee.device, _precision(trainee, settings)
    per_epoch = math.ceil(pairs / (settings.batch_size * settings.gradient_accumulation))
    steps = settings.max_steps or math.ceil(per_epoch * settings.epochs)
    return {
        "output_dir": str(folder),
        "use_cpu": device == "cpu",
        "bf16": precision == "bfloat16",
        "fp16": precision == "float16",
        "dataloader_pin_memory": device == "cuda",
        "num_train_epochs": settings.epochs,
        "max_steps": settings.max_steps or -1,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": "linear",
        "warmup_steps": math.ceil(_WARM_UP * steps),
        "weight_decay": _WEIGHT_DECAY,
        "optim": "adamw_torch",
        "per_device_train_batch_size": settings.batch_size,
        "per_device_eval_batch_size": settings.batch_size,
        "gradient_accumulation_steps": settings.gradient_accumulation,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "save_strategy": "steps",
        "save_steps": settings.save_steps,
        "save_total_limit": 2,  # one may be cut off while it is written
        # Together with a checkpoint and before it: an evaluation takes from the dice, and one after
        # the checkpoint (at the end of the epoch) would be left out by the training that goes on.
        "eval_strategy": "steps" if validates else "no",
        "eval_steps": settings.save_steps,
        "prediction_loss_only": True,
        "remove_unused_columns": False,
        "logging_steps": max(1, min(settings.save_steps, steps // _LOGS)),
        "logging_nan_inf_filter": False,  # a loss that is no number must be seen
        "disable_tqdm": True,
        "report_to": "none",
    }


def _precision(trainee: Trainable, settings: LoopSettings) -> str:
    """Return what matrices are multiplied in; "auto" is float32 where bfloat16 is not at home.

    PEGASUS and T5 overflow in float16, so that nobody gets it without asking.
    """
    if settings.dtype != "auto":
        if settings.dtype == "float16" and trainee.device != "cuda":
            raise UsageError("--dtype float16 trains on cuda alone; take float32 or bfloat16")
        return settings.dtype
    import torch  # noqa: PLC0415 - 1.7 s

    able = trainee.device == "cuda" and torch.cuda.is_bf16_supported()
    return "bfloat16" if able else "float32"


def _reporter(progress: Progress) -> Any:  # noqa: ANN401 - transformers is imported lazily
    from transformers import TrainerCallback  # noqa: PLC0415 - 0.9 s

    class Reporter(TrainerCallback):
        """Tells of steps, and stops at a loss that is no number."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - Trainer's signature
            progress.start(STAGE, state.max_steps)
            for _step in range(state.global_step):
                progress.advance(STAGE)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - as above
            progress.advance(STAGE)

        def on_log(self, args: Any, state: Any, control: Any, **more: Any) -> None:  # noqa: ANN401, ARG002 - as above
            logs: dict[str, float] = more["logs"]
            for name in ("loss", "eval_loss"):
                if not math.isfinite(logs.get(name, 0.0)):
                    raise BackendError(
                        f"after step {state.global_step} the {name} is {logs[name]}; lower"
                        " --learning-rate, or train in --dtype float32"
                    )

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - as above
            losses = _losses(state).training
            said = (
                f"loss {losses[0][1]:.3f} at first, {losses[-1][1]:.3f} at last" if losses else ""
            )
            progress.finish(STAGE, f"{state.global_step} steps, {said}")

    return Reporter()


def _losses(state: Any) -> Losses:  # noqa: ANN401 - transformers is imported lazily
    def logged(name: str) -> tuple[tuple[int, float], ...]:
        found = {entry["step"]: float(entry[name]) for entry in state.log_history if name in entry}
        return tuple(sorted(found.items()))

    return Losses(
        training=logged("loss"), validation=logged("eval_loss"), steps=int(state.global_step)
    )
