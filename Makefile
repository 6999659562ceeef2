# Every target works on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
OUT ?= out

.DEFAULT_GOAL := help
.PHONY: help run test check golden bench slow

help:  ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/'

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: .venv/installed  ## Write the briefing of the seed articles, offline, into $(OUT)
	$(BIN)/digest run --config configs/default.yaml --input seeds/articles --output $(OUT)

test: .venv/installed  ## Run the test suite with coverage
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-fail-under=90 -m 'not slow'

slow: .venv/installed  ## Run the slow tests, too
	$(BIN)/python -m pytest

check: .venv/installed  ## Lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy digest eval tests benchmarks
	$(BIN)/lint-imports

golden: .venv/installed  ## Make the golden briefings again; review the diff
	$(BIN)/python -m pytest tests/test_golden.py --golden

bench: .venv/installed  ## Print the benchmark tables that need no data folder
	$(BIN)/python benchmarks/run_time.py
