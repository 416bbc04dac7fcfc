# `make COMMAND` is `python -m tools COMMAND`, which works where there is no make, on Windows above all. What the
# commands do stands in tools/commands.py; settings (make grade SUBMISSIONS=...) reach it through the environment.
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
            $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

COMMANDS := help environment book serve pdf figures lab chapters \
            test test-quick test-unit test-assignments test-chapters test-site test-torchtext test-oldest test-elsewhere \
            assignments grade inventory inventory-results lint benchmarks set-repository set-version set-ref clean clean-all

.PHONY: $(COMMANDS)
$(COMMANDS):
	@$(or $(PYTHON),python3) -m tools $@
