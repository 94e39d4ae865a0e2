# Everything a person types. `make` alone prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help lab instructor demo test attacks check build extension bench bench-grading chaos site site-links lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else "medlabs needs Python 3.11, 3.12 or 3.13 (tensorflow has no wheel for %d.%d). Try: make lab PYTHON=python3.12" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) (about 3 GB, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv --no-config pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv --no-config pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

lab: $(STAMP) ## open JupyterLab on all weeks (the learner's door)
	@$(BIN)/medlabs lab

instructor: $(STAMP) ## open JupyterLab on the sources, with nbgrader's instructor tools
	@$(BIN)/medlabs lab --instructor

demo: $(STAMP) ## release, answer, submit, grade, feedback: the whole loop without a person
	@$(BIN)/medlabs demo

build: $(STAMP) ## sources -> release/ notebooks
	@$(BIN)/medlabs build

extension: $(STAMP) ## extension/ -> the panels in JupyterLab (needs Node 20 and the npm registry; learners need neither)
	@$(BIN)/python scripts/build_extension.py

check: $(STAMP) ## fast checks: lint, style of notebooks, release up to date
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/medlabs build --check

# Two at a time, but for what measures its own time or drives a browser.
ALONE := $(wildcard tests/attacks tests/browser)

test: $(STAMP) ## every test
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(addprefix --ignore=,$(ALONE))
	@$(BIN)/python -m pytest $(ALONE)

chaos: $(STAMP) ## kill service, workers, scheduler and database at 100 random moments, and compare every mark
	@cd tests && PYTHONPATH=. ../$(BIN)/python -m service.chaos $(WITH)

attacks: $(STAMP) ## try every attack on our grader and on an unprotected one, side by side
	@PYTHONPATH=tests $(BIN)/python -m attacks.table

bench: $(STAMP) ## measurements, side by side; prints tables, tests nothing
	@for f in benchmarks/bench_*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

bench-grading: $(STAMP) ## our grader, nbgrader and otter-grader on the same submissions, about an hour; WITH=--quick for less
	@$(BIN)/python benchmarks/grading $(WITH)

site: $(STAMP) ## the documentation site in build/site/html: lessons and labs run, dead links fail; WITH=course1/week2 for less
	@$(BIN)/python website/build.py $(WITH)

site-links: $(STAMP) ## ask every external address of the site (needs a network)
	@$(BIN)/python website/build.py --links

lock: $(STAMP) ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras --group test --group docs pyproject.toml -o requirements.lock

clean: ## remove the environment and the self-study workspace's caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist
