# Every command works on a fresh clone: it checks the tools it needs first and installs the rest by itself.

ENVIRONMENT ?= dev
export ENVIRONMENT
# The binary to deploy with: Terraform, or OpenTofu by TERRAFORM=tofu. The CDKTF CLI knows it by the second name.
TERRAFORM ?= terraform
export TERRAFORM
export TERRAFORM_BINARY_NAME := $(TERRAFORM)
# Neither the CDKTF CLI nor Terraform reports to its maker.
export CHECKPOINT_DISABLE := 1

# What commands keep for the next one. Where the checkout cannot be written, both may be elsewhere.
CACHE ?= .cache
OUT   := $(or $(CDKTF_OUTDIR),cdktf.out)
export CDKTF_OUTDIR := $(OUT)

# Go, npm and the CLI keep things in the home directory. A user of a container may have none that can be written.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(abspath $(CACHE))/home
$(shell mkdir -p "$(HOME)" 2>/dev/null)
endif
# A checkout that belongs to another user, as in a container, has no version that Go would put into the program.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

STACK     := baseline-$(ENVIRONMENT)
STACK_DIR := $(OUT)/stacks/$(STACK)
HCL_DIR   := $(or $(HCL),$(OUT)/hcl/$(STACK))
PROGRAM   := $(CACHE)/securebaseline
# The CLI of CDKTF, or with CLI=cdktn that of its community's fork, which is installed on request alone.
CLI       := cdktf
ifeq ($(CLI),cdktf)
NODE      := 20.9
CLI_PINS  := .
CLI_FILES := node_modules
else ifeq ($(CLI),cdktn)
NODE      := 22.19
CLI_PINS  := .ci/cdktn
CLI_FILES := $(CACHE)/cdktn/node_modules
else
$(error CLI=$(CLI): must be cdktf or cdktn)
endif
CLI_BINARY := $(CLI_FILES)/.bin/$(CLI)
GITHUB    := $(CACHE)/github
DRAW      := $(CACHE)/picture
AXE       := $(CACHE)/axe/node_modules/axe-core/axe.min.js
PACMAK    := $(CACHE)/bindings/node_modules/.bin/jsii-pacmak
SCAN      := $(CACHE)/scan
CHECKOV   := $(SCAN)/bin/checkov
TRIVY     := $(CACHE)/bin/trivy
SCANNING   = $(if $(filter checkov,$(SCANNERS)),$(CHECKOV)) \
	$(if $(filter trivy,$(SCANNERS)),$(if $(shell command -v trivy || :),,$(TRIVY)))
PACKAGES  := ./...
# Code behind these tags needs Terraform and the provider, and emulators of AWS.
TAGS      := -tags provider
ALL_TAGS  := -tags provider,rehearsal,browser,scan
# The scanners of "make scan". checkov is installed where it is missing, and trivy built.
SCANNERS  ?= checkov
export SCANNERS
# What "make lock" pins, and "make test-nodes" runs on.
PLATFORMS ?= linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64
NODES     ?= 22 24 26

# A second run waits for the first to give the state back, but not for ever.
LOCK_TIMEOUT ?= 5m
PLANNING     := plan -input=false -lock-timeout=$(LOCK_TIMEOUT)
# Plans hold what Terraform hides as sensitive. So one is kept no longer than a command needs it, for its owner alone.
PLAN_FILE    := reviewed.tfplan

# Deploying and destroying ask first. A pipeline has nobody to ask: it must say so twice.
APPROVE := $(if $(filter true,$(CI)),$(if $(filter true,$(AUTO_APPROVE)),--auto-approve))

# The provider is pinned already. The CLI would ask a registry again, because it does not know that of OpenTofu.
PINNED := --skip-provider-lock

.DEFAULT_GOAL := help

##@ Build

.PHONY: synth
synth: need-go need-node need-terraform $(CLI_BINARY) $(PROGRAM) ## Synthesize Terraform JSON with the CDKTF CLI (ENVIRONMENT=dev), or that of its fork (CLI=cdktn)
	@$(PROGRAM) check
	@$(call cli,synth)
	@$(PROGRAM) summary

.PHONY: json
json: need-go need-node $(PROGRAM) ## The same from the program itself, without the CDKTF CLI
	@$(PROGRAM)

.PHONY: hcl
hcl: synthesized need-terraform ## Write the stack in Terraform's own syntax, to go on without CDKTF (HCL=directory)
	@$(TERRAFORM) -chdir=$(STACK_DIR) init -backend=false -input=false >/dev/null
	@go build -o $(CACHE)/hcl ./internal/hcl/command
	@$(CACHE)/hcl -terraform $(TERRAFORM) $(STACK_DIR) "$(HCL_DIR)"
	@echo "next: $(TERRAFORM) -chdir=$(HCL_DIR) init, then $(TERRAFORM) -chdir=$(HCL_DIR) plan, which must say \"No changes\";"
	@echo "      docs/leaving-cdktf.md says what you leave behind"

.PHONY: cdktn-bindings
cdktn-bindings: need-go need-node $(PACMAK) ## Copy the checkout, and move the copy to the bindings of CDKTF's fork (DIR=directory)
	@go build -o $(CACHE)/forkbindings ./internal/forkbindings/command
	@$(CACHE)/forkbindings -npm $(CACHE)/bindings "$(or $(DIR),$(OUT)/cdktn-bindings)"

.PHONY: picture
picture: synthesized $(DRAW) ## Draw the stack as SVG (PICTURE=file)
	@$(DRAW) $(STACK_DIR) "$(or $(PICTURE),$(OUT)/report/$(STACK)/architecture.svg)"

.PHONY: generate
generate: need-go ## Rewrite the JSON Schema, docs/configuration.md, docs/controls.md and the pruned bindings
	go generate $(PACKAGES)

.PHONY: clean
clean: ## Remove everything that the other commands wrote, but never state
	rm -rf cdktf.out node_modules .cache

##@ Check

# Packages are tested side by side, so those that take longest come first.

# What the compiler and the tests leave behind is gone with them, and seldom worth collecting.
.PHONY: check
check: export GOGC := 400
check: need-go need-node ## The inner loop: format, vet, and the quick tests, which need no Terraform
	@$(formatted)
	go vet $(ALL_TAGS) $(PACKAGES)
	go test -short -vet=off ./tests ./tests/report $(PACKAGES)

.PHONY: test
test: need-go need-node need-terraform $(CLI_BINARY) ## Run all tests, with the real provider
	go test $(TAGS) -timeout 30m ./tests/provider ./tests $(PACKAGES)

.PHONY: rehearse
rehearse: need-go need-node need-terraform need-python $(CLI_BINARY) ## Deploy, change, kill and destroy on this machine, against emulators of AWS (WITH="tofu cdktn", KILLS=10)
	go test -tags rehearsal ./tests/rehearsal -count=1 -parallel 10 -timeout 35m -v \
		$(if $(WITH)$(KILLS),-args $(if $(WITH),-rehearsal.with="$(WITH)") $(if $(KILLS),-rehearsal.kills=$(KILLS)))

.PHONY: test-page
test-page: need-go need-node $(AXE) ## Test the report's page in Chromium or Chrome, wide and narrow, light and dark (PICTURES=directory)
	AXE=$(abspath $(AXE)) PICTURES=$(if $(PICTURES),$(abspath $(PICTURES))) go test -tags browser ./tests/report -count=1 -run 'TestPage(InBrowser|IsUsed)'

.PHONY: test-scan
test-scan: need-go need-node need-terraform $(CHECKOV) ## Run checkov on plans, and on a stack that is broken on purpose
	go test -tags provider,scan ./tests/provider -count=1 -run 'TestScan' -v

.PHONY: test-nodes
test-nodes: need-go ## Synthesize with the CLI on other versions of Node.js (NODES="22 24 26", CLI=cdktn)
	@$(MAKE) --no-print-directory json CLI=cdktf >/dev/null && cp $(STACK_DIR)/cdk.tf.json $(CACHE)/expected.json
	@set -e; package=$$(node -p '"node-" + process.platform + "-" + process.arch'); for version in $(NODES); do \
		npm install --prefix $(CACHE)/node-$$version --no-audit --no-fund --loglevel=error --fetch-timeout=60000 "$$package@$$version" >/dev/null; \
		PATH="$(abspath $(CACHE))/node-$$version/node_modules/$$package/bin:$$PATH"; \
		$(MAKE) --no-print-directory synth >/dev/null; cmp $(CACHE)/expected.json $(STACK_DIR)/cdk.tf.json; \
		echo "Node.js $$(node --version): $(CLI) writes the same JSON"; done

GOLDEN_TESTS := ./tests ./tests/report ./internal/diff

.PHONY: golden
golden: need-go need-node ## Rewrite the golden files and docs/architecture.svg; review the difference like code
	@go test $(GOLDEN_TESTS) -run '^$$' >/dev/null || { go vet $(GOLDEN_TESTS); exit 1; } # what does not compile rewrites nothing
	go test $(GOLDEN_TESTS) -run 'TestGolden|TestStatefulAddressesStay|TestAnswersAreReadable|TestReportShowsWhoMayDoWhat|TestEveryRuleNotices|TestRendering' -update || true
	@git --no-pager diff --stat -- tests/testdata tests/report/testdata internal/diff/testdata docs/architecture.svg internal/evidence/proofs.json

.PHONY: lint
lint: need-go ## gofmt, go vet, staticcheck, revive, deadcode and actionlint
	@$(formatted)
	go vet $(ALL_TAGS) $(PACKAGES)
	go tool staticcheck $(ALL_TAGS) $(PACKAGES)
	go tool revive -config revive.toml -exclude ./node_modules/... -exclude ./.cache/... -exclude ./bindings/... -set_exit_status $(PACKAGES)
	@dead=$$(go tool deadcode $(ALL_TAGS) -test $(PACKAGES)) && test -z "$$dead" || { echo "nobody calls: $$dead" >&2; exit 1; }
	go tool actionlint

.PHONY: bench
bench: need-go need-node ## Compare synthesis with stock and pruned bindings; writes docs/performance.md
	go run ./internal/bench

.PHONY: validate
validate: synthesized need-terraform ## Check the JSON with Terraform and the real provider (ENVIRONMENT=all for each)
	@set -e; for environment in $$($(PROGRAM) environments); do stack=$(OUT)/stacks/baseline-$$environment; \
		$(TERRAFORM) -chdir=$$stack init -backend=false -input=false >/dev/null; $(TERRAFORM) -chdir=$$stack validate; done
	@echo "next: make plan ENVIRONMENT=$(ENVIRONMENT), with credentials for AWS"

.PHONY: provider6
provider6: synthesized ## Check the stack against the schema of version 6 of the AWS provider, before you move to it
	@go build -o $(CACHE)/provider6 ./internal/provider6/command
	@$(CACHE)/provider6 $(STACK_DIR)

.PHONY: plan
plan: initialized ## Show what a deployment would change; needs credentials for AWS
	@$(call hinted,$(TERRAFORM) -chdir=$(STACK_DIR) $(PLANNING))

.PHONY: review
review: unreported initialized ## Plan, and write what changes to review.md, with a fingerprint to apply exactly that plan
	@$(call planned,$(show) | $(PROGRAM) review $(STACK_DIR)/review.md)

.PHONY: drift
drift: unreported initialized ## Plan, write to drift.md where AWS differs from the configuration, and fail if it does
	@$(call planned,$(show) | $(PROGRAM) drift $(STACK_DIR)/drift.md)

.PHONY: diff
diff: synthesized ## Show what changes against the golden file, and what becomes less protected (AGAINST=main, FORMAT=markdown, PLAN=plan.json)
	@set -e; for environment in $$($(PROGRAM) environments); do ENVIRONMENT=$$environment $(PROGRAM) diff \
		$(if $(AGAINST),-against "$$AGAINST") $(if $(PLAN),-plan "$$PLAN") $(if $(FORMAT),-format "$$FORMAT") \
		$(if $(FAIL_ON),-fail-on "$$FAIL_ON"); done

.PHONY: deploy-policy
deploy-policy: synthesized ## Derive the IAM policies of a pipeline's roles, as JSON (POLICIES=directory)
	@$(PROGRAM) deploy-policy $(or $(POLICIES),$(OUT)/policies/$(STACK))

.PHONY: can
can: synthesized ## Say who may do what, and why (AS=principal DO=action ON=resource, WITH="key=value ...", VIA=endpoint)
	@$(PROGRAM) can "$$AS" "$$DO" "$$ON" "$$WITH" "$$VIA"

.PHONY: report
report: synthesized $(DRAW) ## Report which rules the stack keeps, who may do what, and what it contains; fails if a rule is broken
	@$(DRAW) $(STACK_DIR) "$(OUT)/report/$(STACK)/architecture.svg" >/dev/null
	@$(PROGRAM) report $(OUT)/report/$(STACK)

.PHONY: scan
scan: synthesized $(SCANNING) ## Run independent scanners on the stack; fails on what no exception covers (SCANNERS="checkov trivy", PLAN=plan.json)
	@go build -o $(SCAN)/scan ./internal/scan/command
	@set -e; PATH="$(abspath $(SCAN)/bin):$$PATH:$(abspath $(dir $(TRIVY)))"; \
	for environment in $$($(PROGRAM) environments); do \
		$(if $(filter trivy,$(SCANNERS)),$(MAKE) --no-print-directory hcl ENVIRONMENT=$$environment HCL= >/dev/null;) \
		$(SCAN)/scan -scanners "$$SCANNERS" -hcl $(OUT)/hcl/baseline-$$environment $(if $(PLAN),-plan "$$PLAN") \
			$(OUT)/stacks/baseline-$$environment $$environment; done

##@ Deploy

.PHONY: bootstrap
bootstrap: need-approval synthesized need-terraform ## Create, once per environment, a pipeline's state bucket, OIDC provider and roles
	@$(call hinted,$(PROGRAM) bootstrap)

.PHONY: adopt
adopt: initialized ## Find resources in AWS that are not in the state, for the next deployment to import; changes nothing
	@go build -o $(CACHE)/adopt ./internal/adopt/command
	@$(call hinted,$(CACHE)/adopt -terraform $(TERRAFORM) $(STACK_DIR))
	@test ! -e $(STACK_DIR)/adopt.tf.json || { $(TERRAFORM) -chdir=$(STACK_DIR) plan -input=false && \
		echo "next: make deploy ENVIRONMENT=$(ENVIRONMENT)"; }

.PHONY: save-state
save-state: initialized ## Copy the state to a file, before you change where it is kept
	@$(TERRAFORM) -chdir=$(STACK_DIR) state pull > $(STACK).saved.tfstate
	@echo "saved as $(STACK).saved.tfstate; next: change the backend, then make move-state FROM=$(STACK).saved.tfstate"

.PHONY: move-state
move-state: synthesized need-terraform ## Move a state from a file to where the configuration keeps it (FROM=file)
	@test -n "$(FROM)" || { echo "name the file that holds the state: make move-state FROM=file" >&2; exit 1; }
	@$(PROGRAM) move-state $(FROM)

.PHONY: cdktf-diff
cdktf-diff: initialized $(CLI_BINARY) ## cdktf diff: the plan, by the CDKTF CLI
	@$(call cli,diff $(STACK) $(PINNED))

.PHONY: deploy
deploy: need-approval initialized $(CLI_BINARY) ## cdktf deploy; asks first
	@$(call cli,deploy $(STACK) $(PINNED) $(APPROVE))
	@rm -f $(STACK_DIR)/adopt.tf.json # what it imports is in the state now

.PHONY: apply
apply: need-reviewed need-approval initialized ## Plan, and apply the plan if it is the reviewed one (REVIEWED=fingerprint)
	@$(call planned,$(show) | $(PROGRAM) reviewed "$$REVIEWED" && \
		( $(call hinted,$(TERRAFORM) -chdir=$(STACK_DIR) apply -input=false -lock-timeout=$(LOCK_TIMEOUT) $(PLAN_FILE)) ))
	@rm -f $(STACK_DIR)/adopt.tf.json # what it imports is in the state now

.PHONY: unlock
unlock: need-lock need-approval reachable ## Remove the lock that a killed run has left on the state (LOCK=id); asks first
	@$(TERRAFORM) -chdir=$(STACK_DIR) force-unlock $(if $(APPROVE),-force) "$$LOCK"

.PHONY: destroy
destroy: need-approval initialized $(CLI_BINARY) ## cdktf destroy; asks first, and refuses to delete what must outlive the stack
	@$(state) | $(PROGRAM) teardown
	@$(call cli,destroy $(STACK) $(PINNED) $(APPROVE))

.PHONY: lock
lock: need-node need-terraform $(PROGRAM) ## Pin the newest provider that the stack accepts (PLATFORMS="linux_amd64 ...", MIRROR=directory)
	@$(PROGRAM) check
	@$(PROGRAM) >/dev/null 2>&1 || true # what is pinned now may be refused
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && cp $(STACK_DIR)/cdk.tf.json "$$work" && \
	$(TERRAFORM) -chdir="$$work" providers lock $(PLATFORMS:%=-platform=%) $(if $(MIRROR),-fs-mirror=$(abspath $(MIRROR))) && \
	$(PROGRAM) lock "$$work/.terraform.lock.hcl"

##@ GitHub Actions

.PHONY: github-role
github-role: $(GITHUB) ## Let the next steps of a job use a role of the pipeline (ROLE=plan or deploy)
	@$(GITHUB) role "$$ROLE" $(CACHE)/aws-config

.PHONY: github-comment
github-comment: $(GITHUB) ## Put review.md into the environment's comment on the pull request
	@$(GITHUB) comment $(STACK_DIR)/review.md

.PHONY: github-summary
github-summary: $(GITHUB) ## Show review.md on the page of the run, and output its fingerprint
	@$(GITHUB) summary $(STACK_DIR)/review.md

.PHONY: github-issue
github-issue: $(GITHUB) ## Open, update or close the environment's issue on drift, from drift.md
	@$(GITHUB) issue $(STACK_DIR)/drift.md

##@ Help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { print "\n" substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The CLI's install scripts are not needed, and what does not run cannot do harm.
$(CLI_BINARY): $(CLI_PINS)/package.json $(CLI_PINS)/package-lock.json | need-node
	@mkdir -p $(CLI_FILES) 2>/dev/null && test -w $(CLI_FILES) || { \
		echo "cannot write to $(CLI_FILES): copy the checkout to where it can be, or use make json, which needs no CLI" >&2; exit 1; }
	$(if $(filter-out .,$(CLI_PINS)),@cp $^ $(dir $(CLI_FILES)))
	npm ci --prefix $(dir $(CLI_FILES)) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(AXE): .ci/axe/package.json .ci/axe/package-lock.json | need-node
	$(call pinned,axe)

$(PACMAK): .ci/bindings/package.json .ci/bindings/package-lock.json | need-node
	$(call pinned,bindings)

# pinned NAME: installs the npm packages that .ci/NAME pins.
define pinned
@mkdir -p $(CACHE)/$(1) && cp $^ $(CACHE)/$(1)
npm ci --prefix $(CACHE)/$(1) --ignore-scripts --no-audit --no-fund --loglevel=error
@touch $@
endef

# Scanners check what is pinned, and run in an environment of their own.
$(CHECKOV): .ci/scan/requirements.txt | need-python
	python3 -m venv --clear $(SCAN)
	$(SCAN)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --only-binary=:all: --require-hashes -r $<
	@touch $@

# From modules that go.sum verifies, as far as it is not on the PATH. Its JSON needs what Go has as an experiment.
$(TRIVY): .ci/trivy/go.mod .ci/trivy/go.sum | need-go
	@echo "building trivy, which takes some ten minutes the first time"
	GOEXPERIMENT=jsonv2 go build -C .ci/trivy -o "$(abspath $@)" github.com/aquasecurity/trivy/cmd/trivy

# Only files of the project: not those of packages that npm has installed.
formatted = unformatted=$$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 gofmt -l); \
	test -z "$$unformatted" || { echo "not formatted, run gofmt -w: $$unformatted" >&2; exit 1; }

# Without a terminal the CLI would draw its progress line by line; CI makes it write a plain log.
cli = if [ -t 1 ]; then $(CLI_BINARY) $(1) --output $(OUT); else export CI=1; $(call hinted,$(CLI_BINARY) $(1) --output $(OUT),log); fi

# hinted COMMAND[,log]: says what to do where credentials are missing, whether for the state or for the provider. With "log",
# the command explains itself in its output.
define hinted
log=$$(mktemp) && trap 'rm -f "$$log" "$$log.failed"' EXIT; \
$(if $(2),{ $(1) 2>&1 || touch "$$log.failed"; } | tee "$$log",{ $(1); } 2>"$$log" || touch "$$log.failed"; cat "$$log" >&2); \
if [ -e "$$log.failed" ] && grep -qi 'no valid credential sources' "$$log"; then \
	echo "AWS credentials are missing: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" >&2; \
fi; if [ -e "$$log.failed" ] && grep -q 'Backend configuration changed' "$$log"; then \
	echo "The state was kept elsewhere before. To take it along: go back to the former backend, make save-state, change the" >&2; \
	echo "backend again, and make move-state FROM=$(STACK).saved.tfstate" >&2; \
fi; if [ -e "$$log.failed" ] && grep -q 'Error acquiring the state lock' "$$log" && grep -q ' ID: ' "$$log"; then \
	of() { sed -n "s/.* $$1: *//p" "$$log" | tail -n 1; }; \
	echo "The state is locked by $$(of Who) since $$(of Created | sed 's/\.[0-9]*//'): wait until that run is over. Only if it" >&2; \
	echo "was killed: make unlock ENVIRONMENT=$(ENVIRONMENT) LOCK=$$(of ID)" >&2; \
fi; test ! -e "$$log.failed"
endef

# planned COMMANDS: plans, and runs commands while there is the plan.
define planned
trap 'rm -f $(STACK_DIR)/$(PLAN_FILE)' EXIT; trap 'exit 130' INT TERM HUP; \
( umask 077; $(call hinted,$(TERRAFORM) -chdir=$(STACK_DIR) $(PLANNING) -out=$(PLAN_FILE)) ) && $(1)
endef
show = $(TERRAFORM) -chdir=$(STACK_DIR) show -json $(PLAN_FILE)

# What a state guards is not guarded while it cannot be read: then the next command reads what is no state, and fails.
state = { $(TERRAFORM) -chdir=$(STACK_DIR) state pull || echo unreadable; }

.PHONY: synthesized
synthesized: need-go need-node $(PROGRAM)
	@$(PROGRAM) >/dev/null

.PHONY: reachable
reachable: synthesized need-terraform
	@$(PROGRAM) state
	@$(call hinted,$(TERRAFORM) -chdir=$(STACK_DIR) init -input=false >/dev/null)

.PHONY: initialized
initialized: reachable
	@$(state) | $(PROGRAM) known

# What an earlier run wrote must not be taken for what this one found.
.PHONY: unreported
unreported:
	@rm -f $(STACK_DIR)/review.md $(STACK_DIR)/drift.md

# Go knows best whether it is current.
.PHONY: $(PROGRAM)
$(PROGRAM): | need-go
	@go build -o $@ .

.PHONY: $(DRAW)
$(DRAW): | need-go
	@go build -o $@ ./internal/picture/command

.PHONY: $(GITHUB)
$(GITHUB): | need-go
	@go build -o $@ ./internal/github/command

# need NAME, MINIMUM, COMMAND THAT PRINTS ITS VERSION, WHERE TO GET IT
define need
@version=$$($(3) 2>/dev/null | sed 's/[^0-9]*\([0-9.]*\).*/\1/;q'); \
if [ -z "$$version" ]; then found="it is not installed or not on the PATH"; else found="$$version is installed"; fi; \
printf '%s\n%s\n' "$(2)" "$$version" | sort -V -C || \
{ echo "$(1) $(2) or newer is needed, but $$found. Get it from $(4)" >&2; exit 1; }
endef

.PHONY: need-writable need-go need-node need-terraform need-python need-approval need-reviewed need-lock
need-writable:
	@mkdir -p $(CACHE) 2>/dev/null && test -w $(CACHE) || { \
		echo "cannot write to $(CACHE): set CACHE and CDKTF_OUTDIR to directories that can be written" >&2; exit 1; }
	@test -d "$${TMPDIR:-/tmp}" && test -w "$${TMPDIR:-/tmp}" || { \
		echo "cannot write to $${TMPDIR:-/tmp}: set TMPDIR to a directory that can be written" >&2; exit 1; }
need-go: need-writable
	$(call need,Go,1.26,go env GOVERSION,https://go.dev/dl)
need-node:
	$(call need,Node.js,$(NODE),node --version,https://nodejs.org/en/download)
need-terraform:
ifneq ($(findstring tofu,$(notdir $(TERRAFORM))),)
	$(call need,OpenTofu,1.10,$(TERRAFORM) version,https://opentofu.org/docs/intro/install)
else
	$(call need,Terraform,1.10,$(TERRAFORM) version,https://developer.hashicorp.com/terraform/install)
endif
need-python:
	$(call need,Python,3.11,python3 --version,https://www.python.org/downloads)
need-approval:
	@if [ -z "$(APPROVE)" ] && ! [ -t 0 ]; then \
		echo "nobody is there to approve; in a pipeline set CI=true and AUTO_APPROVE=true" >&2; exit 1; fi
export REVIEWED LOCK ROLE
need-reviewed:
	@printf '%s\n' "$$REVIEWED" | grep -Eqx '[0-9a-f]{64}' || { \
		echo "REVIEWED = \"$$REVIEWED\": must be the fingerprint of 64 digits that make review has printed" >&2; exit 1; }
need-lock:
	@printf '%s\n' "$$LOCK" | grep -Eqx '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]+/[A-Za-z0-9_-]+' || { \
		echo "LOCK = \"$$LOCK\": must be the id of a lock, as Terraform prints it where a state is locked" >&2; exit 1; }
