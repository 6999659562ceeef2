"""Train an embedded model: corpora → examples → weights → what ships, measured as it ships."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from digest.errors import UsageError
from digest.training.embedded_card import Described, embedded_card
from digest.training.examples import file_sha256
from digest.training.folders import RECORD, Workshop, as_json, last_checkpoint
from digest.training.loop import Losses, fit
from digest.training.measured import Measured
from digest.training.seq2seq import library_versions
from digest.training.tagging.examples import batches, split
from digest.training.tagging.trainee import TaggingTrainee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digest.backends.embedded.tagger import Tagger
    from digest.protocols import Progress
    from digest.training.settings import TaggingTraining
    from digest.training.tagging.examples import Item, Tagged

_LIBRARIES: Final = ("digest", "accelerate", "onnx", "onnxruntime", "tokenizers", "torch")


class TaggingTask(Protocol):
    """A question that is asked of words, and the corpora that answer it."""

    @property
    def heads(self) -> Mapping[str, Sequence[str]]:
        """Name of each head → its labels, in the order of its scores."""
        ...

    @property
    def weights(self) -> Mapping[str, float]:
        """Name of each head → weight of its loss."""
        ...

    @property
    def about(self) -> str:
        """What the model does, which corpora it has learned from and their licences: the card."""
        ...

    def files(self, corpora: Path) -> tuple[Path, ...]:
        """Return the files that are read, learned from or measured on, under the given folder."""
        ...

    def training(self, corpora: Path, *, seed: int) -> list[Tagged]:
        """Return what is learned from."""
        ...

    def finishing(self, corpora: Path) -> list[Tagged]:
        """Return what is learned last and gently, since it is most like what a run meets."""
        ...

    def measure(self, tagger: Tagger, corpora: Path) -> Mapping[str, float]:
        """Return the scores of the finished model, by name, on data that was not learned from."""
        ...


def train_tagger(
    settings: TaggingTraining, task: TaggingTask, *, resume: bool = False, progress: Progress
) -> Measured:
    """Train an encoder with a task's heads and put it, quantized, into `settings.output`.

    Args:
        settings: how, from which encoder, on which folder of corpora.
        task: what.
        resume: go on with an unfinished training; begins one where there is none.
        progress: told of the steps.

    Raises:
        UsageError: the encoder or a corpus is not there or damaged, nothing can be learned, DIR is
            no model folder, or the unfinished training was another one.
        BackendError: memory ended, or the loss is no number any more.
    """
    workshop = Workshop(settings.output)
    workshop.check(resume=resume)
    sizes = {name: len(labels) for name, labels in task.heads.items()}
    trainee = TaggingTrainee(settings.model, heads=sizes, weights=task.weights, seed=settings.seed)
    record = _record(settings, task)
    checkpoint = workshop.last(record)
    items = split(task.training(settings.corpora, seed=settings.seed), trainee.pieces)
    if not items:
        raise UsageError(f"nothing to learn from in the corpora of {settings.corpora}")
    workshop.begin(record)
    began = time.perf_counter()
    last = split(task.finishing(settings.corpora), trainee.pieces)
    losses = _fitted(trainee, settings, items, workshop.partial, checkpoint, progress)
    if last:
        folder = workshop.partial / "finishing"
        gentle, earlier = _gently(settings), last_checkpoint(folder)
        finish = _fitted(trainee, gentle, last, folder, earlier, progress)
        losses = _together(losses, finish)
    seconds = time.perf_counter() - began
    scores: dict[str, float] = {}

    def write(folder: Path) -> None:
        from digest.backends.embedded.tagger import Tagger  # noqa: PLC0415 - onnxruntime, 0.1 s
        from digest.training.tagging.export import export  # noqa: PLC0415 - onnx, needed last

        export(trainee, task.heads, folder, encoder=settings.model)
        scores.update(task.measure(Tagger(folder), settings.corpora))
        card = embedded_card(
            _described(settings, task, record),
            record,
            losses,
            scores,
            examples=len(items) + len(last),
            seconds=seconds,
        )
        (folder / "README.md").write_text(card, encoding="utf-8")
        (folder / RECORD).write_text(as_json(record), encoding="utf-8")

    workshop.publish(write)
    return Measured(output=settings.output, losses=losses, scores=scores)


def _described(
    settings: TaggingTraining, task: TaggingTask, record: Mapping[str, Any]
) -> Described:
    return Described(
        name=settings.task,
        pipeline="token-classification",
        library="onnxruntime",
        about=task.about,
        weights="Weights are int8 (dynamic quantization, a scale for each output channel); the"
        " scores below are of what this folder holds.",
        encoder=f"The encoder began as `{record['encoder_sha256']}` (SHA-256), its word embeddings"
        " unchanged.",
    )


def _gently(settings: TaggingTraining) -> TaggingTraining:
    """Return the settings of the finish: 8e-5 where 2e-4 came before, two epochs of its own."""
    return settings.model_copy(
        update={
            "learning_rate": 0.4 * settings.learning_rate,
            "epochs": min(2.0, settings.epochs),
            "batch_size": max(1, 3 * settings.batch_size // 4),
        }
    )


def _fitted(
    trainee: TaggingTrainee,
    settings: TaggingTraining,
    items: Sequence[Item],
    folder: Path,
    checkpoint: Path | None,
    progress: Progress,
) -> Losses:
    return fit(
        trainee,
        settings.model_copy(update={"batch_size": 1}),  # of batches that are made already
        batches(items, size=settings.batch_size, seed=settings.seed),
        (),
        folder=folder,
        checkpoint=checkpoint,
        progress=progress,
    )


def _together(first: Losses, second: Losses) -> Losses:
    later = tuple((first.steps + step, loss) for step, loss in second.training)
    return Losses(
        training=(*first.training, *later), validation=(), steps=first.steps + second.steps
    )


def _record(settings: TaggingTraining, task: TaggingTask) -> dict[str, Any]:
    """Return what decides the weights, as JSON: no time, no place on this machine."""
    return {
        "encoder_sha256": file_sha256(settings.model / "model.safetensors"),
        "settings": settings.decisive,
        "corpora": {path.name: file_sha256(path) for path in task.files(settings.corpora)},
        "libraries": library_versions(_LIBRARIES),
    }
