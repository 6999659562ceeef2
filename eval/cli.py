"""The commands `digest eval …`: each parses, calls one function, prints."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - Typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from digest.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eval.records import Prediction

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def main() -> None:
    """Measure and compare systems."""


@app.command(name="predict")
def predict_command(
    config: Annotated[Path, typer.Option(help="A configuration.", show_default=False)],
    corpus: Annotated[
        str,
        typer.Option(
            help="JSONL, JSONL.xz or Parquet file, folder, or hub name.", show_default=False
        ),
    ],
    output: Annotated[Path, typer.Option(help="The JSONL file to write.", show_default=False)],
    max_words: Annotated[
        int | None, typer.Option(min=20, help="Instead of summarize.max_words.", show_default=False)
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="A.B=V", help="Override one key; repeatable."),
    ] = None,
) -> None:
    """Write one briefing text per cluster of a corpus.

    Rows are {"id", "prediction", "run"}, the prediction with one sentence per line. A cluster of
    which nothing could be written keeps its row, with an empty prediction.

    Example: digest eval predict --config configs/default.yaml --corpus corpus.jsonl
    --output predictions.jsonl --max-words 250
    """
    from digest.config import load_config  # noqa: PLC0415 - help starts fast
    from eval.corpora import read_corpus  # noqa: PLC0415 - as above
    from eval.predict import predict  # noqa: PLC0415 - as above

    with _told():
        budget = [] if max_words is None else [f"summarize.max_words={max_words}"]
        settings = load_config(config, (*(overrides or ()), *budget))
        examples = read_corpus(corpus)
        run = f"{config.stem}-{settings.sha256[:8]}"
        found = list(predict(settings, examples, run=run))
        _write(found, output)
    _report(found, output)


@contextmanager
def _told() -> Iterator[None]:
    """Turn an expected failure into its message and its exit code."""
    try:
        yield
    except DigestError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


def _write(predictions: list[Prediction], output: Path) -> None:
    from digest.errors import UsageError  # noqa: PLC0415 - as above
    from digest.store import write_atomically  # noqa: PLC0415 - pydantic, 0.1 s

    rows = [{"id": p.id, "prediction": p.prediction, "run": p.run} for p in predictions]
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
    except OSError as error:
        raise UsageError(f"--output {output} cannot be written: {error}") from error


def _report(predictions: list[Prediction], output: Path) -> None:
    failed = [prediction for prediction in predictions if prediction.failure]
    for prediction in failed:
        typer.echo(f"empty: {prediction.id}: {prediction.failure}", err=True)
    typer.echo(f"{len(predictions)} predictions, {len(failed)} empty: {output}")
    if len(failed) == len(predictions):
        raise typer.Exit(DigestError.exit_code)
