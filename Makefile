# Cellarhand on one machine. Needs Python 3.13, make and git; everything else comes from the lock files.

.DEFAULT_GOAL := help
.PHONY: help run demo test bench simulate compare outage planted openapi schema build deploy lint measure lock support-key redrive uat-probe replay-attention stop clean environment

DEV := .local/venv/dev/bin
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/shared
# Bytecode is kept whatever the shell says: else every process that the tests start compiles all it imports.
unexport PYTHONDONTWRITEBYTECODE

# Any Python 3 can look for the right one: a pyenv shim may stand first on PATH and point nowhere.
ANY_PYTHON = $(shell for python in python3.13 python3 python $(HOME)/.pyenv/versions/3.13*/bin/python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo "$$python" && break; done)

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 26

run: environment ## Bring everything up, take the guided tour, stay up (data is kept)
	@$(DEV)/python -m sandbox.winery run

demo: environment ## The same tour, every answer checked; then stop
	@$(DEV)/python -m sandbox.winery demo

test: environment ## Build, lint, type check, and all tests: what CI runs
	@$(DEV)/python -m sandbox.machine check
	@$(DEV)/pytest -n auto

bench: environment ## All benchmarks against their limits, or one: make bench ONLY=name
	@set -e; for file in $(if $(ONLY),benchmarks/$(ONLY).py,$(wildcard benchmarks/[a-z]*.py)); do \
		$(DEV)/python $$file --check; done

simulate: environment ## Every fault, every pair, and storms; one: ONLY=singles|pairs|seeds; again: REPLAY=...
	@$(if $(ONLY)$(WORKFLOW)$(REPLAY),:,$(DEV)/pytest -q tests/simulation --ignore tests/simulation/test_singles.py)
	@$(DEV)/python -m tests.simulation $(if $(ONLY),--only $(ONLY)) $(if $(WORKFLOW),--workflow $(WORKFLOW)) \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(RESUME),--resume) $(if $(REPLAY),--replay '$(REPLAY)')

compare: environment ## 100,000 generated prices against the slow reference; the result goes to docs/
	@$(DEV)/python -m tests.long.discounts

outage: environment ## A day without any CRM for 10,000 bookings, simulated; the result goes to docs/: make outage [ONLY=neighbours]
	@$(DEV)/python -m tests.simulation.crowd $(ONLY)

planted: environment ## Which test catches each planted bug; the result goes to docs/: make planted [BUG=name]
	@$(DEV)/python -m tests.planted_bugs $(if $(BUG),"$(BUG)")

openapi: environment ## Write docs/openapi.json and docs/problems.md anew from the code and its real answers
	@$(DEV)/python -m tests.api_examples
	@$(DEV)/python -m operations.api_description

schema: environment ## Write docs/discount-schema.json anew from the code
	@$(DEV)/python -m operations.discount_json_schema

build: environment ## sam build, with bytecode, into .aws-sam/build
	@$(DEV)/python -m sandbox.machine build

deploy: build ## Deploy to your AWS account; SAM asks for what it needs
	@env -u PYTHONPATH .local/venv/sam/bin/sam deploy --guided --config-env prod

lint: environment ## ruff, mypy and sam validate alone
	@$(DEV)/python -m sandbox.machine lint

measure: environment ## How large files, functions and folders are, and circles between rooms
	@$(DEV)/python -m operations.measure

lock: environment ## Pin requirements/*.in anew, with hashes
	@$(DEV)/python -m sandbox.machine lock

support-key: environment ## A new support key: make support-key LABEL=name [STACK=cellarhand]
	@$(DEV)/python -m operations.support_key --stack $(or $(STACK),cellarhand) --label "$(LABEL)"

redrive: environment ## Dead letters back to their queue: make redrive FROM=url TO=url [RATE=10]
	@$(DEV)/python -m operations.redrive --from "$(FROM)" --to "$(TO)" --rate $(or $(RATE),10) \
		$(if $(DRY_RUN),--dry-run) $(ARGS)

uat-probe: environment ## Ask a VinSuite test login what nobody knows: make uat-probe [DRY_RUN=1] [WRITE=tenant] [ARGS=--help]
	@$(DEV)/python -m operations.uat_probe $(if $(DRY_RUN),--dry-run) $(if $(READS),--reads $(READS)) \
		$(if $(CUTS),--cuts $(CUTS)) $(if $(WRITE),--write $(WRITE)) --stack $(or $(STACK),cellarhand) $(ARGS)

replay-attention: environment ## Retry what needs attention: make replay-attention TENANT=t [REASON=r] [RATE=1] [DRY_RUN=1] [ARGS=--help]
	@$(DEV)/python -m operations.replay_attention $(if $(TENANT),--tenant $(TENANT)) $(if $(REASON),--reason $(REASON)) \
		--rate $(or $(RATE),1) --stack $(or $(STACK),cellarhand) $(if $(DRY_RUN),--dry-run) $(ARGS)

stop: environment ## Stop what runs; the data stays
	@$(DEV)/python -m sandbox.machine stop

clean: environment ## Stop, and forget data, logs and build; the environments stay
	@$(DEV)/python -m sandbox.machine clean

environment:
	@test -n "$(ANY_PYTHON)" || { echo "Cellarhand needs Python 3.13: install it, or run pyenv install 3.13." >&2; exit 1; }
	@"$(ANY_PYTHON)" sandbox/machine/bootstrap.py
