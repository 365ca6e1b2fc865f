# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The first Python that is new enough; `make PYTHON=/path/to/python3 …` takes another.
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(RECENT)' >/dev/null 2>&1 && { echo $$name; break; }; done)
CHECK = @$(PYTHON) tests/tools/check.py

.DEFAULT_GOAL := help
.PHONY: help demo test lint format build bench soak clean python

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: python ## One renewal against a local OVH API and a local router: nothing else is contacted
	$(CHECK) --demo

test: python ## Every check: lint, build, and sanity, units and integration on each ansible-core
	$(CHECK)

lint: python ## The quick checks: format, types, YAML, licences, documentation, ansible-lint
	$(CHECK) lint

format: python ## Rewrite the Python files in the project's format
	$(CHECK) --format

build: python ## Make the archive that ansible-galaxy installs
	$(CHECK) --build

bench: python ## How long a renewal takes a customer offline, on a real PPPoE line (20 minutes; needs root)
	$(CHECK) --bench

soak: python ## What is too long for `make test`: fuzzing, every router and real line at length, all faults, 50 killed runs (1 to 2 hours)
	$(CHECK) --soak

clean: ## Remove what the other targets made
	rm -rf .venv tests/output ownrouter-ovhcloud-*.tar.gz

python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is missing (Debian and Ubuntu: apt-get install python3 python3-venv)' >&2; exit 1; }
