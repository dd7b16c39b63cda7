# Everything a newcomer needs with only Python and make. On Windows use the plain commands in README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SMOKE := tests/test_layers.py tests/mock_server/test_pagination.py tests/contracts/test_inference.py \
	tests/mock_server/test_world.py tests/testkit/test_wsgi.py

.PHONY: demo test smoke check power soak frameworks stops structure lock clean

demo: $(READY)  ## start a twin, run every law against it, show the matrix
	$(BIN)/apitwin check viktor

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

smoke: $(READY)  ## a first answer in 20 seconds: structure, one page of each kind, one law of each topic
	$(BIN)/python -m pytest -n 2 -x $(SMOKE)

check: $(READY)  ## style, types and security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/typed .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml apitwin contracts mock_server testkit
	$(BIN)/python -m tests.audit

power: $(READY)  ## every sabotaged server, and which law catches it
	$(BIN)/python -m tests.sabotage

soak: $(READY)  ## the laws 20 times with other random seeds against three correct servers: no false alarm
	$(BIN)/python -m tests.soak

frameworks: $(READY)  ## correct servers of Python frameworks by their own documents, and every defect of one: an hour
	$(BIN)/python -m tests.frameworks
	$(BIN)/python -m tests.frameworks --defects

stops: $(READY)  ## 200 commands stopped at random moments, on a busy machine
	$(BIN)/python -m tests.stops 200 --busy 4

structure: $(READY)  ## rooms, floors, arrows and circles
	$(BIN)/python -m tests.structure

lock:  ## write requirements-dev.lock anew (needs uv)
	uv pip compile --universal --python-version 3.10 --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache

$(READY): pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q apitwin contracts mock_server testkit tests  # else each command that a test starts does
	touch $(READY)
