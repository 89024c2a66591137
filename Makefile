# Two commands matter: `make demo` opens three invented communes, `make test` tries everything.
# A fresh machine needs Python 3.11 or newer with pip and venv, and make. `make` alone lists the rest.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
# Several test processes at once: make test JOBS=2
JOBS ?=
.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos dev venv venv-runtime lock clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

venv-runtime:  ## build .venv with what an installation needs
	@$(PYTHON) tools/environment.py runtime

venv:  ## build .venv with everything a developer needs
	@$(PYTHON) tools/environment.py dev

demo: venv-runtime  ## open the demo communes on http://localhost:8000 (Ctrl-C stops)
	@exec $(BIN)/xaso demo $(ARGS)

dev: venv  ## the same, reloading when a file changes
	@exec $(BIN)/xaso demo --reload $(ARGS)

check: venv  ## format, lint, types, contracts, templates, architecture
	@$(PYTHON) tools/check.py

test: venv  ## every test, browser stories included
	@$(PYTHON) tools/environment.py chromium
	@exec $(BIN)/python -m pytest $(if $(JOBS),-n $(JOBS) --dist loadgroup --no-loadscope-reorder) $(ARGS)

bench: venv  ## measure: table on the screen, JSON under bench/results
	@exec $(BIN)/python -m bench $(ARGS)

chaos: venv  ## faults and long runs in their long variants
	@XASO_CHAOS=long exec $(BIN)/python -m pytest -m chaos $(ARGS)

lock: venv  ## lock what pyproject.toml asks for (ARGS=--upgrade moves everything on)
	@$(PYTHON) tools/environment.py lock $(ARGS)

clean:  ## remove what the build made (never the data home)
	@$(PYTHON) tools/environment.py clean
