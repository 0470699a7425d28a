# The ways to build, test and run Sira. `make` alone starts it.

SWIFT ?= swift
# The program's own flags go behind --, such as: make run ARGS="--config team.yaml"
ARGS ?=
SOURCES = Package.swift Sources Tests

.PHONY: run build test screenshots bench lint format release deps clean

# A debug build: a release build (make release) answers several times faster. README.md says how long each takes.
run: build
	@$$($(SWIFT) build --show-bin-path)/sira serve $(ARGS)

build: deps
	$(SWIFT) build --product sira

test: deps
	Scripts/bootstrap test
	Scripts/test

# docs/images, from a running gateway.
screenshots: build
	Scripts/bootstrap test
	Tests/Console/run --screenshots

bench: release
	Scripts/bootstrap bench
	Benchmarks/bench.py $(ARGS)

lint:
	Scripts/lint

format:
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

# .build/release/sira, with Swift's own libraries inside. Exclusive access to variables is checked by the compiler
# and by every debug build and test; at run time the check costs too much.
release: deps
	$(SWIFT) build -c release --product sira --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked

deps:
	@Scripts/bootstrap

clean:
	$(SWIFT) package clean
