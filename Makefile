# Motion Studio: every command does its own set-up, from nothing.
SHELL := /bin/bash
PY := .venv/bin/python
STREAMLIT_PORT ?= 8501
SIZE ?= 500
PEOPLE ?= 50
AWAY ?= 10

.PHONY: help run test check bench faults fuzz load screenshots clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | while IFS='|' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: .venv/.runs ## Start the app (on the simulator unless COMETAPI_KEY is set); keeps everything in data/
	STUDIO_DATA_DIR="$${STUDIO_DATA_DIR:-data}" .venv/bin/streamlit run app.py --server.port $(STREAMLIT_PORT)

test: .venv/.tests chromium servers ## Pass every test, those in a real browser and on PostgreSQL included
	$(PY) -m pytest -n 3 -m "not browser"
	$(PY) -m pytest -m browser

check: .venv/.tests ## Lint, format, types, the arrows between the rooms, and known vulnerabilities
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(PY) scripts/audit.py

bench: .venv/.tests chromium ## Measure speed as ratios within one run (a table, and bench-results.json)
	PYTHONPATH=. $(PY) bench/run_all.py

faults: .venv/.tests ## Try to pay twice or to lose a task, SIZE=500 times; killed all the while
	PYTHONPATH=. $(PY) -m tests.faults $(SIZE)

fuzz: .venv/.tests chromium ## Give it hostile input of every kind for MINUTES=10 (SEED=… for the same again)
	PYTHONPATH=. $(PY) -m tests.fuzz $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

load: .venv/.tests ## Let PEOPLE=50 work at once for MINUTES=5, and look at memory AWAY=10 minutes after they left
	PYTHONPATH=. $(PY) -m tests.load --people $(PEOPLE) --minutes $(or $(MINUTES),5) --away $(AWAY)

screenshots: .venv/.tests chromium ## Make the README's pictures anew from the running app
	PYTHONPATH=. $(PY) scripts/screenshots.py

clean: ## Remove the virtual environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: chromium
chromium:
	@scripts/ensure_chromium.sh

.PHONY: servers
servers:
	@scripts/ensure_postgres.sh
	@scripts/ensure_nginx.sh
	@scripts/ensure_curl.sh

.venv/.runs: requirements.txt .venv/bin/activate
	$(PY) -m pip install --quiet -r requirements.txt
	@touch $@

.venv/.tests: requirements.txt requirements-dev.txt .venv/bin/activate
	$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@ .venv/.runs

# The last file that venv writes: an interrupted set-up is begun again.
.venv/bin/activate:
	@scripts/make_venv.sh
