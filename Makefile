# The commands of this project. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PORT ?= 5000

.PHONY: help demo test lint format coverage soak mutants bench urls translations lock assets

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 12

demo: assets ## Run the marketplace on demonstration data at http://127.0.0.1:5000 (PORT=… for another)
	@PORT=$(PORT) .ci/serve

test: assets ## Run every test (the soak tests apart); in a hurry, unless CI is set
	@.ci/test

lint: .venv/stamp ## Check style, types and what may import what
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: .venv/stamp ## Put every file into the house's format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

coverage: assets ## Hold rules and commands to having every branch tested; report the rest
	@CI=true .ci/test --cov --cov-report=
	@$(BIN)/coverage report
	@$(BIN)/coverage report --fail-under=100 --include='*/rules.py,*/rules/*,*/commands.py,*/commands/*'

soak: assets ## Run the tests that take long: every crash point, a million steps, crowds
	@.ci/test -m soak -n 0 -rP

mutants: assets ## Change the rules of money word by word, and count how often a test notices
	@.ci/mutants

bench: assets ## Measure, and print what was measured
	@$(BIN)/python -m tests.bench

urls: .venv/stamp ## Write down the list of pages and addresses, after changing it on purpose
	@$(BIN)/python -m tests.house.urls

translations: .venv/stamp ## Collect the words of all pages into the file of each language
	@$(BIN)/python -m tests.house.translations

lock: .venv/stamp ## Write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --all-extras --custom-compile-command 'make lock' pyproject.toml -o requirements.lock

assets: static/vendor/stamp

.venv/stamp: requirements.lock pyproject.toml .ci/venv
	@.ci/venv

static/vendor/stamp: .venv/stamp .ci/assets.py package-lock.json
	@$(BIN)/python .ci/assets.py
	@mkdir -p static/vendor && touch static/vendor/stamp
