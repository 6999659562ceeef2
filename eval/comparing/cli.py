"""The commands `digest eval compare`, `rescore` and `gate`: each parses, calls, prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from eval.comparing.records import Comparison
    from eval.comparing.settings import GateFile
    from eval.errors import NotComparableError
    from eval.suite import Options

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="A B …",
        help="Folders of scores, run folders, configurations (.yaml), files of predictions.",
    ),
]
Corpus = Annotated[
    str | None,
    typer.Option(help="What configurations and predictions are about: file, folder or hub name."),
]
References = Annotated[
    str | None, typer.Option(help='For run folders: rows {"id", "references"} by cluster.')
]
Settings = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="YAML file with the sections `compare` and `gate`."),
]
Families = Annotated[
    list[str] | None,
    typer.Option("--metrics", help="Families to score instead of all. Repeatable."),
]
Processes = Annotated[
    int | None, typer.Option(min=1, help="As many as there are cores, unless given.")
]
Primary = Annotated[
    list[str] | None,
    typer.Option("--primary", help="Metric to test, instead of compare.primary. Repeatable."),
]
Mref = Annotated[str | None, typer.Option(help="Several references: best or mean.")]
Stem = Annotated[str | None, typer.Option(help="porter-orig, porter-nltk or none.")]
Tok = Annotated[str | None, typer.Option(help="rouge155, or unicode for other scripts.")]
Extractor = Annotated[str | None, typer.Option(help="rules, embedded or spacy:MODEL.")]
Nli = Annotated[str | None, typer.Option(help="Folder of a transformers NLI model.")]
Encoder = Annotated[
    str | None, typer.Option(help="Folder of a transformers encoder, for similarity.")
]


def compare_command(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    sources: Sources,
    baseline: Annotated[
        str | None,
        typer.Option(help="System the others are held against; of two, the first; else all pairs."),
    ] = None,
    corpus: Corpus = None,
    references: References = None,
    config: Settings = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for what is made.")] = Path(
        "comparison"
    ),
    html: Annotated[Path | None, typer.Option(help="Folder for a report to browse.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="File for a pull request.")] = None,
    primary: Primary = None,
    metrics: Families = None,
    mref: Mref = None,
    stem: Stem = None,
    tok: Tok = None,
    extractor: Extractor = None,
    nli: Nli = None,
    encoder: Encoder = None,
    processes: Processes = None,
    *,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Of run folders, compare the drafts.")
    ] = False,
) -> None:
    """Say which of some systems is better, worse, or cannot be told apart, and by how much.

    Systems are held against each other cluster by cluster. Exit code 5: they were scored with
    other choices or on other clusters; the message says which.
    """
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once
    from eval.comparing.compare import compare  # noqa: PLC0415 - as above
    from eval.comparing.gathering import Request, gather, write_comparison  # noqa: PLC0415

    settings = _settings(config, primary).compare
    request = Request(
        sources=tuple(sources),
        output=output,
        options=_options(metrics, mref, stem, tok, extractor, nli, encoder),
        corpus=corpus,
        references=references,
        drafts=drafts,
        processes=processes,
    )
    with console_progress() as progress:
        entrants = gather(request, progress=progress)
    if baseline is None and len(entrants) == 2:
        baseline = entrants[0].name
    comparison = compare(entrants, settings, baseline=baseline)
    write_comparison(comparison, output)
    _show(comparison)
    typer.echo(f"Written to {output}")
    if markdown is not None:
        from eval.sinks.markdown import comparison_markdown  # noqa: PLC0415 - as above
        from eval.sinks.writing import write_text  # noqa: PLC0415 - as above

        write_text(markdown, comparison_markdown(comparison))
    if html is not None:
        from eval.comparing.browsing import write_pages  # noqa: PLC0415 - as above
        from eval.comparing.gathering import write_corpus  # noqa: PLC0415 - as above

        typer.echo(f"Open {write_pages(html, comparison, write_corpus(entrants, request))}")


def rescore_command(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    scores: Annotated[Path, typer.Argument(help="A folder of scores.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the new scores.")],
    corpus: Annotated[str | None, typer.Option(help="The corpus, if it has moved.")] = None,
    metrics: Families = None,
    mref: Mref = None,
    stem: Stem = None,
    tok: Tok = None,
    extractor: Extractor = None,
    nli: Nli = None,
    encoder: Encoder = None,
    processes: Processes = None,
) -> None:
    """Score stored outputs again, with new metrics or other choices, without generating.

    What is not given stays as it was. Exit code 5: the corpus has changed since.
    """
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once
    from eval.rescoring import rescore  # noqa: PLC0415 - as above

    given = {
        "families": tuple(metrics) if metrics else None,
        "mref": mref,
        "stem": stem,
        "tok": tok,
        "extractor": extractor,
        "nli": nli,
        "encoder": encoder,
    }
    with console_progress() as progress:
        summary = rescore(
            scores,
            output=output,
            corpus=corpus,
            changes={name: value for name, value in given.items() if value is not None},
            processes=processes,
            progress=progress,
        )
    for line in summary["signatures"].values():
        typer.echo(line)
    typer.echo(f"Written to {output}")


def gate_command(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    candidate: Annotated[str, typer.Argument(metavar="RUN", help="As for `compare`.")],
    baseline: Annotated[str, typer.Option("--baseline", "-b", help="As for `compare`.")],
    corpus: Corpus = None,
    references: References = None,
    config: Settings = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for what is made.")] = Path(
        "gate"
    ),
    margin: Annotated[
        list[str] | None,
        typer.Option("--margin", help="metric=loss nobody minds, instead of gate.margins."),
    ] = None,
    metrics: Families = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="File for a pull request.")] = None,
    processes: Processes = None,
    *,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Of run folders, compare the drafts.")
    ] = False,
) -> None:
    """Pass or fail one system against a baseline: a line per reason.

    Exit codes: 0 pass, 3 regressed, 4 inconclusive, 5 not comparable, 2 usage.
    """
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once
    from eval.comparing.gate import gate_comparison, gated_margins  # noqa: PLC0415 - as above
    from eval.comparing.gathering import Request, gather_two, write_comparison  # noqa: PLC0415
    from eval.errors import NotComparableError  # noqa: PLC0415 - as above

    settings = _settings(config, None)
    margins = gated_margins(settings.gate, margin or [])
    request = Request(
        sources=(baseline, candidate),
        output=output,
        options=_options(metrics, None, None, None, None, None, None),
        corpus=corpus,
        references=references,
        drafts=drafts,
        processes=processes,
    )
    with console_progress() as progress:
        entrants = gather_two(request, progress=progress)
    try:
        comparison, decision = gate_comparison(entrants, settings.compare, margins)
    except NotComparableError as error:
        _write_refusal(error, junit, markdown)
        raise
    write_comparison(comparison, output)
    for line in decision.reasons:
        typer.echo(line)
    typer.echo(f"{decision.outcome.value}: {entrants[1].name} beside {entrants[0].name}")
    from eval.sinks.junit import gate_xml  # noqa: PLC0415 - as above
    from eval.sinks.markdown import gate_markdown  # noqa: PLC0415 - as above
    from eval.sinks.writing import write_text  # noqa: PLC0415 - as above

    if junit is not None:
        write_text(junit, gate_xml(comparison, decision))
    if markdown is not None:
        write_text(markdown, gate_markdown(comparison, decision))
    raise typer.Exit(decision.outcome.exit_code)


def _write_refusal(error: NotComparableError, junit: Path | None, markdown: Path | None) -> None:
    """Write what a build server reads, so that no earlier decision is taken for this one."""
    from eval.sinks.junit import refusal_xml  # noqa: PLC0415 - --help must answer at once
    from eval.sinks.markdown import refusal_markdown  # noqa: PLC0415 - as above
    from eval.sinks.writing import write_text  # noqa: PLC0415 - as above

    if junit is not None:
        write_text(junit, refusal_xml(str(error)))
    if markdown is not None:
        write_text(markdown, refusal_markdown(str(error)))


def _settings(path: Path | None, primary: list[str] | None) -> GateFile:
    from digest.config import checked, read_mapping  # noqa: PLC0415 - --help must answer at once
    from eval.comparing.settings import GateFile  # noqa: PLC0415 - as above

    data = {} if path is None else read_mapping(path)
    settings = checked(GateFile, data, where=str(path))
    if not primary:
        return settings
    declared = {**settings.compare.model_dump(), "primary": primary}
    return checked(GateFile, {**settings.model_dump(), "compare": declared}, where="--primary")


def _options(
    metrics: list[str] | None,
    mref: str | None,
    stem: str | None,
    tok: str | None,
    extractor: str | None,
    nli: str | None,
    encoder: str | None,
) -> Options:
    from eval.suite import parse_options  # noqa: PLC0415 - --help must answer at once

    given = {
        "mref": mref,
        "stem": stem,
        "tok": tok,
        "extractor": extractor,
        "nli": nli,
        "encoder": encoder,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    return parse_options(families=tuple(metrics or ()), **chosen)


def _show(comparison: Comparison) -> None:
    from rich.console import Console  # noqa: PLC0415 - --help must answer at once

    from eval.comparing.table import as_tables, lines  # noqa: PLC0415 - as above

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(width=1000, highlight=False, markup=False, emoji=False)
    for table in as_tables(comparison, width=console.width):
        console.print(table)
    console.print()
    for line in lines(comparison):
        console.print(line, soft_wrap=True)
