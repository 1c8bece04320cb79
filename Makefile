# Everything that a fresh machine needs is installed by these targets: Python packages into $(VENV), and where a test
# wants a program of the system, its Debian package (as root or in CI; else the command is printed and the test skips).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := demo

.DEFAULT_GOAL := help
.PHONY: help demo test lint types layers unit packages judges postfix clean docs crash-test benchmarks

help:  ## what can be made here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

$(VENV)/installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

packages:
	@tests/debian-packages

# Not a file's target: where the packages can't be installed, the tests that want them skip, and the next run tries again.
judges: $(VENV)/installed-for-tests
	@tests/judges/install $(VENV)/judges

# Two programs of Postfix to send to and to compare with; unpacked, not installed: no mail server is started anywhere.
postfix:
	@tests/sending/install-postfix $(VENV)/postfix

demo: $(VENV)/installed  ## the main job, from a pasted brief to mails in the outbox, in ./demo
	@rm -rf $(DEMO)
	$(BIN)/briefing init $(DEMO) >/dev/null
	@cp briefing.toml $(DEMO)/ && cp subscribers.example.csv $(DEMO)/subscribers.csv
	$(BIN)/briefing -C $(DEMO) compose --from docs/sample-brief.txt --date 2020-10-16
	@echo
	$(BIN)/briefing -C $(DEMO) render
	@echo
	$(BIN)/briefing -C $(DEMO) send --yes
	@echo
	@echo "All of it lies in $(DEMO)/, made anew by each 'make demo':"
	@echo "  $(DEMO)/issues/2020-10-16/issue.md         the issue; edit it as you like"
	@echo "  $(DEMO)/rendered/2020-10-16/issue.html     the mail as a page; issue.eml for a mail program"
	@echo "  $(DEMO)/.briefing/outbox/2020-10-16/new/   one whole mail a reader"
	@echo
	@echo "Next, see it in your browser while you edit:"
	@echo "  $(BIN)/briefing -C $(DEMO) preview"

test: packages judges postfix lint types layers unit  ## everything that must hold

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-for-tests
	$(BIN)/mypy

layers: $(VENV)/installed-for-tests
	$(BIN)/lint-imports --no-logo

measures: $(VENV)/installed-for-tests  ## how readable the code is, in figures
	$(BIN)/python -m tests.measures

unit: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest

docs: $(VENV)/installed-for-tests  ## write docs/commands.md and docs/checks.md anew
	$(BIN)/python -m docs.commands
	$(BIN)/python -m docs.checks

crash-test: $(VENV)/installed-for-tests  ## kill the sender hundreds of times, and count what arrived
	$(BIN)/python -m tests.sending.crash

benchmarks: $(VENV)/installed-for-tests postfix  ## ratios against what others reach
	$(BIN)/python benchmarks/messages.py
	$(BIN)/python benchmarks/collecting.py
	$(BIN)/python benchmarks/sending.py

clean:  ## remove the virtual environments, caches and the demo
	rm -rf .venv* $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
