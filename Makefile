# Two commands do everything: `make demo` and `make test`. See CONTRIBUTING.md for the rest.
#
# `make demo DEMO=name` builds the company in that folder. `make clean` takes away only what was named: say the same
# DEMO=name to it, or remove the folder yourself.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-company

# `make demo LANGUAGE=fa` decides; without it the machine's own setting does. The environment's LANGUAGE is a list of
# another program's and is not ours.
ifneq ($(origin LANGUAGE),command line)
LANGUAGE := $(if $(filter fa fa_% fa-% fa.%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))),fa,en)
endif

.DELETE_ON_ERROR:
.PHONY: demo test test-all lint bench reference lock clean

demo: $(VENV)/.run
	rm -rf $(DEMO)
	$(BIN)/sanjeh demo $(DEMO) --language $(LANGUAGE)

# The tests of a file stay together, as they share what is slow to make. Heavy ones share one server, and kill and time
# things: they run one after the other.
PYTEST := $(BIN)/python -m pytest --cov

test: lint
	$(PYTEST) -m "not heavy" --numprocesses auto --dist loadfile

test-all: lint $(VENV)/.heavy
	$(PYTEST) -m "not heavy" --numprocesses auto --dist loadfile
	$(PYTEST) -m heavy --cov-append

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/.dev
	for file in benchmarks/*.py; do echo "$$file"; $(BIN)/python "$$file" || exit 1; done
	$(BIN)/python -m benchmarks.rollups --page
	$(BIN)/python -m benchmarks.board --page
	$(BIN)/python -m benchmarks.readers

reference: $(VENV)/.dev
	$(BIN)/python -m tools.reference

lock: $(VENV)/.dev
	$(BIN)/python -m tools.lock

clean:
	rm -rf $(VENV) $(DEMO) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Sanjeh needs Python 3.11 or later; name it with: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made requirements/lock.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/lock-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/lock-dev.txt
	touch $@

# Engines that run inside the tests: large, and needed by the tests marked heavy only.
$(VENV)/.heavy: $(VENV)/.dev requirements/lock-heavy.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/lock-heavy.txt
	touch $@
