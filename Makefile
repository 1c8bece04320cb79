# These targets install everything a fresh machine needs: Python packages into $(VENV) and, where a test needs a system
# program, its Debian package (as root or in CI; otherwise the command is printed and the test is skipped).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := demo
# Processes that run tests side by side: two more than processors, since many tests wait for a browser or a server. The
# tests of a file stay together, since they share what takes long to set up.
JOBS ?= $(shell expr `getconf _NPROCESSORS_ONLN` + 2)

.DEFAULT_GOAL := help
.PHONY: help demo test lint types layers measures unit packages judges postfix dovecot docs crash-test long-test mutation-test
.PHONY: release-check constraints audit benchmarks clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

# Exactly the versions that were tested, and only files with the recorded hashes.
$(VENV)/installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement constraints.txt
	@$(BIN)/python $(PIP_INSTALL) --no-deps --editable .
	@$(BIN)/python -m compileall -q briefing
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed tests/constraints.txt
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --requirement tests/constraints.txt
	@touch $@

# For all systems and Python versions together. The tests' file comes first, since it can't have other versions.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade \
	--custom-compile-command 'make constraints'

constraints:  ## write down the newest versions of all dependencies, with their hashes
	@test -x $(VENV)/uv/bin/uv || { $(PYTHON) -m venv $(VENV)/uv && $(VENV)/uv/bin/python $(PIP_INSTALL) uv; }
	$(VENV)/uv/bin/$(COMPILE) --all-extras pyproject.toml --output-file tests/constraints.txt
	$(VENV)/uv/bin/$(COMPILE) --constraints tests/constraints.txt pyproject.toml --output-file constraints.txt

audit:  ## look up known vulnerabilities of the dependencies
	@test -x $(VENV)/audit/bin/pip-audit || \
		{ $(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/python $(PIP_INSTALL) pip-audit; }
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip --requirement tests/constraints.txt

packages:
	@tests/debian-packages

# No stamp file: where the packages can't be installed, the tests that need them are skipped and the next run tries again.
judges: $(VENV)/installed-for-tests
	@tests/judges/install $(VENV)/judges

# Two Postfix programs, to send to and to compare with. They are unpacked, not installed, so no mail server is started.
postfix:
	@tests/sending/install-postfix $(VENV)/postfix

# A mail server to read mailboxes from, unpacked for the same reason.
dovecot:
	@tests/mailbox/install-dovecot $(VENV)/dovecot

demo: $(VENV)/installed  ## a pasted brief becomes an issue, and the sample issue becomes emails in files, in ./demo
	@rm -rf $(DEMO) && mkdir -p $(DEMO)/issues && cp briefing.toml $(DEMO)/
	@install -m 600 subscribers.example.csv $(DEMO)/subscribers.csv
	$(BIN)/briefing -C $(DEMO) compose --from docs/sample-brief.txt --date 2020-10-16
	@echo
	@cp -r issues/2020-10-09 $(DEMO)/issues/
	$(BIN)/briefing -C $(DEMO) render 2020-10-09
	@echo
	$(BIN)/briefing -C $(DEMO) send 2020-10-09 --yes
	@echo
	@echo "Everything is in $(DEMO)/, which each 'make demo' replaces:"
	@echo "  $(DEMO)/issues/2020-10-16/issue.md         the issue made of the brief, for you to edit"
	@echo "  $(DEMO)/issues/2020-10-09/issue.md         the sample issue, which is finished"
	@echo "  $(DEMO)/rendered/2020-10-09/issue.html     its email as a page; issue.eml for a mail app"
	@echo "  $(DEMO)/rehearsal/2020-10-09/              its emails, one for each reader"
	@echo
	@echo "Next, look at it in your browser while you edit:"
	@echo "  $(BIN)/briefing -C $(DEMO) preview 2020-10-09"

# The checks that need one process run beside the tests.
test: packages judges postfix dovecot  ## all tests and checks that CI runs
	@$(MAKE) --no-print-directory --jobs=2 unit lint types layers measures

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-for-tests
	$(BIN)/mypy

layers: $(VENV)/installed-for-tests
	$(BIN)/lint-imports --no-logo

measures: $(VENV)/installed-for-tests  ## how readable the code is, in figures
	$(BIN)/python -m tests.measures

# Compiled code may be kept, whatever the environment says: the tests start the program hundreds of times.
unit: $(VENV)/installed-for-tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

docs: $(VENV)/installed-for-tests  ## write the parts of the documentation that come from the code
	$(BIN)/python -m docs.commands
	$(BIN)/python -m docs.checks
	$(BIN)/python -m docs.modules
	$(BIN)/python -m docs.templates

crash-test: $(VENV)/installed-for-tests  ## kill the sender hundreds of times and count the emails that arrived
	$(BIN)/python -m tests.sending.crash

release-check: $(VENV)/installed-for-tests  ## what goes out of date by itself, before a release (needs the internet)
	$(BIN)/python -m tests.release

long-test: crash-test judges  ## everything that takes too long for each change
	$(BIN)/python -m pytest -m "long or hypothesis" --hypothesis-profile=many-examples

mutation-test: $(VENV)/installed-for-tests  ## change the code on purpose, and list the changes that no test notices
	$(BIN)/python -m tests.mutation

benchmarks: $(VENV)/installed-for-tests postfix  ## speed and memory as ratios to other programs
	$(BIN)/python benchmarks/messages.py
	$(BIN)/python benchmarks/checking.py
	$(BIN)/python benchmarks/collecting.py
	$(BIN)/python benchmarks/sending.py
	$(BIN)/python benchmarks/preview.py
	$(BIN)/python benchmarks/serving.py

clean:  ## remove virtual environments, caches and the demo
	rm -rf .venv* $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
