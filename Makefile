# Works on a fresh machine with Python 3.11+ and make: every target that needs .venv makes it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test simulate lint types bench docs lock clean

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/ready
	$(BIN)/python examples/demo.py

test: .venv/ready
	$(BIN)/python -m pytest

# Ten years of 10,000 organisations, three times: takes a quarter of an hour, so the suite takes fewer of them.
simulate: .venv/ready
	GUIKOU_SIMULATE=$${GUIKOU_SIMULATE:-10000} $(BIN)/python -m pytest tests/adapters/test_simulation.py -o junit_family=xunit1 --junitxml=.simulation.xml
	grep -o '<property [^>]*>' .simulation.xml

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

bench: .venv/ready
	$(BIN)/python -m benchmarks

# After a change of what is printed: writes the sessions in the READMEs and in docs/ down anew.
docs: .venv/ready
	$(BIN)/python docs/sessions.py

# After a change of dependencies; uv is needed only here.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .demo build *.egg-info
