"""The commands `digest train …`: each parses, calls one function, prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from digest.protocols import Progress
    from digest.training.measured import Measured

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Fine-tune models on corpora that lie on this machine.",
)

_EXAMPLE = (
    "Example: `digest train seq2seq --model facebook/bart-large-cnn --corpus train.jsonl "
    "--validation dev.jsonl --output models/bart-news`"
)


@app.callback()
def group() -> None:
    """Fine-tune models on corpora that lie on this machine."""


@app.command(epilog=_EXAMPLE)
def seq2seq(  # noqa: PLR0913, PLR0917 - an argument for each option of the command line
    model: Annotated[str, typer.Option(help="Folder, or name on the hub.")],
    corpus: Annotated[Path, typer.Option(help="JSONL or Parquet file with references.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Model folder.")],
    validation: Annotated[Path | None, typer.Option(help="As --corpus; never learned.")] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="For its clean, dedup, cluster and facts."),
    ] = None,
    revision: Annotated[str | None, typer.Option(help="Commit or tag on the hub.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    dtype: Annotated[
        str, typer.Option(help="Of products; auto: bfloat16 on cuda, else float32.")
    ] = "auto",
    epochs: Annotated[float, typer.Option(help="Times that every pair is seen.")] = 3.0,
    max_steps: Annotated[int | None, typer.Option(help="Instead of --epochs.")] = None,
    learning_rate: Annotated[float, typer.Option(help="At its height.")] = 3e-5,
    batch_size: Annotated[int, typer.Option(help="Pairs in memory at once.")] = 4,
    gradient_accumulation: Annotated[int, typer.Option(help="Batches of one step.")] = 4,
    max_input_tokens: Annotated[
        int | None, typer.Option(help="Instead of what the model allows.")
    ] = None,
    max_target_tokens: Annotated[int | None, typer.Option(help="Instead of 512.")] = None,
    prefix: Annotated[str, typer.Option(help='Before the input: "summarize: " for T5.')] = "",
    separator: Annotated[str | None, typer.Option(help="Between articles.")] = None,
    save_steps: Annotated[int, typer.Option(help="Steps from checkpoint to checkpoint.")] = 500,
    seed: Annotated[int, typer.Option(help="Of order and dropout.")] = 0,
    *,
    download: Annotated[bool, typer.Option(help="Whether the hub may be asked.")] = True,
    gradient_checkpointing: Annotated[
        bool, typer.Option("--gradient-checkpointing", help="Half the memory, a third slower.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished training.")
    ] = False,
) -> None:
    """Fine-tune an encoder-decoder (BART, PEGASUS, T5, LED …) on clusters with references."""
    values = dict(locals())
    from digest.config import Config, load_config  # noqa: PLC0415 - --help must answer at once
    from digest.console import console_progress  # noqa: PLC0415 - as above
    from digest.training.seq2seq import train_seq2seq  # noqa: PLC0415 - as above
    from digest.training.settings import Seq2SeqTraining, parse_settings  # noqa: PLC0415 - as above

    effective = load_config(config) if config else Config(schema_version=1)
    settings = parse_settings(
        Seq2SeqTraining, {k: v for k, v in values.items() if k not in {"config", "resume"}}
    )
    with console_progress() as progress:
        trained = train_seq2seq(settings, effective, resume=resume, progress=progress)
    typer.echo(f"{trained.told}; written to {trained.output}, its card is README.md there")


_ENCODER = "Folder of a BERT encoder: config.json, model.safetensors, tokenizer.json."
_CORPORA = "Folder with the corpora, as docs/embedded-models.md lists them."


def _trained(task: str, values: dict[str, Any]) -> None:
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once

    resume = bool(values.pop("resume"))
    with console_progress() as progress:
        train = _embedding if task == "embed" else _tagger
        trained = train(task, values, resume=resume, progress=progress)
    typer.echo(f"{trained.told}; written to {trained.output}, its card is README.md there")


def _tagger(task: str, values: dict[str, Any], *, resume: bool, progress: Progress) -> Measured:
    from digest.training.settings import TaggingTraining, parse_settings  # noqa: PLC0415 - as above
    from digest.training.tagging import TASKS  # noqa: PLC0415 - as above
    from digest.training.tagging.train import train_tagger  # noqa: PLC0415 - as above

    settings = parse_settings(TaggingTraining, {**values, "task": task})
    return train_tagger(settings, TASKS[task](), resume=resume, progress=progress)


def _embedding(_task: str, values: dict[str, Any], *, resume: bool, progress: Progress) -> Measured:
    from digest.training.embedding.train import train_embedding  # noqa: PLC0415 - as above
    from digest.training.settings import (  # noqa: PLC0415 - as above
        EmbeddingTraining,
        parse_settings,
    )

    settings = parse_settings(EmbeddingTraining, values)
    return train_embedding(settings, resume=resume, progress=progress)


_Encoder = Annotated[Path, typer.Option(help=_ENCODER)]
_Corpora = Annotated[Path, typer.Option(help=_CORPORA)]
_Output = Annotated[Path, typer.Option("--output", "-o", help="Model folder.")]
_Epochs = Annotated[float, typer.Option(help="Times that every example is seen.")]
_MaxSteps = Annotated[int | None, typer.Option(help="Instead of --epochs.")]
_Rate = Annotated[float, typer.Option(help="At its height.")]
_BatchSize = Annotated[int, typer.Option(help="Sentences of a step, about.")]
_Dtype = Annotated[str, typer.Option(help="Of products: float32 or bfloat16.")]
_SaveSteps = Annotated[int, typer.Option(help="Steps from checkpoint to checkpoint.")]
_Seed = Annotated[int, typer.Option(help="Of order, dropout and what is drawn by lot.")]
_Resume = Annotated[bool, typer.Option("--resume", help="Go on with an unfinished training.")]


def _command(
    task: str, *, about: str, seen: float, rate: float = 2e-4, sentences: int = 64
) -> None:
    """Add the command that trains one embedded model.

    `seen`, `rate` and `sentences` are its defaults of --epochs, --learning-rate and --batch-size.
    """

    @app.command(name=task, help=about)
    def train(  # noqa: PLR0913, PLR0917 - an argument for each option of the command line
        model: _Encoder,
        corpora: _Corpora,
        output: _Output,
        epochs: _Epochs = seen,
        max_steps: _MaxSteps = None,
        learning_rate: _Rate = rate,
        batch_size: _BatchSize = sentences,
        dtype: _Dtype = "auto",
        save_steps: _SaveSteps = 500,
        seed: _Seed = 0,
        *,
        resume: _Resume = False,
    ) -> None:
        options = dict(locals())
        options.pop("task", None)  # of the function around
        _trained(task, options)

    _ = train


_command("ner", about="Train the embedded model that finds names.", seen=2.0, sentences=32)
_command(
    "compress",
    about="Train the embedded model that says which words of a sentence matter.",
    seen=3.0,
)
_command(
    "fuse",
    about="Train the embedded model that joins sentences and sees where words are missing.",
    seen=1.0,
)
_command(
    "embed",
    about="Train the embedded model that says how like two sentences are.",
    seen=4.0,
    rate=5e-3,
    sentences=256,
)
