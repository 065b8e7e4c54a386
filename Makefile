# `make demo` and `make test` need Python 3.11 or newer, pip and make, and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
PIP := $(BIN)/pip --disable-pip-version-check --quiet install -c constraints.txt

# Many an image for CI sets this; every one of our hundreds of processes would compile pandas anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-slow test-extras extras docs pages pictures bench bench-peers lint hooks release clean

demo: $(VENV)/core
	rm -rf out/quickstart
	$(BIN)/darkfigure run quickstart --out out/quickstart

# COVERAGE=--cov counts the lines that run, and holds their share to the floor in pyproject.toml.
test: $(VENV)/test
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist loadfile $(COVERAGE)

test-slow: $(VENV)/test
	$(BIN)/python -m pytest -m slow

# What `make test` skips for want of a package; none may be skipped for that any more.
test-extras: extras
	$(BIN)/python -m pytest -m "needs and not slow" --with-extras --numprocesses auto --dist loadfile
	$(BIN)/python -m pytest tests/system/test_missing_extras.py --numprocesses auto

# Heavy packages; without them the tests that need them are skipped, and say so. Where a torch without support
# for graphics cards is to be had, install that first: it saves gigabytes.
extras: $(VENV)/test
	$(PIP) torch
	$(PIP) -e '.[sdv,privacy,spark,spreadsheet,docs]'

docs: $(VENV)/test
	$(PIP) -e '.[docs]'
	$(BIN)/python -m sphinx -W -q -b html docs docs/build

# The worked studies, whose figures are all computed: some two minutes of processor time.
pages: $(VENV)/test
	$(BIN)/python docs/execute.py docs/studies/*.md

# The pictures of the documentation; needs Chromium.
pictures: $(VENV)/test
	$(BIN)/darkfigure run quickstart --out out/quickstart --quiet
	$(BIN)/darkfigure practise out/quickstart/datasets/merthyr-1 --out out/practise.html --quiet
	$(BIN)/python -m darkfigure.reports.html.screenshot out/quickstart/report.html out/pictures
	$(BIN)/python -m darkfigure.reports.html.screenshot --practise out/practise.html out/pictures
	cp out/pictures/report-cover.png docs/report.png
	cp out/pictures/practise-cover.png docs/practise.png
	$(BIN)/python docs/gallery.py out

bench: $(VENV)/test
	mkdir -p out
	$(BIN)/python -m pytest -s benchmarks --benchmark-only --benchmark-columns=min,median,rounds \
	  --benchmark-json=out/benchmarks.json
	$(BIN)/python benchmarks/scoring_at_scale.py

# Other tools want other versions of NumPy and pandas, so they live apart and run as processes.
bench-peers: $(VENV)/test $(PEERS)/ready
	$(BIN)/python benchmarks/beside_peers.py $(PEERS)/bin/python
	DARKFIGURE_PEERS_PYTHON=$(PEERS)/bin/python $(BIN)/python -m pytest benchmarks/bench_peers_entry.py

$(PEERS)/ready: benchmarks/peers.txt
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip --disable-pip-version-check --quiet install -r benchmarks/peers.txt
	touch $@

lint: $(VENV)/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Style and types before every commit; see .pre-commit-config.yaml.
hooks: $(VENV)/test
	$(PIP) -e '.[dev]'
	$(BIN)/pre-commit install

# Builds dist/ and tries it on every Python of this machine from 3.11 on.
release: $(VENV)/test
	$(PIP) -e '.[release]'
	.ci/release $(BIN)/python

$(VENV)/core: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# What is never imported need not be compiled: half of the time, and 130 MB. The rest is compiled
	# here, since linkers' own processes may write nothing.
	$(PIP) --no-compile -e .
	$(BIN)/python -c "import darkfigure.synth.pipeline, darkfigure.linkage_eval.linkers.splink"
	touch $@

$(VENV)/test: $(VENV)/core
	$(PIP) -e '.[test]'
	# Some of these build from source; without a compiler their tests are skipped.
	-$(PIP) -e '.[linkers]'
	touch $@

clean:
	rm -rf out $(VENV) $(PEERS)
