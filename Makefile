# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The first Python that is new enough; `make PYTHON=/path/to/python3 …` takes another.
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(RECENT)' >/dev/null 2>&1 && { echo $$name; break; }; done)
CHECK = @$(PYTHON) tests/tools/check.py

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint format docs verdicts build bench bench-fleet soak clean python

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: python ## One renewal against a local OVH API and a local router: nothing else is contacted
	$(CHECK) --demo

test: python ## Every check: lint, build, sanity, units, integration, real routers and lines; needs root: sudo make test
	$(CHECK)

quick: python ## For every save: format, types, the units of pure parts, in 90 seconds; whole on any machine, without root
	$(CHECK) --quick

lint: python ## The checks of text: format, types, YAML, licences, documentation, ansible-lint
	$(CHECK) lint

format: python ## Rewrite the Python files in the project's format
	$(CHECK) --format

docs: python ## Build the docs site into tests/output/docsite
	$(CHECK) --docs

verdicts: python ## Write the verdicts in docs/preflight.md anew
	$(CHECK) --verdicts

build: python ## Make the archive that ansible-galaxy installs
	$(CHECK) --build

bench: python ## How long a renewal takes a customer offline, on a real PPPoE line (20 minutes; needs root)
	$(CHECK) --bench

bench-fleet: python ## What 1 to 100 lines on one key cost: requests, minutes, delays (1 to 2 hours, less with LINES="1 5 10"; contacts nothing but this machine)
	$(CHECK) --bench-fleet $(LINES)

soak: python ## What is too long for `make test`: fuzzing, 100,000 mails of each generator, mutants of the core, every router and real line at length, all faults, 50 killed runs (1 to 2 hours)
	$(CHECK) --soak

clean: ## Remove what the other targets made
	rm -rf .venv tests/output ownrouter-ovhcloud-*.tar.gz

python:
	@$(or $(PYTHON),false) -c '$(RECENT)' 2>/dev/null || { echo "Python 3.11 or newer is missing: $(or $(PYTHON),python3)" \
	"is $$($(or $(PYTHON),python3) --version 2>/dev/null || echo not there). Debian 12, Ubuntu 24.04 and newer have it:" \
	'apt-get install python3 python3-venv' >&2; exit 1; }
