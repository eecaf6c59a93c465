# Every target makes what it needs: the virtual environment, the packages and, where asked for, a broker.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos fuzz audit wheel clean

SEED ?= 1
# Much of a test on a broker is waiting; a file stays in one process, with one broker for all of its tests.
PROCESSES ?= 2

QUIX := $(VENV)/quix/ready
PEER := bench/peers/kafka_streams
PEER_JAR := $(PEER)/target/kafka-streams-peer.jar

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## watch a race unfold on a broker on this machine
	$(BIN)/slotrit demo

test: $(READY) ## run all tests; ARGS=... goes to pytest, REQUIRE_KAFKA=1 REQUIRE_BROWSER=1 fail where there is none
	$(BIN)/pytest --numprocesses=$(PROCESSES) --dist=loadfile $(ARGS)

check: $(READY) ## check style, format, types and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) $(QUIX) $(PEER_JAR) ## measure against three peers, 20 minutes; ROUNDS=1 is a quick look, EVENTS= scales it
	$(BIN)/python -m bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(EVENTS),--events $(EVENTS)) $(ARGS)

# What is not given is as `python -m bench.chaos --help` says.
chaos: $(READY) ## break a cluster by plan, 30 minutes and the reading; SEED= repeats, EVENTS= WORKERS= MINUTES= scale
	$(BIN)/python -m bench.chaos --seed $(SEED) $(if $(EVENTS),--events $(EVENTS)) \
		$(if $(WORKERS),--workers $(WORKERS)) $(if $(MINUTES),--minutes $(MINUTES)) $(ARGS)

fuzz: RUNS ?= 1000000
fuzz: $(READY) ## try a million bad inputs on each target, an hour; TARGET= picks one, RUNS= SEED= scale it
	$(BIN)/python -m tests.fuzz $(TARGET) --runs $(RUNS) --seed $(SEED) --processes $(PROCESSES) $(ARGS)

audit: $(READY) ## look up every installed package in the list of known vulnerabilities
	$(BIN)/python -m pip list --format=freeze --exclude-editable > $(VENV)/audited.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r $(VENV)/audited.txt

wheel: $(READY) ## build the wheel into dist/
	$(BIN)/python -m build --wheel

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) build dist

# pip learned --group in 25.1, and Python 3.11 brings an older one.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Slotrit needs Python 3.11 or newer, and $(PYTHON) is not; name one: make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --group dev --editable .
	@touch $@

# Quix Streams asks for an older pydantic than we do; with ours, which it works with, all peers read JSON alike.
$(QUIX): pyproject.toml $(READY)
	$(PYTHON) -m venv $(VENV)/quix
	$(VENV)/quix/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(VENV)/quix/bin/python -m pip install --quiet --group bench
	$(VENV)/quix/bin/python -m pip install --quiet --no-deps $$($(BIN)/python -m pip freeze | grep -iE '^pydantic([-_]core)?==')
	@touch $@

$(PEER_JAR): $(PEER)/pom.xml $(shell find $(PEER)/src -name '*.java')
	mvn -q -B --no-transfer-progress -Dstyle.color=never -f $(PEER)/pom.xml package
	@touch $@
