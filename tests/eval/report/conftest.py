from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eval.report import write_report
from tests.browsing import PAYLOADS
from tests.eval.report.building import material
from tests.eval.report.samples import CLUSTERS, hostile, trend

if TYPE_CHECKING:
    from pathlib import Path

    from eval.report import Material


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("sample")
    made = material(folder, CLUSTERS, baseline="old", trend=trend(), url="https://post.example/a")
    return replace(made, created="2025-03-05T05:00:00Z")


@pytest.fixture(scope="session")
def report(sample: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("reports") / "sample", sample).parent


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    made = material(folder, hostile(), baseline=None, url="javascript:window.pwned=1")
    comparison = replace(made.comparison, corpus=PAYLOADS[0], notes=PAYLOADS)
    return write_report(folder / "report", replace(made, comparison=comparison)).parent
