# Two commands are enough on a fresh machine: `make demo` and `make test`. Everything they need is set up in .venv.
.DEFAULT_GOAL := help
.PHONY: help demo run test check tests format score bench lock conformance fuzz often messages quality lessons screenshots clean

PYTHON ?= python3
BIN := .venv/bin
# Tests and benchmarks start many processes: each would compile everything anew where writing it down is forbidden.
unexport PYTHONDONTWRITEBYTECODE
# Of the processes that test side by side half wait, for what a person would wait for.
WORKERS ?= 4
# What tests write is thrown away: where memory holds it, nobody waits for a disk.
SCRATCH ?= $(shell [ "$$(df --output=avail --block-size=M /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)" -gt 4000 ] 2>/dev/null && echo /dev/shm)
TEST := $(if $(SCRATCH),TMPDIR=$(SCRATCH)) $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup
# Hashes are checked for every package; nothing is resolved anew on your machine.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 14

demo: .venv/run  ## Talk to the bot in the browser: no token, no network
	$(BIN)/autodigest demo $(ARGS)

run: .venv/run  ## Run the bot against Telegram (AUTODIGEST_TOKEN must be set)
	$(BIN)/autodigest run

test: check tests  ## Check the style, types and architecture, and run all tests

check: .venv/dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

tests: .venv/dev .cache/bot-api-schema.json
	$(TEST) $(ARGS)

format: .venv/dev  ## Format the code
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

conformance: .venv/dev  ## Put other readers' test cases to our reading of feeds (AUTODIGEST_CORPUS)
	$(BIN)/python -m bench.conformance

fuzz: .venv/dev  ## Read 10,000 spoilt feeds in worker processes (ARGS="--seed 7 --count 500")
	$(BIN)/python -m bench.fuzz $(ARGS)

messages: .venv/dev  ## Put 10,000 issues of any text through Telegram's own parser (ARGS="--seed 7 --count 500")
	$(BIN)/python -m bench.messages $(ARGS)

score: .venv/dev  ## Poll for a fortnight of turned time and count what servers object to
	$(BIN)/python -m bench.score $(ARGS)

crash: .venv/dev  ## Kill the process in mid-broadcast, 200 times, and count what arrived (ARGS="--kills 20")
	$(BIN)/python -m bench.crash $(ARGS)

quality: .venv/dev  ## Measure how well the news is understood (AUTODIGEST_CORPUS; ARGS="stories" for some rows)
	$(BIN)/python -m bench.quality $(ARGS)

often: .venv/dev  ## Repeat what must hold every time: 5,000 forged taps and commands, 1,000 races for one story
	AUTODIGEST_TEST_OFTEN=1 $(TEST) -v -k "made_up_tap or two_editors_who_reach" tests

lessons: .venv/dev  ## Learn anew from the labelled titles what words are worth (feeds/lessons.toml)
	$(BIN)/python -m bench.teach

bench: .venv/dev  ## Measure speed and memory against floors (ARGS="--scale .1" is quick and rough)
	$(BIN)/python -m bench.feeds $(ARGS)
	$(BIN)/python -m bench.lag
	$(BIN)/python -m bench.delivery
	$(BIN)/python -m bench.fanout
	$(BIN)/python -m bench.answers
	$(BIN)/python -m bench.pace $(if $(FULL),--count 10000)

screenshots: .venv/dev  ## Take the pictures in docs/ anew
	$(BIN)/python -m tests.screenshots

lock: .venv/dev  ## Pin the newest dependencies that fit
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --custom-compile-command "make lock" --extra demo --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --custom-compile-command "make lock" --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:  ## Remove what was set up
	rm -rf .venv .cache build

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up …"
	$(INSTALL) -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Setting up …"
	$(INSTALL) -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ .venv/run

# Telegram's Bot API as a machine-readable schema, which aiogram's source distribution carries. Not ours to keep.
.cache/bot-api-schema.json: tests/bot-api-schema.lock | .venv/dev
	@mkdir -p .cache
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary aiogram --require-hashes \
	    --dest .cache -r tests/bot-api-schema.lock
	tar -xzOf .cache/aiogram-*.tar.gz --wildcards '*/.butcher/schema/schema.json' > $@.part
	@mv $@.part $@
	@rm -f .cache/aiogram-*.tar.gz
