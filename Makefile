# What every command does is said in README.md. PORT, JIEDUI_DATA and JIEDUI_CLOCK can be given with `make run`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup setup-dev run test check test-exchange generated screens faults bench

setup:
	@$(PYTHON) -m server.local.setup run

setup-dev:
	@$(PYTHON) -m server.local.setup dev

run: export JIEDUI_DEMO := 1
run: export JIEDUI_CLOCK := $(or $(JIEDUI_CLOCK),2019-06-03)
run: setup
	@exec $(BIN)/jiedui up

test: setup-dev
	$(BIN)/python tests/local/install_programs.py
	$(BIN)/python tests/local/old_chromium.py
	$(BIN)/python -m server.local.node test
	$(BIN)/pytest -n 2 --no-loadscope-reorder tests

test-exchange: setup-dev
	@test -d "$(REFDATA)/third_party" || { echo "make test-exchange REFDATA=FOLDER: FOLDER/third_party must hold the files of others"; exit 1; }
	REFDATA="$(abspath $(REFDATA))" $(BIN)/pytest tests/exchange

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m server.local.node check size
	$(BIN)/python tests/local/generated_files.py

generated: setup-dev
	@$(BIN)/python tests/local/generated_files.py --write

screens: setup-dev
	$(BIN)/python tests/local/install_programs.py
	@$(BIN)/python -m tests.browser.screens $(ONLY)

faults: setup-dev
	$(BIN)/python -m tests.faults $(ARGS)

# For instance: make bench ARGS="docking --sizes 1000 10000"
bench: setup-dev
	@$(BIN)/python -m bench $(ARGS)
