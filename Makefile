# One entry for everything. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
BIN     := bin/renxin
DEMO    := data/demo
UI_SRC  := $(shell find ui/src ui/public ui/static ui/index.html ui/*.ts ui/package-lock.json -type f 2>/dev/null)
GO_SRC  := $(shell find cmd internal bench ui -name '*.go' -not -path '*/node_modules/*' 2>/dev/null) $(shell find internal -name '*.sql' -o -name '*.json' -not -path '*/testdata/*' 2>/dev/null) go.mod

# `e2e` and `screenshots` need Chromium; `make deps` brings it.
.PHONY: screenshots help deps run demo build build-connect ui generate test test-go test-pg test-ui e2e check bench rows soak fuzz clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

deps: ## install what is missing on a bare Debian machine (PostgreSQL, Chromium, Node packages)
	@scripts/deps

run: build ## build everything and serve the demo hospital at http://127.0.0.1:8080
	@[ -f $(DEMO)/renxin.db ] || $(BIN) demo -data $(DEMO)
	@exec $(BIN) serve -data $(DEMO) -demo true

demo: build ## make the demo hospital anew
	@rm -rf $(DEMO)
	@$(BIN) demo -data $(DEMO)

build: $(BIN) ## build the pages and the binary

$(BIN): ui/dist/index.html $(GO_SRC)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/renxin

build-connect: ui/dist/index.html ## build the binary that also reads MySQL, SQL Server and Oracle views
	CGO_ENABLED=0 $(GO) build -trimpath -tags connect -ldflags '$(LDFLAGS)' -o bin/renxin-connect ./cmd/renxin

ui: ui/dist/index.html ## build the pages

ui/node_modules/.installed: ui/package-lock.json
	@scripts/deps node
	cd ui && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ui/dist/index.html: ui/node_modules/.installed $(UI_SRC)
	cd ui && npm run build --silent
	@touch $@

generate: ## write docs/events.md, docs/tables.md, docs/api.md and the API types
	$(GO) run ./cmd/renxin generate

test: check test-go test-pg test-ui e2e ## the whole suite

test-go: ## rooms, rules, doors and adapters on SQLite
	$(GO) test ./...

test-pg: ## the same rooms on PostgreSQL, started for the occasion
	@url=$$(scripts/postgres) && trap 'scripts/postgres stop' EXIT && RENXIN_TEST_PG=$$url $(GO) test ./internal/... ./cmd/...

test-ui: ui/node_modules/.installed ## logic of the pages
	cd ui && npx vitest run

e2e: build ## the story in a real browser, on SQLite and PostgreSQL
	@scripts/e2e

screenshots: build ## take the pictures of docs/screenshots anew
	@cd e2e && RENXIN_SHOTS=1 npx vitest run

check: ui/node_modules/.installed ## format, vet, laws of the house, generated files, types of the pages
	@scripts/check

bench: build ## measure the budgets and write bench/results
	$(BIN) bench -out bench/results/latest.md

rows: ## rows of the specification that a test proves
	@$(GO) run ./cmd/rows

soak: ## the long ones: every kill point, large fixture; never in CI
	RENXIN_SOAK=1 $(GO) test -timeout 3h -run 'Kill|Soak|Crash' ./...

fuzz: ## ten seconds for every fuzz target
	@scripts/fuzz

clean: ## remove what was built
	rm -rf bin ui/dist/assets ui/dist/index.html bench/results
