# Works on a fresh machine with Python 3.11+ and make: every target that needs .venv makes it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test wheel simulate mutants tamper fuzz crashes soak spark lint types bench docs lock clean

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/ready
	$(BIN)/python examples/demo.py

test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadfile

# What others get: the sdist, the wheel made of it, and that wheel with all extras from the registry, in an empty
# environment and away from the tree. Versions are those of the lock, whose hashes pip can't hold a wheel's own needs to.
wheel: .venv/ready
	rm -rf dist .wheel
	$(BIN)/python -m build --no-isolation . >/dev/null
	$(PYTHON) -m venv .wheel
	sed -n 's/ \\$$//; /^[a-z]/p' requirements.lock > .wheel/constraints.txt
	.wheel/bin/python -m pip install --quiet --disable-pip-version-check -c .wheel/constraints.txt \
	  "$$(echo dist/guikou-*.whl)[all]"
	mkdir .wheel/elsewhere && cd .wheel/elsewhere && PATH="$(CURDIR)/.wheel/bin:$$PATH" "$(CURDIR)/.ci/try-installed"

# Ten years of 10,000 organisations, three times: takes a quarter of an hour, so the suite takes fewer of them.
simulate: .venv/ready
	GUIKOU_SIMULATE=$${GUIKOU_SIMULATE:-10000} $(BIN)/python -m pytest tests/adapters/test_simulation.py -o junit_family=xunit1 --junitxml=.simulation.xml
	grep -o '<property [^>]*>' .simulation.xml

# Every change that there is of the flagship policy: some minutes, so the suite tries some of them.
mutants: .venv/ready
	$(BIN)/guikou policy mutate beijing-2015 --n 100000

# Ten thousand changes of the record with the database's guard turned off: some minutes, so the suite makes fewer.
tamper: .venv/ready
	GUIKOU_CHANGES=$${GUIKOU_CHANGES:-10000} $(BIN)/python -m pytest tests/adapters/sql/test_auditing.py

# A hundred thousand inputs by seed, two thousand at a time: goes on where it stopped (.fuzz.next); what failed is in .fuzz.
fuzz: .venv/ready
	@from=$$(cat .fuzz.next 2>/dev/null || echo 0); \
	while [ $$from -lt $${GUIKOU_FUZZ:-100000} ]; do \
	  GUIKOU_FUZZ_FROM=$$from GUIKOU_FUZZ=2000 $(BIN)/python -m pytest -n auto tests/adapters/test_fuzz.py || exit 1; \
	  from=$$((from + 2000)); echo $$from | tee .fuzz.next; \
	done

# Five hundred processes killed in the midst of their work, on each database, as many while they upgrade one, and a disk
# that fills up at each page of a day's work, PostgreSQL's at as many moments of it: an hour and a half.
crashes: .venv/ready
	GUIKOU_KILLS=$${GUIKOU_KILLS:-500} GUIKOU_FULL=$${GUIKOU_FULL:-400} $(BIN)/python -m pytest -n 2 \
	  tests/adapters/test_killed.py tests/adapters/sql/test_killed_upgrade.py tests/end_to_end/test_full_disk.py

# Twenty thousand commands of every kind against plain folding, on each database: some minutes, so the suite tries fewer.
soak: .venv/ready
	GUIKOU_STEPS=$${GUIKOU_STEPS:-20000} $(BIN)/python -m pytest -n 2 tests/adapters/test_store_stateful.py

# Rules as sets on Spark, in an environment of its own: needs Java 17, and PySpark, which is 450 MB.
spark:
	$(PYTHON) -m venv .spark
	.spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation \
	  -r requirements-spark.lock
	.spark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	GUIKOU_SPARK=1 .spark/bin/python -m pytest tests/adapters/bulk

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/ready
	$(BIN)/mypy

bench: .venv/ready
	$(BIN)/python -m benchmarks

# After a change of what is printed: writes the sessions, diagrams and tables of codes in the READMEs and in docs/ anew.
docs: .venv/ready
	$(BIN)/python docs/sessions.py

# After a change of dependencies; uv is needed only here.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock
	sed -n 's/.*"\(pyspark==[^"]*\)".*/\1/p' pyproject.toml | uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate - -o requirements-spark.lock

clean:
	rm -rf .venv .wheel .spark .demo build dist *.egg-info
