# AIMS Kit. The two commands: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := NO_MKDOCS_2_WARNING=1 $(BIN)/python
PORT ?= 8000
EXAMPLE := build/example

.DEFAULT_GOAL := help
.PHONY: help setup demo site test fast full audit mutations fuzz mutants lint bench forgeries docs manual schemas lock clean new-check new-register new-document new-catalogue new-verb

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: ## Make the virtual environment from the locked requirements
	@$(PYTHON) aims --setup

site: setup ## Generate the example organisation and build its site
	@$(RUN) -m examples.make $(EXAMPLE)

demo: site ## The same, then serve it on 127.0.0.1
	@echo "Serving on http://127.0.0.1:$(PORT)/  (Ctrl-C stops it)"
	@$(RUN) -m http.server --bind 127.0.0.1 --directory $(EXAMPLE)/site $(PORT)

test: setup ## Run every test; installs a browser for some of them where there is none
	@$(RUN) -m tests.browser_setup
	@$(RUN) -m pytest

fast: setup ## Run the tests that need neither a site nor a browser
	@$(RUN) -m pytest -m "not site and not browser and not full"

full: setup ## Bake every combination of answers, which takes long
	@$(RUN) -m pytest -m full

audit: setup ## List what is installed (SBOM), and ask whether any of it has a known vulnerability
	@mkdir -p build
	@for name in requirements requirements-dev; do \
	  $(BIN)/python supply-chain/audit.py $$name.txt --sbom build/$$name.cdx.json || exit 1; done

mutations: setup ## Damage every input in 20,000 ways, and want a sentence each time
	@$(RUN) -m pytest -m full -n 0 tests/test_mutations.py

fuzz: setup build/fuzz/.ready ## Feed each strict reader with made-up bytes for a minute; Linux on x86-64
	@$(RUN) -m pytest -m fuzz -n 0 tests/test_fuzz.py

build/fuzz/.ready: requirements-fuzz.txt
	@$(PYTHON) -m venv build/fuzz
	@build/fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-fuzz.txt
	@touch $@

mutants: build/mutants/.ready ## Change one thing at a time in what decides, and want a test to notice; half an hour
	@build/mutants/bin/python -m tests.mutants

build/mutants/.ready: requirements-mutants.txt
	@$(PYTHON) -m venv build/mutants
	@build/mutants/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-mutants.txt
	@touch $@

lint: setup ## Check the code's style, its layout and its types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

docs: setup ## Build the kit's own site into build/manual
	@$(RUN) -m macros build --site build/manual

manual: setup ## Remake the tables of the manual from the typed definitions
	@$(RUN) -m tests.manual_tables

schemas: setup ## Remake the JSON Schemas, and the grammar that completion reads
	@$(RUN) -m macros schema --write macros/schemas
	@mkdir -p build && $(RUN) -m macros completion json > build/grammar.json && mv build/grammar.json macros/command/grammar.json

bench: setup ## Measure, and print ratios
	@$(RUN) -m benchmarks

forgeries: setup ## Try every forgery, and write who refuses it into the manual
	@$(RUN) -m benchmarks.forgeries

# What follows the target, such as TITLE='...', reaches the generator through the environment and never a shell.
new-check: setup ## Begin a rule: CODE=REG331 TITLE='...' [MODULE=records]
	@$(RUN) -m tests.scaffold check

new-register: setup ## Begin a register: NAME=site-visits [ONE='site visit'] [PREFIX=VIS]
	@$(RUN) -m tests.scaffold register

new-document: setup ## Begin a document of the template: TYPE=policy TITLE='...'
	@$(RUN) -m tests.scaffold document

new-catalogue: setup ## Begin a framework with its crosswalk: NAME=iso23894
	@$(RUN) -m tests.scaffold catalogue

new-verb: setup ## Begin a command: NAME=owners
	@$(RUN) -m tests.scaffold verb

lock: ## Resolve the requirements anew, with hashes
	@command -v uv >/dev/null || { echo "make lock needs uv"; exit 2; }
	@for words in "requirements" "requirements-dev" "supply-chain/requirements -c requirements-dev.txt" "requirements-fuzz -c requirements.txt" "requirements-mutants -c requirements-dev.txt"; do \
	  set -- $$words; name=$$1; shift; \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet "$$@" $$name.in -o $$name.txt || exit 1; done

clean: ## Remove what was built
	@rm -rf build site .pytest_cache .ruff_cache
