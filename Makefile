# On a fresh machine with Python 3.11 or later, make and git: `make demo`, `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test test-long lint bench schemas screenshots clean

# sources are compiled once, so that a command starts as fast as an installed one
COMPILE = $(BIN)/python -m compileall -q komodo_sync

# told at once on stderr: it takes a minute or two, and only the first time
$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "komodo-sync needs Python 3.11 or later: make PYTHON=python3.12 ...")'
	@echo 'setting up .venv with pip, once: this may take a minute or two ...' >&2
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary pygraphviz --editable '.[svg]' || \
		echo 'no wheel of pygraphviz for this machine: graph --format svg is left out' >&2
	touch $(READY)

demo: $(READY)
	@$(COMPILE)
	@$(BIN)/komodo-sync demo examples

test: $(READY) lint
	$(COMPILE)
	@$(BIN)/python tests/schema/npm.py
	$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term -q

test-long: $(READY)
	@$(BIN)/python tests/schema/npm.py
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(COMPILE)
	$(BIN)/python tests/benchmarks

schemas: $(READY)
	$(BIN)/komodo-sync schema --write schemas

# the pictures of plan and apply, from a real run against the embedded Core
screenshots: $(READY)
	$(BIN)/python tests/docs/screenshots.py

clean:
	rm -rf .venv .demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .import_linter_cache
