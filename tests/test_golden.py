"""Golden briefings: reviewed as diffs, made again by `make golden` alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.config import load_config
from digest.pipeline import run
from digest.render import to_markdown

GOLDEN = Path("tests/golden")
NOW = datetime(2025, 4, 9, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["default", "lead", "lexrank"])
def test_the_briefing_of_the_seeds_is_the_reviewed_one(name: str, *, golden: bool) -> None:
    result = run(load_config(f"configs/{name}.yaml"), ["seeds/articles"], now=NOW)
    text = to_markdown(result.briefing)
    path = GOLDEN / f"seeds-{name}.md"
    if golden:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "review the change, then `make golden`"


def test_the_readme_shows_what_comes_out() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    shown = readme.split("```markdown\n")[1].split("\n```")[0]
    whole = (GOLDEN / "seeds-default.md").read_text(encoding="utf-8")
    for part in shown.split("\n\n…\n\n"):
        assert part in whole, "paste the new example into README.md"
