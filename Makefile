# Two commands do everything on a fresh machine: `make demo` and `make test`. See README.md.
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
SCALE ?= cpu

.PHONY: help demo test check train browser bench clean

help:              ## Show what can be made
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*##/\t/'

demo: $(VENV)/.core          ## Install, analyse the sample dump, write the report
	$(BIN)/feedback-nlp analyze corpora/samples/kitchen_reviews.csv -o demo --every week --by brand,region

test: $(VENV)/.test browser  ## Install with the test extras and run the whole suite
	$(BIN)/python -m pytest

check: $(VENV)/.dev          ## Lint, format check and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

train: $(VENV)/.test         ## Train the model: make train DATA=… SCALE=cpu|full; START=FOLDER goes on from a model
	$(BIN)/python -m feedback_nlp.training --data $(DATA) --scale $(SCALE) $(if $(START),--start $(START))

bench: $(VENV)/.dev          ## Run the benchmarks
	$(BIN)/python benchmarks/speed.py

# Page tests need a browser. Where it can be installed it is; where it cannot, they are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -q >/dev/null && apt-get install -y -q chromium chromium-driver fonts-noto-cjk >/dev/null; } \
	  || echo "No Chromium here: the page tests will be skipped. Install chromium and chromium-driver to run them."

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -e '.[test]'
	@touch $@ $(VENV)/.core

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.core

clean:             ## Remove the environment and what was built
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache
