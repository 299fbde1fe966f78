# `make help` lists the commands.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin

# Compiled modules are kept beside the environment, whatever the shell says: half of a command's
# start would go into compiling them again.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache

.PHONY: help up down test clients check fmt bench bench-peers load soak pins

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

up: .venv/runtime.ready  ## start everything on this machine: http://localhost:3000
	@exec $(BIN)/headrace up

down:  ## stop a running instance
	@[ -x $(BIN)/headrace ] && exec $(BIN)/headrace down || echo "nothing is installed, so nothing is running"

test: .venv/dev.ready  ## run the tests, against real PostgreSQL, Valkey and Ray
	@exec $(BIN)/python -m tests $(ARGS)

clients: .venv/dev.ready  ## install the programs that people have, and try each with a model of every vendor
	@exec $(BIN)/python -m tests.clients $(ARGS)

check: .venv/dev.ready  ## formatting, lint, types, import contracts, unused dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

fmt: .venv/dev.ready  ## format the code and fix lint errors
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.ready  ## measure Headrace and an empty Serve relay in one run
	@exec $(BIN)/python -m loadtests.bench $(ARGS)

bench-peers: .venv/dev.ready  ## install LiteLLM and TensorZero into .bench/ and measure them the same way
	@exec $(BIN)/python -m loadtests.bench.peers $(ARGS)

load: .venv/dev.ready  ## stream like the desktop app, then audit the books
	@exec $(BIN)/python -m loadtests.run $(ARGS)

soak: .venv/dev.ready  ## users, grants, expiries and crashes on a fresh instance, then the audit
	@exec $(BIN)/python -m loadtests.soak $(ARGS)

pins: .venv/dev.ready  ## compile requirements/*.in into hashed pins
	for set in bootstrap runtime dev judges clients-{core,instructor,libraries,llamaindex,aider}; do \
	  $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make pins" $(PIN_ARGS) requirements/$$set.in -o requirements/$$set.txt; \
	done

# The environment. uv installs the pins, and itself comes pinned, so every byte is checked by its hash.
.venv/uv.ready: requirements/bootstrap.txt
	@echo "making .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Headrace needs Python 3.11 or newer; set PYTHON=python3.x" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "this Python cannot make a venv; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/%.ready: requirements/%.txt pyproject.toml .venv/uv.ready
	@echo "installing requirements/$*.txt"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --link-mode copy --require-hashes -r requirements/$*.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
