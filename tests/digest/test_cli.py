from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from digest import console
from digest.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ARTICLE = (
    "Storm closes harbor\n\nA storm closed the harbor of Port Elim on Tuesday and sank three "
    "fishing boats, the port authority said. Mayor Adaeze Holm said that repairs would "
    "cost $2.5 million.\n"
)


@pytest.fixture
def digest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command line in this process."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["digest", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        output = capsys.readouterr()
        return int(caught.value.code or 0), output.out, output.err

    return call


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "storm.txt"
    path.write_text(ARTICLE)
    return path


def test_run_prints_the_briefing_and_where_it_is(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, text, err = digest("run", "-c", "configs/default.yaml", "-i", article, "-o", out)
    assert code == 0
    assert text.startswith("# Briefing")
    assert "Port Elim" in text
    assert f"Written to {out}/briefing.html" in err
    assert "dedup: 1 kept, 0 repeated" in err


def test_dry_run_writes_nothing(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, text, _ = digest("run", "-c", "configs/lead.yaml", "-i", article, "-o", out, "--dry-run")
    assert (code, out.exists()) == (0, False)
    assert "1 articles kept, 0 dropped" in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "-c", "none.yaml"], 2, "no configuration at none.yaml"),
        (["run", "-c", "configs/default.yaml"], 2, "no input"),
        (["run", "-c", "configs/default.yaml", "--set", "seeed=1"], 2, "did you mean 'seed'?"),
        (["run", "-c", "configs/default.yaml", "-i", "/nowhere"], 3, "/nowhere"),
        (["run"], 2, "--config"),
        (["explain", "/nowhere"], 2, "no finished run"),
        (["init", "/nowhere/c.yaml"], 2, "is not a folder"),
    ],
)
def test_a_failure_is_one_line_and_its_exit_code(
    digest: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    more = ["-o", str(tmp_path / "out")] if arguments[0] == "run" else []
    found, _, err = digest(*arguments, *more)
    assert found == code
    assert message in err
    assert "Traceback" not in err


def test_strict_tells_of_losses(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    run = ["run", "-c", "configs/default.yaml", "-i", article, "-o", tmp_path / "out", "--strict"]
    assert digest(*run)[0] == 0
    (tmp_path / "empty.txt").write_text("")
    assert digest(*run, "-i", tmp_path / "empty.txt")[0] == 1


def test_nothing_fit_to_publish_is_exit_code_4(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    script = "{kind: scripted, sentences: {storm-closes-harbor-%s: ['Zork:']}}"
    rows = tmp_path / "c.jsonl"
    assert digest("clusters", "-c", "configs/lead.yaml", "-i", article, "-o", rows)[0] == 0
    name = json.loads(rows.read_text())["cluster_id"]
    override = f"summarize.backends=[{script % name.rsplit('-', 1)[1]}]"
    run = ["run", "-c", "configs/lead.yaml", "-i", article, "-o", tmp_path / "out"]
    code, _, err = digest(*run, "--set", override)
    assert code == 4
    assert "fit to print" in err


def test_init_writes_what_check_accepts(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    assert digest("init", path)[0] == 0
    code, text, _ = digest("check", "-c", path, "-i", article)
    assert code == 0
    assert "fine, sha256" in text
    assert "1 articles kept" in text
    assert digest("init", path)[0] == 2, "an existing file is never overwritten"


def test_explain_answers_from_the_run_folder_alone(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (tmp_path / "empty.txt").write_text("")
    inputs = ["-i", article, "-i", tmp_path / "empty.txt"]
    digest("run", "-c", "configs/default.yaml", *inputs, "-o", out)
    article.unlink()
    code, text, _ = digest("explain", out)
    assert code == 0
    assert "1. [kept]" in text
    assert "1 articles, 1 sources" in text
    assert "empty.txt: ingest, empty" in text
    assert "Guard (enforce)" in text
    code, text, _ = digest("explain", out, "--sentence", "1")
    assert code == 0
    assert "cites storm" in text
    assert "PLACE Port Elim: verbatim" in text
    code, _, err = digest("explain", out, "--sentence", "99")
    assert code == 2
    assert "must be 1 to" in err


@pytest.mark.parametrize(
    "command",
    [[], ["run"], ["explain"], ["clusters"], ["eval", "predict"], ["train", "seq2seq"]],
)
def test_help_answers_without_heavy_imports(command: list[str]) -> None:
    # Typer itself imports pydantic for the help of a command.
    heavy = "numpy scipy sklearn torch transformers datasets trafilatura yaml pysbd httpx"
    script = (
        "import sys; from digest.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    arguments = [sys.executable, "-c", script, *command, "--help"]
    output = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert output.endswith("[]\n")
    if command:
        assert "Example" in output


def test_a_terminal_shows_bars_and_a_pipe_shows_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[bool, str] = {}
    for terminal in (True, False):
        stream = io.StringIO()
        fake = Console(file=stream, force_terminal=terminal, width=100)
        monkeypatch.setattr(console, "Console", lambda stderr, fake=fake: fake)  # noqa: ARG005 - the real one's argument
        with console.console_progress() as progress:
            progress.start("clean", 2)
            progress.advance("clean")
            progress.finish("clean", "2 kept")
        shown[terminal] = stream.getvalue()
    assert shown[False] == "clean: 2 kept\n"
    assert "2/2" in shown[True]
    assert "2 kept" in shown[True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("articles.jsonl", None),
        ("verdicts.jsonl", None),
        ("clusters.jsonl", "{"),
        ("facts.jsonl", ""),
        ("manifest.json", "{}"),
        ("briefing.json", "{"),
    ],
)
def test_a_damaged_run_is_explained_as_such(
    digest: Callable[..., tuple[int, str, str]],
    article: Path,
    tmp_path: Path,
    name: str,
    text: str | None,
) -> None:
    out = tmp_path / "out"
    digest("run", "-c", "configs/lead.yaml", "-i", article, "-o", out)
    if text is None:
        (out / name).unlink()
    else:
        (out / name).write_text(text)
    code, _, err = digest("explain", out)
    assert code == 2
    assert "is damaged" in err


def test_a_briefing_is_no_source_of_the_next(
    digest: Callable[..., tuple[int, str, str]], article: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        run = ["run", "-c", "configs/lead.yaml", "-i", article.parent, "-o", tmp_path / "out"]
        code, text, _ = digest(*run)
        assert code == 0
        assert "1 article read" in text
