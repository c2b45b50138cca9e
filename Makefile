# Every target sets itself up; a fresh machine needs only Python 3.11, its venv module and make.
PYTHON ?= python3
VENV := .venv
RIVALS := .venv-rivals
BIN := $(VENV)/bin
JOBS ?= auto
export MYPYPATH := .types
# The suite starts hundreds of processes, each of which would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint screens bench-tui schemas messages docs howto install wheel bench bench-county scale truth kills crowd handover pages clean

# An invented county of 300 households, and three families walked through the whole chain.
demo: $(VENV)/.installed
	@$(BIN)/yimen demo

# The whole suite, in parallel; who has done their half takes over from the others.
test: $(VENV)/.installed
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

# Style, types, import contracts, and documents that must not drift.
lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p .types && ln -sfn .. .types/yimen
	$(BIN)/mypy -p yimen.core -p yimen.commands -p yimen.plugins -p yimen.tui -m yimen -m yimen.cli
	$(BIN)/mypy locale/catalogue.py
	cd docs && MYPYPATH=../.types:. ../$(BIN)/mypy --config-file ../pyproject.toml --explicit-package-bases *.py
	cd benchmarks && MYPYPATH=../.types:. ../$(BIN)/mypy --config-file ../pyproject.toml --explicit-package-bases *.py
	cd benchmarks/rivals && MYPYPATH=. ../../$(BIN)/mypy --config-file ../../pyproject.toml --explicit-package-bases *.py openfisca_bench/*.py
	$(BIN)/lint-imports
	$(BIN)/python locale/catalogue.py check
	$(BIN)/python docs/build.py check

# Writes the clerk's screens as text, to be read in a diff.
screens: $(VENV)/.installed
	YIMEN_WRITE_SCREENS=1 $(BIN)/python -m pytest -q -n $(JOBS) tests/test_tui_screens.py tests/test_tui_case.py -k 'each_screen or whole_case'

# Bytes, time and memory of the clerk's screen on a real pseudo-terminal, beside bare Textual.
bench-tui: $(VENV)/.installed
	$(BIN)/python benchmarks/tui.py

# Writes schemas/ from the records.
schemas: $(VENV)/.installed
	$(BIN)/python -m yimen.core.write_schemas

# Extracts messages, merges them into the Chinese catalogue and compiles it.
messages: $(VENV)/.installed
	$(BIN)/python locale/catalogue.py update

# Writes what the documents take from the code: reference tables and the tutorial's output.
docs: $(VENV)/.installed
	$(BIN)/python docs/build.py write

# The howtos' output, from the built wheels in a virtual environment of their own.
howto: $(VENV)/.installed
	HOWTO=write .ci/wheel

# Start-up, one-household and departments' figures, side by side with their yardsticks.
bench: $(VENV)/.installed
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/household.py
	$(BIN)/python benchmarks/departments.py

# A county of 100,000 households, screened by Yimen and by its rivals, which have an environment
# of their own: what a yardstick imports must not slow what it measures.
bench-county: $(VENV)/.installed $(RIVALS)/.installed
	$(BIN)/python benchmarks/screen.py --folder .bench
	$(BIN)/python benchmarks/statement.py --folder .bench

# The screening of 10,000, 100,000 and 1,000,000 households on each engine: time, memory, growth.
scale: $(VENV)/.installed
	$(BIN)/python benchmarks/scale.py --folder .bench

# Precision and recall of a screening of 20,000 invented households, per kind of planted trouble.
truth: $(VENV)/.installed
	$(BIN)/python benchmarks/truth.py

# 1,000 referrals to a department's home and back, with every fault on their way.
handover: $(VENV)/.installed
	$(BIN)/python benchmarks/handover.py --referrals 1000

# A screening of 5,000 households, killed twenty times on each engine, ends as an undisturbed one.
kills: $(VENV)/.installed
	$(BIN)/python benchmarks/kills.py --engine sqlite
	$(BIN)/python benchmarks/kills.py --engine duckdb

# Twenty processes move the same fifty referrals at once.
crowd: $(VENV)/.installed
	$(BIN)/python benchmarks/crowd.py

# Every paper that Yimen prints, in both languages, into pages/ to be looked at; with PNG=--png a
# picture of each sheet too (needs chromium and poppler-utils).
pages: $(VENV)/.installed
	$(BIN)/python docs/pages.py pages $(PNG)

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@mkdir -p .types && ln -sfn .. .types/yimen
	@touch $@

$(RIVALS)/.installed: benchmarks/rivals/requirements.txt constraints.txt
	$(PYTHON) -m venv $(RIVALS)
	$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r benchmarks/rivals/requirements.txt
	@touch $@

wheel: $(VENV)/.installed
	$(BIN)/python -m pip wheel --quiet --no-deps -w dist .

clean:
	rm -rf $(VENV) $(RIVALS) .types build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
