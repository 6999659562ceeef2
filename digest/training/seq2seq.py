"""Fine-tune an encoder-decoder on clusters with references."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from digest.backends.neural.generator import Generated
from digest.text.sentences import count_words
from digest.training.card import Facts, Lengths, model_card
from digest.training.examples import file_sha256, read_examples
from digest.training.folders import RECORD, Workshop, as_json
from digest.training.kept import keep, recall
from digest.training.loop import Losses, fit
from digest.training.trainee import Trainee

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.config import Config
    from digest.protocols import Progress
    from digest.training.examples import Examples
    from digest.training.settings import Seq2SeqTraining

_LIBRARIES: Final = ("digest", "accelerate", "tokenizers", "torch", "transformers")
# The sections that decide what a model reads.
_STAGES: Final = ("clean", "dedup", "cluster", "facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A finished training: the model's folder, and what was measured."""

    output: Path
    training: Examples
    validation: Examples | None
    losses: Losses
    lengths: Lengths | None

    @property
    def told(self) -> str:
        """The outcome in one line."""
        text = f"{self.losses.steps} steps"
        if self.losses.training:
            (_, first), (_, last) = self.losses.training[0], self.losses.training[-1]
            text += f", training loss {first:.3f} → {last:.3f}"
        if self.losses.validation:
            text += f", validation loss {self.losses.validation[-1][1]:.3f}"
        return text


def train_seq2seq(
    settings: Seq2SeqTraining, config: Config, *, resume: bool = False, progress: Progress
) -> Trained:
    """Fine-tune a model and put it into `settings.output`, last and in one step.

    Until then everything is in `DIR.partial`: the checkpoints, with optimizer and dice, are what
    `resume` goes on from. A training that fails leaves an earlier model in DIR as it was.

    Args:
        settings: what to train, on what, how.
        config: its `clean`, `dedup`, `cluster` and `facts` prepare the articles, as in a run.
        resume: go on with an unfinished training; begins one where there is none.
        progress: told of rows and steps.

    Raises:
        UsageError: the model is no encoder-decoder, a corpus gives nothing to learn from, DIR is
            no model folder, or the unfinished training was another one.
        BackendError: the model cannot be read, memory ended, or the loss is no number any more.
    """
    workshop = Workshop(settings.output)
    workshop.check(resume=resume)
    trainee = Trainee(settings)
    trainee.check()
    record = _record(trainee, settings, config)
    checkpoint = workshop.last(record)

    def read(path: Path, name: str) -> Examples:
        return recall(workshop.partial / f"{name}.jsonl") or read_examples(
            path, trainee, config, stage=f"read {name}", progress=progress
        )

    training = read(settings.corpus, "corpus")
    validation = read(settings.validation, "validation") if settings.validation else None
    workshop.begin(record)
    keep(training, workshop.partial / "corpus.jsonl")
    if validation:
        keep(validation, workshop.partial / "validation.jsonl")
    began = time.perf_counter()
    losses = fit(
        trainee,
        settings,
        training.pairs,
        validation.pairs if validation else (),
        folder=workshop.partial,
        checkpoint=checkpoint,
        progress=progress,
    )
    lengths = _lengths(trainee, validation) if validation else None
    facts = Facts(
        record=record,
        training=training,
        validation=validation,
        losses=losses,
        lengths=lengths,
        seconds=time.perf_counter() - began,
    )

    def write(folder: Path) -> None:
        trainee.save(folder)
        (folder / "README.md").write_text(model_card(facts), encoding="utf-8")
        (folder / RECORD).write_text(as_json(record), encoding="utf-8")

    workshop.publish(write)
    return Trained(
        output=settings.output,
        training=training,
        validation=validation,
        losses=losses,
        lengths=lengths,
    )


def _record(trainee: Trainee, settings: Seq2SeqTraining, config: Config) -> dict[str, Any]:
    """Return what decides the weights, as JSON: no time, no place on this machine but the model."""
    return {
        "model": settings.model,
        "revision": trainee.revision,
        "device": trainee.device,
        "settings": settings.decisive,
        "stages": config.model_dump(mode="json", include=set(_STAGES)),
        "corpus_sha256": file_sha256(settings.corpus),
        "validation_sha256": settings.validation and file_sha256(settings.validation),
        "libraries": library_versions(_LIBRARIES),
    }


def library_versions(names: Sequence[str]) -> dict[str, str]:
    """Return the version of each library, for the record of a training."""
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"


def _lengths(trainee: Trainee, validation: Examples) -> Lengths:
    """Write the first clusters of the validation greedily: too short and endless texts show."""
    outcomes = [outcome for _, outcome in trainee.generate(validation.requests)]
    written = [count_words(o.texts[0]) for o in outcomes if isinstance(o, Generated)]
    return Lengths(
        texts=len(written),
        written=sum(written) / max(1, len(written)),
        reference=sum(validation.words) / len(validation.words),
    )
