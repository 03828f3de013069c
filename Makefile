# Green Ledger · 绿账. `make` prints this help; `make demo` and `make test` set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUN := PYTHONUTF8=1 $(BIN)/greenledger

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test lint types imports unit bench soak clean

help: ## print this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS='	' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

setup: $(STAMP) ## make the virtual environment with the pinned packages

# The stamp is written only after everything is installed, so an interrupted set-up is made again.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "需要 Python 3.11–3.13 | Python 3.11 to 3.13 is needed, this is " + sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '缺少 venv 模块，请先安装（Debian: apt-get install python3-venv）| the venv module is missing'; exit 1; }
	@rm -f $(STAMP)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo '正在安装依赖（一到两分钟）… | installing packages (one to two minutes) …'
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; fi
	@touch $(STAMP)

demo: setup ## run the main job on the sample district (示例区) and print the two goals
	@$(RUN) demo

dev: setup ## open the Dagster page with the whole graph, on this machine only
	@$(RUN) dev

test: lint types imports unit ## lint, types, import contracts and all everyday tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-cache

unit: setup
	PYTHONUTF8=1 $(BIN)/python -m pytest -n 2 --dist loadfile -q

bench: setup ## measure against the plain-SQL floor (minutes; prints ratios)
	PYTHONUTF8=1 $(BIN)/python -m benchmarks

soak: setup ## longer tests: the demo killed at eight moments and run again (minutes)
	PYTHONUTF8=1 $(BIN)/python -m pytest -q -m soak -o addopts='--strict-markers --strict-config'

clean: ## remove caches (never var/, which holds the register)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
