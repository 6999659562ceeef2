"""The command line: parse, call one function, print."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.errors import DigestError, UsageError
from digest.training.cli import app as train_app

if TYPE_CHECKING:
    from digest.config import Config
    from digest.pipeline import RunResult

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Many news articles in; one de-duplicated, cited, checked briefing out.",
)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="YAML configuration.")]
InputOption = Annotated[
    list[str] | None,
    typer.Option("--input", "-i", help="File, folder, glob, feed, URL or hf:NAME. Repeatable."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override one value: section.key=value. Repeatable."),
]


@app.command(
    epilog="Example: `digest run --config configs/default.yaml --input articles/ --output out`"
)
def run(
    config: ConfigOption,
    input_: InputOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Run folder.")] = Path("out"),
    set_: SetOption = None,
    *,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an unfinished run.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and cluster only; write nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 if anything was withheld or lost.")
    ] = False,
) -> None:
    """Write a briefing, print it and say where it is.

    Exit codes: 0 published, 1 published with losses (--strict), 2 usage or configuration, 3 sources
    or backends failed, 4 nothing fit to publish.
    """
    from digest import gather, pipeline  # noqa: PLC0415 - --help must answer at once
    from digest.console import console_progress  # noqa: PLC0415 - as above

    effective, inputs = _loaded(config, input_, set_)
    with console_progress() as progress:
        if dry_run:
            typer.echo(gather.preview(effective, inputs, progress=progress))
            return
        result = pipeline.run(
            effective, inputs, output=output, now=_now(), resume=resume, progress=progress
        )
    typer.echo((output / "briefing.md").read_text(encoding="utf-8"))
    typer.echo(f"Written to {output}/briefing.html, briefing.md and briefing.json", err=True)
    if strict and _lost(result):
        raise typer.Exit(1)


@app.command(epilog="Example: `digest clusters -c configs/default.yaml -i articles/ -o c.jsonl`")
def clusters(
    config: ConfigOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON lines file.")],
    input_: InputOption = None,
    set_: SetOption = None,
) -> None:
    """Cluster alone: one line per article, `{"id", "cluster_id"}`."""
    from digest import gather, store  # noqa: PLC0415 - --help must answer at once
    from digest.console import console_progress  # noqa: PLC0415 - as above

    effective, inputs = _loaded(config, input_, set_)
    with console_progress() as progress:
        rows = gather.cluster_rows(effective, inputs, progress=progress)
    store.write_atomically(output, "".join(f"{row}\n" for row in rows))
    typer.echo(f"Written to {output}", err=True)


@app.command(epilog="Example: `digest explain out --sentence 3`")
def explain(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A finished run folder.")],
    sentence: Annotated[
        int | None,
        typer.Option(help="Number of a sentence, counted from 1."),
    ] = None,
) -> None:
    """Say why a sentence is there, and why articles share a cluster."""
    from digest import explain as explaining  # noqa: PLC0415 - --help must answer at once

    record = explaining.open_run(run_folder)
    if sentence is None:
        typer.echo(explaining.explain_run(record))
    else:
        typer.echo(explaining.explain_sentence(record, sentence))


@app.command(epilog="Example: `digest init my.yaml`")
def init(
    path: Annotated[Path, typer.Argument(help="Where to write.")] = Path("digest.yaml"),
) -> None:
    """Write a starter configuration."""
    from digest.starter import write_starter  # noqa: PLC0415 - --help must answer at once

    write_starter(path)
    typer.echo(f"Written to {path}; run it with `digest run --config {path} --input articles/`")


@app.command(epilog="Example: `digest check --config configs/default.yaml --input articles/`")
def check(config: ConfigOption, input_: InputOption = None, set_: SetOption = None) -> None:
    """Validate a configuration, look for the models it names and, where given, its inputs.

    Exit code 3: a model cannot be had, or a server does not answer.
    """
    from digest import gather, preflight  # noqa: PLC0415 - --help must answer at once

    effective, inputs = _loaded(config, input_, set_)
    typer.echo(f"{config}: fine, sha256 {effective.sha256}")
    models = preflight.needs(effective)
    for need in models:
        typer.echo(f"{need.backend}: {need.detail}")
    if inputs:
        typer.echo(gather.preview(effective, inputs))
    if not all(need.met for need in models):
        raise typer.Exit(DigestError.exit_code)


def _mount_eval() -> None:
    """Add `digest eval`: the one place where digest knows of eval."""
    from eval.cli import app as eval_app  # noqa: PLC0415 - kept apart on purpose

    app.add_typer(eval_app, name="eval", help="Predict, score and compare.")


_mount_eval()
app.add_typer(train_app, name="train")


def _loaded(
    config: Path, inputs: list[str] | None, overrides: list[str] | None
) -> tuple[Config, list[str]]:
    from digest.config import load_config  # noqa: PLC0415 - --help must answer at once

    effective = load_config(config, tuple(overrides or ()))
    return effective, list(inputs or effective.ingest.inputs)


def _now() -> datetime | None:
    """Return the time SOURCE_DATE_EPOCH sets for reproducible output, None where it is unset."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and not epoch.isdigit():
        raise UsageError(f"SOURCE_DATE_EPOCH must be seconds since 1970, got {epoch!r}")
    return datetime.fromtimestamp(int(epoch), tz=UTC) if epoch else None


def _lost(result: RunResult) -> bool:
    repeats = {"exact_duplicate", "near_duplicate", "older_revision"}
    lost = [item for item in result.dropped if item.reason.value not in repeats]
    return bool(result.briefing.withheld or lost or result.failures)


def main() -> None:
    """Run the command line; an expected failure is one line and its exit code."""
    try:
        app()
    except DigestError as error:
        typer.echo(f"digest: {error}", err=True)
        sys.exit(error.exit_code)
