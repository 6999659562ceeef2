"""What is shipped for schedulers parses, and calls commands that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from digest.cli import app
from eval.nights.settings import load_plan

DEPLOY = Path("deploy")


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda p: p.name)
def test_every_option_that_is_used_exists(path: Path) -> None:
    options = CliRunner().invoke(app, ["eval", "nightly", "--help"], env={"COLUMNS": "200"}).output
    text = path.read_text(encoding="utf-8")
    calls = re.findall(r"digest eval nightly([^\n]*)|arguments\+?=\(([^)]*)\)", text)
    if path.suffix != ".timer":
        assert calls, path
    for option in re.findall(r"(--[a-z]+)", " ".join(a + b for a, b in calls)):
        assert option in options


def test_the_configuration_that_they_name_is_a_good_one() -> None:
    plan = load_plan(Path("configs/nightly.yaml"))
    assert len(plan.cells) == 3
    assert all(plan.configuration(name).is_file() for name, _ in plan.cells)
    assert all(Path(plan.corpus(name)).is_file() for _, name in plan.cells)


def test_the_workflow_parses_and_keeps_the_store() -> None:
    workflow = yaml.safe_load((DEPLOY / "github-nightly.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["nightly"]["steps"]
    kept = [step["with"]["path"] for step in steps if "cache/" in step.get("uses", "")]
    assert kept == ["nightly", "nightly"]
    assert workflow[True]["schedule"][0]["cron"] == "30 2 * * *"  # YAML 1.1 reads `on` as true


def test_the_array_script_is_bash() -> None:
    done = subprocess.run(
        ["/bin/bash", "-n", str(DEPLOY / "nightly.sbatch")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_array_script_runs_a_cell_in_an_array_and_the_night_after_it(tmp_path: Path) -> None:
    fake = tmp_path / "digest"
    fake.write_text('#!/bin/bash\necho "$@"\n', encoding="utf-8")
    fake.chmod(0o755)

    def said(**environment: str) -> str:
        path = f"{tmp_path}:/usr/bin:/bin"
        command = ["/bin/bash", str(DEPLOY / "nightly.sbatch")]
        done = subprocess.run(
            command, env={"PATH": path, **environment}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    plain = "eval nightly --config configs/nightly.yaml --night n1"
    assert said(NIGHT="n1", SLURM_ARRAY_TASK_ID="2") == f"{plain} --cell 2"
    assert said(NIGHT="n1") == plain


def test_cron_lines_have_five_fields_and_a_command() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and "=" not in line[:10]]
    assert len(jobs) == 1
    assert re.match(r"(\S+ ){5}cd ", jobs[0])
    assert "%" not in jobs[0]  # cron takes it for the end of the line


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    # The units name a place where digest need not be; the check wants the program to be there.
    for name in ("digest-nightly.service", "digest-nightly.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/opt/digest/.venv/bin/digest", "/bin/true")
        (tmp_path / name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / f"digest-nightly.{kind}") for kind in ("service", "timer")]
    done = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "digest-nightly" not in done.stderr, done.stderr
