# Everything a developer or a server needs, from Python >= 3.11 and make alone. Start with: make help
# Each step leaves a stamp in .venv, so running a target twice is quick and harmless.

PYTHON ?=
export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV := .venv
BIN := $(VENV)/bin
CREATED := $(VENV)/.created
CAN_RUN := $(VENV)/.can-run
CAN_TEST := $(VENV)/.can-test
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard openmap/translations/*/LC_MESSAGES/messages.po))

INSTALL := $(BIN)/python -m pip install --quiet
INSTALL_LOCKED := $(INSTALL) --require-hashes --no-deps --requirement
INSTALL_PROJECT := $(INSTALL) --no-deps --no-build-isolation --editable .

# A virtual environment whose Python has gone (system upgrade, moved folder) is made again.
ifneq ($(shell $(BIN)/python -c "print(1)" 2>/dev/null),1)
.PHONY: $(CREATED)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check format lock translations clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(CAN_RUN) $(CATALOGUES) ## Run OpenMap on two real mornings: http://127.0.0.1:5000
	$(BIN)/openmap demo

test: $(CAN_TEST) $(CATALOGUES) ## Run all tests, in a real browser and on PostgreSQL too
	.ci/system-packages
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(CAN_TEST) $(CATALOGUES) ## Check format, style, types, layers, templates, migrations, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates
	$(BIN)/python -m tests.quality.migrations
	$(BIN)/python -m tests.quality.translations

format: $(CAN_TEST) ## Format the Python files and the templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-$(BIN)/djlint --reformat --quiet templates

translations: $(CAN_TEST) ## Bring the English catalogue in step with the French sentences of the source
	$(BIN)/python -m tests.quality.translations --update

lock: $(CAN_TEST) ## Lock what pyproject.toml asks for; UPGRADE=1 takes the newest versions
	$(INSTALL) uv==0.13.9
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --extra postgres --group build --output-file requirements.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --extra postgres --group dev --constraint requirements.txt --output-file requirements-dev.txt

LOCK_OPTIONS := pyproject.toml --universal --generate-hashes $(if $(UPGRADE),--upgrade) --python-version 3.11 --custom-compile-command "make lock"

clean: ## Remove what the other targets made, the demo's data excepted
	rm -rf $(VENV) build dist test-results .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -f openmap/translations/*/LC_MESSAGES/*.mo
	find openmap scheduler tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@.ci/create-environment $(VENV)
	@touch $@

$(CAN_RUN): $(CREATED) requirements.txt pyproject.toml .ci/hatch_build.py
	@echo "Installing OpenMap and what it needs into $(VENV)"
	@$(INSTALL_LOCKED) requirements.txt
	@$(INSTALL_PROJECT)
	@touch $@

$(CAN_TEST): $(CREATED) requirements-dev.txt pyproject.toml .ci/hatch_build.py
	@echo "Installing OpenMap, what it needs and the test tools into $(VENV)"
	@$(INSTALL_LOCKED) requirements-dev.txt
	@$(INSTALL_PROJECT)
	@touch $@ $(CAN_RUN)

%.mo: %.po
	$(BIN)/pybabel compile --input-file $< --output-file $@
