# Every command works on a fresh clone: it checks the tools it needs first and installs the rest by itself.

ENVIRONMENT ?= dev
export ENVIRONMENT
# Neither the CDKTF CLI nor Terraform reports to its maker.
export CHECKPOINT_DISABLE = 1

STACK     := baseline-$(ENVIRONMENT)
STACK_DIR := cdktf.out/stacks/$(STACK)
CLI       := node_modules/.bin/cdktf
# Without a terminal the CLI would draw its progress line by line; CI makes it write a plain log.
CDKTF     := [ -t 1 ] || export CI=1; $(CLI)
PROGRAM   := .cache/securebaseline
PACKAGES  := ./...
# Code behind these tags needs Terraform and the provider, and emulators of AWS.
TAGS      := -tags provider
ALL_TAGS  := -tags provider,rehearsal

# Deploying and destroying ask first. A pipeline has nobody to ask: it must say so twice.
APPROVE := $(if $(filter true,$(CI)),$(if $(filter true,$(AUTO_APPROVE)),--auto-approve))

.DEFAULT_GOAL := help

##@ Build

.PHONY: synth
synth: need-go need-node need-terraform $(CLI) $(PROGRAM) ## Synthesize Terraform JSON with the CDKTF CLI (ENVIRONMENT=dev)
	@$(PROGRAM) check
	@$(CDKTF) synth
	@$(PROGRAM) report

.PHONY: json
json: need-go need-node $(PROGRAM) ## The same straight from the program, without the CLI
	@$(PROGRAM)

.PHONY: generate
generate: need-go ## Rewrite the JSON Schema, parts of the README and the pruned bindings
	go generate $(PACKAGES)

.PHONY: clean
clean: ## Remove everything that the other commands made, but never state
	rm -rf cdktf.out node_modules .cache

##@ Check

.PHONY: test
test: need-go need-node need-terraform ## Run all tests, with the real provider
	go test $(TAGS) $(PACKAGES)

.PHONY: rehearse
rehearse: need-go need-node need-terraform need-python $(CLI) ## Deploy, change, kill and destroy on this machine, against emulators of AWS
	go test -tags rehearsal ./tests -run TestRehearsal -count=1 -parallel 10 -timeout 30m -v

.PHONY: golden
golden: need-go need-node ## Rewrite the golden files; review the difference like code
	go test ./tests -run TestGolden -update || true
	@git --no-pager diff --stat -- tests/testdata/golden

.PHONY: lint
lint: need-go ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "not formatted, run gofmt -w: $$unformatted"; exit 1; }
	go vet $(ALL_TAGS) $(PACKAGES)
	go tool staticcheck $(ALL_TAGS) $(PACKAGES)

.PHONY: bench
bench: need-go need-node ## Compare synthesis with stock and pruned bindings; writes docs/performance.md
	go run ./internal/bench

.PHONY: validate
validate: synthesized need-terraform ## Let Terraform and the real provider check the JSON
	@terraform -chdir=$(STACK_DIR) init -backend=false -input=false >/dev/null
	@terraform -chdir=$(STACK_DIR) validate
	@echo "next: make plan ENVIRONMENT=$(ENVIRONMENT), with credentials for AWS"

.PHONY: plan
plan: synthesized need-terraform ## Show what a deployment would change; needs credentials for AWS
	@terraform -chdir=$(STACK_DIR) init -input=false >/dev/null
	@log=$$(mktemp) && trap 'rm -f "$$log"' EXIT && \
	{ terraform -chdir=$(STACK_DIR) plan -input=false 2>"$$log" || failed=1; } && cat "$$log" >&2 && \
	if grep -qi 'no valid credential sources' "$$log"; then \
		echo "AWS credentials are missing: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" >&2; \
	fi && test -z "$$failed"

##@ Deploy

.PHONY: diff
diff: need-go need-node need-terraform $(CLI) $(PROGRAM) ## cdktf diff
	@$(PROGRAM) check
	@$(CDKTF) diff $(STACK)

.PHONY: deploy
deploy: need-go need-node need-terraform need-approval $(CLI) $(PROGRAM) ## cdktf deploy; asks first
	@$(PROGRAM) check
	@$(CDKTF) deploy $(STACK) $(APPROVE)

.PHONY: destroy
destroy: need-go need-node need-terraform need-approval $(CLI) $(PROGRAM) ## cdktf destroy; asks first
	@$(PROGRAM) check
	@$(CDKTF) destroy $(STACK) $(APPROVE)

##@ Help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { print "\n" substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The CLI's install scripts are not needed, and what does not run cannot do harm.
$(CLI): package.json package-lock.json | need-node
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: synthesized
synthesized: need-go need-node $(PROGRAM)
	@$(PROGRAM) >/dev/null

# Go knows best whether it is current.
.PHONY: $(PROGRAM)
$(PROGRAM): | need-go
	@go build -o $@ .

# need NAME, MINIMUM, COMMAND THAT PRINTS ITS VERSION, WHERE TO GET IT
define need
@version=$$($(3) 2>/dev/null | sed 's/[^0-9]*\([0-9.]*\).*/\1/;q'); \
if [ -z "$$version" ]; then found="it is not installed or not on the PATH"; else found="$$version is installed"; fi; \
printf '%s\n%s\n' "$(2)" "$$version" | sort -V -C || \
{ echo "$(1) $(2) or newer is needed, but $$found. Get it from $(4)" >&2; exit 1; }
endef

.PHONY: need-go need-node need-terraform need-python need-approval
need-go:
	$(call need,Go,1.26,go env GOVERSION,https://go.dev/dl)
need-node:
	$(call need,Node.js,20.9,node --version,https://nodejs.org/en/download)
need-terraform:
	$(call need,Terraform,1.10,terraform version,https://developer.hashicorp.com/terraform/install)
need-python:
	$(call need,Python,3.11,python3 --version,https://www.python.org/downloads)
need-approval:
	@if [ -z "$(APPROVE)" ] && ! [ -t 0 ]; then \
		echo "nobody is there to approve; in a pipeline set CI=true and AUTO_APPROVE=true" >&2; exit 1; fi
