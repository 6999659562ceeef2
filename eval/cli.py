"""The commands `digest eval …`: each parses, calls one function, prints.

`digest.cli` mounts them and turns an expected failure into its message and exit code.
"""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - Typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from digest.errors import DigestError, UsageError

if TYPE_CHECKING:
    from eval.records import Prediction

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Measure and compare systems.",
)

_EXAMPLE = (
    "Example: `digest eval predict --config configs/default.yaml --corpus corpus.jsonl "
    "--output predictions.jsonl --max-words 250`"
)


@app.callback()
def group() -> None:
    """Keep `predict` a command of its own: Typer folds a single command into its group."""


@app.command(name="predict", epilog=_EXAMPLE)
def predict_command(
    config: Annotated[Path, typer.Option("--config", "-c", help="YAML configuration.")],
    corpus: Annotated[
        str, typer.Option(help="JSONL, JSONL.xz or Parquet file, dataset folder or hub name.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON lines file.")],
    max_words: Annotated[
        int | None,
        typer.Option(min=20, help="Words per cluster, instead of summarize.max_words."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override one value: section.key=value. Repeatable."),
    ] = None,
) -> None:
    """Write one briefing text per cluster of a corpus: `{"id", "prediction", "run"}`.

    The text has one sentence per line. A cluster of which nothing could be written keeps its row,
    with an empty text; when all are empty the exit code is 3.
    """
    from digest.config import load_config  # noqa: PLC0415 - --help must answer at once
    from eval.corpora import read_corpus  # noqa: PLC0415 - as above
    from eval.predict import predict  # noqa: PLC0415 - as above

    budget = [] if max_words is None else [f"summarize.max_words={max_words}"]
    settings = load_config(config, (*(set_ or ()), *budget))
    run = f"{config.stem}-{settings.sha256[:8]}"
    found = list(predict(settings, read_corpus(corpus), run=run))
    _write(found, output)
    failed = [prediction for prediction in found if prediction.failure]
    for prediction in failed:
        typer.echo(f"empty: {prediction.id}: {prediction.failure}", err=True)
    typer.echo(f"{len(found)} predictions, {len(failed)} empty, written to {output}")
    if len(failed) == len(found):
        raise typer.Exit(DigestError.exit_code)


def _write(predictions: list[Prediction], output: Path) -> None:
    from digest.store import write_atomically  # noqa: PLC0415 - pydantic, 0.1 s

    rows = [{"id": p.id, "prediction": p.prediction, "run": p.run} for p in predictions]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, text)
    except OSError as error:
        raise UsageError(f"--output {output} cannot be written: {error}") from error
