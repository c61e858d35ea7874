# Two commands matter: `make run` and `make test`. Each is a thin wrapper, so that everything also works without make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv/bin
RUN_OPTIONS := --port $(PORT) $(if $(EMPTY),--empty) $(if $(LAN),--lan)

.PHONY: help run test check screenshots lock bench clean

help:
	@echo "make run            start the sample county on http://127.0.0.1:$(PORT)"
	@echo "make run EMPTY=1    start an empty county"
	@echo "make run LAN=1      serve the local network over HTTPS"
	@echo "make run PORT=9000  use another port"
	@echo "make test           every check, on SQLite and on PostgreSQL"
	@echo "make check          the quick part of the checks: format, lint, types, contracts"
	@echo "make screenshots    pictures of every page in build/screenshots"
	@echo "make bench          the benchmarks of bench/README.md (long)"
	@echo "make lock           rewrite the locked requirements"

run:
	@$(PYTHON) tools/bootstrap.py
	@exec $(VENV)/mingchan run $(RUN_OPTIONS)

test:
	@$(PYTHON) tools/bootstrap.py --dev
	@exec $(VENV)/python tools/test.py $(ONLY)

check:
	@$(PYTHON) tools/bootstrap.py --dev
	@exec $(VENV)/python tools/test.py format ruff djlint mypy contracts

screenshots:
	@$(PYTHON) tools/bootstrap.py --dev
	@exec $(VENV)/python tools/screenshots.py

bench:
	@$(PYTHON) tools/bootstrap.py --dev
	@$(VENV)/python bench/import_register.py
	@$(VENV)/python bench/register_list.py
	@$(VENV)/python bench/audit_log.py
	@$(VENV)/python bench/plans.py

lock:
	uv pip compile --universal --generate-hashes --no-header -q requirements.in -o requirements.txt
	uv pip compile --universal --generate-hashes --no-header -q requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf build .mypy_cache .ruff_cache .hypothesis .import_linter_cache
