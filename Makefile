# Everything goes through one environment, .venv, which the first command makes. `make help` lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON  ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
             $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PORT    ?= 8000
WORKERS ?= 3
VENV    := .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
VENDOR  := book/static/vendor/.ready
CHECKERS := tests/npm/node_modules/.ready
NBVAL   := -p nbval --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg --nbval-cell-timeout 900
PIP     := $(BIN)/python -m pip install --constraint constraints.txt
FRESH   := awk '!/already satisfied/ { print; fflush() }'
PYTEST  := OMP_NUM_THREADS=1 TQDM_DISABLE=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 20
QUICKLY := base text machine attention recurrent models saving search scoring training
QUICK   := not slow and not browser and not network and not notebook and not course

# What changes the environment, the site's vendored scripts and fonts, and what the tests check the site with.
$(READY): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "The book needs Python 3.11 or later; found: $$($(or $(PYTHON),python3) --version 2>&1)."; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; fi
	@echo "==> environment in $(VENV) (the first time: a few minutes, mostly PyTorch)"
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "python -m venv failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PIP) hatchling setuptools wheel | $(FRESH); exit $${PIPESTATUS[0]}
	@$(PIP) --no-build-isolation --editable '.[book,test]' | $(FRESH); exit $${PIPESTATUS[0]}
	@touch $@

$(VENDOR): $(READY) tools/vendor_assets.py book/vendor/package.json book/vendor/package-lock.json
	@$(BIN)/python tools/vendor_assets.py
	@touch $@

$(CHECKERS): $(READY) tests/npm/package.json tests/npm/package-lock.json
	@$(BIN)/python -m tools.fetch_checkers
	@touch $@

.PHONY: help
help:  ## list the commands
	@echo "make COMMAND, where COMMAND is one of:"
	@sed -n 's/^\([a-z-]*\):.*##/  \1 ##/p' $(MAKEFILE_LIST) | awk -F ' ## *' '{ printf "%-18s %s\n", $$1, $$2 }'

.PHONY: environment
environment: $(READY)  ## make .venv only

.PHONY: book
book: $(READY) $(VENDOR)  ## build the site into _build/html, warnings are errors
	@$(BIN)/jupyter-book build . -W --keep-going || { rm -rf _build/.doctrees; exit 1; }
	@touch _build/html/.nojekyll
	@echo "The book is built. Open _build/html/index.html, or run \`make serve\` and go to http://localhost:$(PORT)/"

.PHONY: serve
serve: book  ## build, then serve the site at http://localhost:8000 (PORT=... for another)
	@echo "The book is at http://localhost:$(PORT)/  (Ctrl-C stops)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

.PHONY: pdf
pdf: book  ## build, then print the whole book as one PDF, into _build/pdf (needs Chromium)
	@$(BIN)/python -m tools.make_pdf

.PHONY: lab
lab: $(READY)  ## open the chapters in JupyterLab
	$(BIN)/jupyter lab chapters

.PHONY: chapters
chapters: $(READY)  ## run the notebooks again and store their outputs (CHAPTERS="chapters/01_..." for some)
	$(BIN)/python tools/run_chapters.py $(CHAPTERS)

.PHONY: test
test: book $(CHECKERS)  ## all the tests: units, every notebook run again, the built site
	$(PYTEST) $(NBVAL) chapters tests

.PHONY: test-quick
test-quick: $(READY)  ## the mechanisms, search, text and training on tiny models, within a minute
	$(PYTEST) -m "$(QUICK)" $(addprefix tests/,$(QUICKLY))

.PHONY: test-unit
test-unit: $(READY)  ## the tests of the package, long ones too: not the site, no notebook, no problem set
	$(PYTEST) -m "not notebook and not course" --ignore tests/site tests

.PHONY: test-assignments
test-assignments: $(READY)  ## the problem sets: released, answered, run, graded
	$(PYTEST) tests/assignments tests/coursework

.PHONY: test-chapters
test-chapters: $(READY)  ## run every notebook again and compare its outputs
	$(PYTEST) $(NBVAL) chapters

.PHONY: test-site
test-site: book $(CHECKERS)  ## open every page of the built site in a browser
	$(PYTEST) tests/site

.PHONY: test-torchtext
test-torchtext: $(READY)  ## the torchtext adapters beside torch 2.3 and torchtext 0.18 (own environment, up to 5 GB)
	@$(BIN)/python tools/own_environment.py torchtext

.PHONY: test-oldest
test-oldest: $(READY)  ## the package beside the oldest PyTorch it runs with, 2.2 (own environment, up to 5 GB)
	@$(BIN)/python tools/own_environment.py oldest

.PHONY: assignments
assignments: $(READY)  ## the problem sets' student versions, into assignments/release (SEED=... for a course's own)
	$(BIN)/python -m assignments.tooling.release $(if $(SEED),--seed $(SEED))

.PHONY: grade
grade: $(READY)  ## grade a folder: make grade SUBMISSIONS=folder (SEED=... as in `make assignments`)
	@test -n "$(SUBMISSIONS)" || { echo "Which folder? For example: make grade SUBMISSIONS=downloads/ps2"; exit 2; }
	$(BIN)/python -m assignments.tooling.grade "$(SUBMISSIONS)" $(if $(SEED),--seed $(SEED))

.PHONY: lint
lint: $(READY)  ## check the style of the code, and which folder imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

.PHONY: benchmarks
benchmarks: book $(CHECKERS)  ## measure what the book quotes from benchmarks/results (a day on one core)
	$(BIN)/python -m benchmarks.bottleneck
	$(BIN)/python -m benchmarks.handover
	$(BIN)/python -m benchmarks.speech
	$(BIN)/python -m benchmarks.needs
	$(BIN)/python -m benchmarks.rare_names
	$(BIN)/python -m benchmarks.further
	$(BIN)/python -m benchmarks.ablation
	$(BIN)/python -m benchmarks.letters
	$(BIN)/python -m benchmarks.dials
	$(BIN)/python -m benchmarks.products
	$(BIN)/python -m benchmarks.live_training
	$(BIN)/python -m benchmarks.comparison
	$(BIN)/python -m benchmarks.comparison --presets transformer
	$(BIN)/python -m benchmarks.other_tasks
	$(BIN)/python -m benchmarks.transformer_parts
	$(BIN)/python -m benchmarks.length
	$(BIN)/python -m benchmarks.live_models
	$(BIN)/python -m benchmarks.live_times
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.captions
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.scheduled_sampling
	$(BIN)/python -m benchmarks.site_marks

.PHONY: set-repository
set-repository:  ## write a new address everywhere: make set-repository URL=https://github.com/owner/name
	@$(PYTHON) tools/set_repository.py '$(URL)'

.PHONY: clean
clean:  ## remove what was built (environments and benchmark runs stay; `make clean-all` removes them too)
	rm -rf _build build dist .pytest_cache .ruff_cache book/static/vendor

.PHONY: clean-all
clean-all: clean
	rm -rf $(VENV) .cache
