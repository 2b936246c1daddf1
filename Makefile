# One command each. `make help` lists them.
SHELL := /bin/bash
# Debian's own Python runs pure Python a fifth faster than one compiled with the defaults (as by pyenv).
PYTHON ?= $(shell /usr/bin/python3 -c "import sys; assert sys.version_info >= (3, 11); print(sys.executable)" 2>/dev/null || echo python3)
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PREPARE := $(BIN)/flask --app "wsgi:create_app(pages=False)" prepare
# uv installs in seconds what takes pip most of a minute; pip does it where pip alone knows the index (pip.conf).
UV := uv==0.13.9
install = { { test -x $(BIN)/uv || $(BIN)/pip install -qq $(UV); } && \
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r $(1) 2>/dev/null || \
	$(BIN)/pip install -qq -r $(1); } && touch $@
export PYTHONUNBUFFERED = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
.DEFAULT_GOAL := help
.PHONY: help run setup debian test every-test fast another-day year fuzz lint format chat bench doctor backup vendor clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed ($$($(PYTHON) --version) found)."; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { tools/debian-packages python3-venv && rm -rf .venv && $(PYTHON) -m venv .venv; }

.venv/installed: .venv/bin/python requirements.txt
	@echo "Installing the libraries (once)…"
	@$(call install,requirements.txt)

.venv/installed-dev: .venv/installed requirements-dev.txt
	@$(call install,requirements-dev.txt)

setup: .venv/installed ## install into .venv and bring the database up to date; nothing else
	@$(BIN)/python -m config
	@$(PREPARE)

run: .venv/installed ## install, migrate, seed a demo ward on the first run, start web and worker
	@$(BIN)/python -m config
	@$(PREPARE) --demo
	@$(BIN)/honcho --no-colour -f Procfile start || test $$? -eq 130 # Ctrl-C is a good end

OFFICE := libreoffice-writer libreoffice-calc poppler-utils khal
debian:
	@tools/debian-packages chromium-headless-shell $(OFFICE) || tools/debian-packages chromium $(OFFICE)

lint: .venv/installed-dev ## linters, import rules, type checks
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/deptry . > .venv/deptry.log 2>&1 || { cat .venv/deptry.log; exit 1; }

test: ## everything: linters, types, every test on SQLite and PostgreSQL, pages in Chromium
	@$(MAKE) --no-print-directory -j 3 lint every-test

# Five processes on two processors: three of them mostly wait for the programs of journeys.
every-test: debian .venv/installed-dev tests/__pycache__
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 5 --dist worksteal

tests/__pycache__: | .venv/installed-dev # compiled by one process: half of what each would do first
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --collect-only -qq > /dev/null || true

fast: .venv/installed-dev ## the tests on SQLite only, without the browser
	@TEST_ENGINES=sqlite $(BIN)/python -m pytest -n 2 -m "not browser and not office"

fuzz: .venv/installed-dev ## property tests with other examples each time, ten times as many
	@HYPOTHESIS_PROFILE=fuzz TEST_ENGINES=sqlite $(BIN)/python -m pytest -n 2 --dist worksteal -m hypothesis

# Without what starts programs or looks through a browser: those have the machine's day.
another-day: .venv/installed-dev ## the tests of one process on another day, SQLite (at=2027-02-05T23:58+07:00)
	@TEST_AT="$(or $(at),2027-02-05T23:58+07:00)" TEST_ENGINES=sqlite $(BIN)/python -m pytest -n 2 \
		--dist worksteal -m "not browser and not office and not slow" --ignore tests/journeys \
		--ignore tests/bots/test_worker.py

year: .venv/installed-dev ## a simulated year of 2,000 cases (a minute or two); `make test` lives through 500
	@TEST_ENGINES=sqlite YEAR_CASES=2000 $(BIN)/python -m pytest tests/feedback/reminders/test_year.py

format: .venv/installed-dev ## put the code in order
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

chat: .venv/installed ## talk to the bot in this terminal: no token, no network
	@$(BIN)/python -m config
	@$(PREPARE) --demo --quiet
	@$(FLASK) chat

doctor: .venv/installed ## check the installation and say what to do
	@$(FLASK) doctor

backup: .venv/installed ## copy database and uploads to instance/backups/<time> (or to=FOLDER)
	@$(FLASK) backup "$(or $(to),instance/backups/$(shell date +%Y%m%d-%H%M%S))"

bench: .venv/installed-dev ## measure speed beside the floor; writes bench/results.md
	@$(BIN)/python -m bench

vendor: .venv/installed-dev ## refresh the vendored styles, scripts and fonts (needs npm)
	@$(BIN)/python tools/vendor_static.py

clean: ## remove what tests and tools leave behind (never instance/)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage
