# All paths are relative, so that the project works in any folder, also in one with a space in its name.
SHELL := /bin/sh
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
NODE_TOOLS := tests/js/node_modules
TEST_SETTINGS := DJANGO_SETTINGS_MODULE=tests.settings
# All tests together are shared out among the cores (tests/side_by_side.py); a few are sooner done in one process.
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 4 --no-loadscope-reorder

# Tests that ask more when EXAMPLES is set (tests/thorough.py).
THOROUGH = $(shell grep -rlE 'thorough|kills import|"EXAMPLES"' --include='test_*.py' tests/unit tests/integration)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench corpus fuzz faults format clean check-scripts test-scripts

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -e 's/:.*## /\t/' | expand -t 12

install: .venv/installed ## make .venv and install what the application needs

run: .venv/installed ## start everything on http://127.0.0.1:8000/ (another port: make run PORT=8001)
	@exec $(PY) -m uploader_project.run

test: .venv/installed-tests $(if $(ARGS),,test-scripts) ## run all tests (some: make test ARGS="tests/unit -k header")
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest $(or $(ARGS),$(SIDE_BY_SIDE))
	$(PY) -m coverage combine --quiet
	@echo "Lines of the application that these tests ran in their own processes: $$($(PY) -m coverage report --format=total) %"

check: .venv/installed-tests check-scripts ## format, lint, types, imports, missing migrations
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command as run; run()"
	$(TEST_SETTINGS) $(PY) manage.py makemigrations --check --dry-run

bench: .venv/installed-tests ## measure against yardsticks, under 10 minutes (narrower: make bench ONLY=1,2 ROWS=500000)
	$(PY) -m tests.bench

corpus: .venv/installed-tests ## load messy files and 10,000 generated tables and score the reading, in minutes (CORPUS_DIR=../shared/data)
	$(PY) -m tests.corpus

fuzz: .venv/installed-tests ## spoil files of every format and read them (make fuzz SECONDS=600 FORMATS="csv xlsx")
	SECONDS=$(or $(SECONDS),60) $(PY) -m tests.fuzz $(FORMATS)

faults: .venv/installed-tests ## kill workers, readers, the web server and the database at random, and check what was promised (make faults SECONDS=3600)
	EXAMPLES=$(or $(EXAMPLES),200) $(PY) -m pytest -q $(THOROUGH)
	SECONDS=$(or $(SECONDS),300) $(PY) -m tests.faults

format: .venv/installed-tests ## format the code and mend what ruff can mend
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

clean: ## remove .venv and caches; the data in var/ stay
	rm -rf .venv $(NODE_TOOLS) .mypy_cache .pytest_cache .ruff_cache .hypothesis staticfiles
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

.venv/installed: requirements.txt scripts/make_venv
	@sh scripts/make_venv
	@echo "Installing what the application needs (once, about a minute)…"
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/installed-tests: .venv/installed tests/requirements.txt requirements-s3.txt requirements-oidc.txt
	@echo "Installing what the tests need…"
	@$(PIP) --requirement tests/requirements.txt
	@touch $@

# The scripts of the pages are checked and tested by Node 18.19 or newer. CI has it; elsewhere they are skipped without it.
ifneq ($(shell command -v npm 2>/dev/null),)
check-scripts: $(NODE_TOOLS)/installed
	$(NODE_TOOLS)/.bin/tsc --project tests/js
	$(NODE_TOOLS)/.bin/eslint --config tests/js/eslint.config.js --max-warnings 0 static/js tests/js

test-scripts: $(NODE_TOOLS)/installed
	node --import ./tests/js/modules.js --test tests/js/*.test.js

$(NODE_TOOLS)/installed: tests/js/package-lock.json
	@echo "Installing what checks the scripts of the pages…"
	@npm ci --prefix tests/js --no-audit --no-fund --silent
	@touch $@
else ifeq ($(CI),true)
check-scripts test-scripts:
	@echo "There is no Node here (CI never skips what needs it)"; exit 1
else
check-scripts test-scripts:
	@echo "Skipped: there is no Node here to check and test the scripts of the pages (Debian: apt install nodejs npm)"
endif
