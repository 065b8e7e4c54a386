# `make demo` and `make test` need Python 3.11 or newer, pip and make, and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
PIP := $(BIN)/pip --disable-pip-version-check --quiet install -c constraints.txt

.PHONY: demo test test-slow extras docs bench bench-peers lint clean

demo: $(VENV)/core
	rm -rf out/quickstart
	$(BIN)/darkfigure run quickstart --out out/quickstart

test: $(VENV)/test
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist loadfile

test-slow: $(VENV)/test
	$(BIN)/python -m pytest -m slow

# Heavy packages; without them the tests that need them are skipped. Where a torch without support
# for graphics cards is to be had, install that first: it saves gigabytes.
extras: $(VENV)/test
	$(PIP) torch
	$(PIP) -e '.[sdv,privacy,spark,docs]'

docs: $(VENV)/test
	$(PIP) -e '.[docs]'
	$(BIN)/python -m sphinx -W -q -b html docs docs/build

bench: $(VENV)/test
	$(BIN)/python -m pytest -s benchmarks --benchmark-only --benchmark-columns=min,median,rounds

# Other tools want other versions of NumPy and pandas, so they live apart and run as processes.
bench-peers: $(VENV)/test $(PEERS)/ready
	DARKFIGURE_PEERS_PYTHON=$(PEERS)/bin/python $(BIN)/python -m pytest benchmarks/bench_peers_entry.py

$(PEERS)/ready: benchmarks/peers.txt
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip --disable-pip-version-check --quiet install -r benchmarks/peers.txt
	touch $@

lint: $(VENV)/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(VENV)/core: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(VENV)/test: $(VENV)/core
	$(PIP) -e '.[test]'
	# Some of these build from source; without a compiler their tests are skipped.
	-$(PIP) -e '.[linkers]'
	touch $@

clean:
	rm -rf out $(VENV) $(PEERS)
