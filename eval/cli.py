"""The commands `digest eval …`: each parses, calls one function, prints.

`digest.cli` mounts them and turns an expected failure into its message and exit code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.errors import DigestError, UsageError
from eval.comparing.cli import compare_command, gate_command, rescore_command
from eval.nights.cli import nightly_command, trend_command

if TYPE_CHECKING:
    from eval.meta.tables import Table as MetaTable
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
    """Measure and compare systems."""


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
    with an empty text and a "failure"; when all are empty the exit code is 3.
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


_SCORE_EXAMPLES = (
    "Examples: `digest eval score out --references seeds/references.jsonl`, "
    "`digest eval score --predictions p.jsonl --corpus corpus.jsonl --output scores`"
)


@app.command(name="score", epilog=_SCORE_EXAMPLES)
def score_command(  # noqa: PLR0913 - each argument is an option of the command
    runs: Annotated[list[Path] | None, typer.Argument(help="Run folders of `digest run`.")] = None,
    predictions: Annotated[
        list[str] | None,
        typer.Option("--predictions", "-p", help='Rows {"id", "prediction", "run"?}. Repeatable.'),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="What the predictions are about: file, folder or hub name.")
    ] = None,
    references: Annotated[
        str | None, typer.Option(help='For run folders: rows {"id", "references"} by cluster.')
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the scores.")] = Path(
        "scores"
    ),
    metrics: Annotated[
        list[str] | None, typer.Option(help="Families to score instead of all. Repeatable.")
    ] = None,
    mref: Annotated[str, typer.Option(help="Several references: best or mean.")] = "best",
    stem: Annotated[str, typer.Option(help="porter-orig, porter-nltk or none.")] = "porter-orig",
    tok: Annotated[str, typer.Option(help="rouge155, or unicode for other scripts.")] = "rouge155",
    extractor: Annotated[str, typer.Option(help="rules, embedded or spacy:MODEL.")] = "rules",
    nli: Annotated[str | None, typer.Option(help="Folder of a transformers NLI model.")] = None,
    encoder: Annotated[
        str | None, typer.Option(help="Folder of a transformers encoder, for similarity.")
    ] = None,
    sort: Annotated[str | None, typer.Option(help="Metric that ranks the runs.")] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="As many as there are cores, unless given.")
    ] = None,
) -> None:
    """Score run folders, or any system's outputs: ROUGE, faithfulness to the sources, and more.

    Writes `scores.jsonl` (a row per output, with evidence), `summary.json` and `manifest.json`.
    A stopped scoring goes on where it was. Exit code 3: a metric failed on some output.
    """
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once
    from eval.batches import corpus_batch, run_batches  # noqa: PLC0415 - as above
    from eval.harness import score  # noqa: PLC0415 - as above
    from eval.suite import parse_options  # noqa: PLC0415 - as above

    options = parse_options(
        families=tuple(metrics or ()),
        mref=mref,
        stem=stem,
        tok=tok,
        extractor=extractor,
        nli=nli,
        encoder=encoder,
    )
    batches = [*run_batches(runs or [], references), *corpus_batch(predictions or [], corpus)]
    if not batches:
        raise UsageError("nothing to score: give run folders, or --predictions and --corpus")
    with console_progress() as progress:
        summary = score(batches, options, output=output, processes=processes, progress=progress)
    if _shown(summary, sort, output):
        raise typer.Exit(DigestError.exit_code)


app.command(
    name="compare",
    epilog="Examples: `digest eval compare monday tuesday`, `digest eval compare configs/lead.yaml "
    "configs/default.yaml --corpus corpus.jsonl --html pages`",
)(compare_command)
app.command(
    name="rescore", epilog="Example: `digest eval rescore scores --output again --nli models/nli`"
)(rescore_command)
app.command(
    name="gate",
    epilog="Example: `digest eval gate tonight --baseline pinned --margin rouge2_fmeasure=0.01`",
)(gate_command)


app.command(name="nightly", epilog="Example: `digest eval nightly --config configs/nightly.yaml`")(
    nightly_command
)
app.command(name="trend", epilog="Example: `digest eval trend nightly`")(trend_command)


@app.command(
    name="meta",
    epilog="Examples: `digest eval meta --data data`, `digest eval meta labels.jsonl`",
)
def meta_command(
    labels: Annotated[
        list[Path] | None, typer.Argument(help="Labelled files, else all of --data.")
    ] = None,
    *,
    data: Annotated[
        Path | None,
        typer.Option(envvar="DIGEST_DATA", help="Folder with the public corpora in `dev/`."),
    ] = None,
    metrics: Annotated[
        list[str] | None, typer.Option(help="Metrics to measure instead of all. Repeatable.")
    ] = None,
    distractors: Annotated[
        int, typer.Option(min=0, help="Other sources put beside that of labelled mentions.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of the intervals.")] = 0,
) -> None:
    """Say how well each metric agrees with people, with intervals.

    Labelled files hold outputs with labelled entities, hallucinated spans, votes per sentence or
    ratings by experts. Without files, those of --data are measured, and the published numbers that
    can be made again from it stand beside ours.
    """
    from eval.meta.measuring import measure  # noqa: PLC0415 - --help must answer at once
    from eval.meta.published import reproduce  # noqa: PLC0415 - as above
    from eval.meta.readers import discover  # noqa: PLC0415 - as above
    from eval.meta.tables import as_tables, reproduced_table  # noqa: PLC0415 - as above

    if not labels:
        if data is None:
            raise UsageError("nothing to measure: name labelled files, or give --data FOLDER")
        _print_table(reproduced_table(reproduce(data)))
        labels = list(discover(data / "dev"))
    report = measure(labels, metrics=metrics, distractors=distractors, rng_seed=seed)
    for table in as_tables(report):
        _print_table(table)
    for note in report.notes:
        typer.echo(note)


def _print_table(table: MetaTable) -> None:
    from rich.console import Console  # noqa: PLC0415 - --help must answer at once

    from eval.table import plain_table  # noqa: PLC0415 - as above

    console = Console(width=1000, highlight=False, markup=False, emoji=False)
    console.print(plain_table(table.title, table.header, table.rows), "\n")


def _shown(summary: dict[str, Any], sort: str | None, output: Path) -> int:
    """Print the table and what the numbers mean; return how many metrics failed."""
    from rich.console import Console  # noqa: PLC0415 - --help must answer at once

    from eval.table import as_table, notes, ranked  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    console = (
        console
        if console.is_terminal
        else Console(width=1000, highlight=False, markup=False, emoji=False)
    )
    table, cut = as_table(ranked(summary["runs"], sort), width=console.width)
    console.print(table)
    if cut:
        console.print(f"No room for {', '.join(cut)}: see summary.json, or widen the terminal")
    for line in notes(summary):
        console.print(line)
    console.print(f"Written to {output}")
    failed = [(run["run"], *error) for run in summary["runs"] for error in run["errors"].items()]
    for run, family, count in failed:
        typer.echo(
            f"failed: {family} on {count} outputs of {run}; see errors in the rows", err=True
        )
    return len(failed)


def _write(predictions: list[Prediction], output: Path) -> None:
    from digest.store import write_atomically  # noqa: PLC0415 - pydantic, 0.1 s

    rows = [
        {"id": p.id, "prediction": p.prediction, "run": p.run}
        | ({"failure": p.failure} if p.failure else {})
        for p in predictions
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, text)
    except OSError as error:
        raise UsageError(f"--output {output} cannot be written: {error}") from error
