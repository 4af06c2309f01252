# make run and make test need Python 3.11 or newer and make, nothing else; README.md says what they do.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-long bench quality audit format clean
.NOTPARALLEL:

PYTHONS := python3.14 python3.13 python3.12 python3.11 python3
ARGS ?=

# Prints the first Python that is new enough and can make virtual environments; else one that can say what is wrong.
# It ends in exec, so that signals reach the program itself and no shell in between.
define bootstrap
@found=$(PYTHON); spare=; \
if [ -z "$$found" ] && [ -x .venv/bin/python ] && .venv/bin/python -c 'import venv, ensurepip' 2>/dev/null; then found=.venv/bin/python; fi; \
for python in $(PYTHONS); do \
  [ -z "$$found" ] || break; \
  "$$python" -c '' >/dev/null 2>&1 || continue; \
  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    if "$$python" -c 'import venv, ensurepip' 2>/dev/null; then found=$$python; else spare=$$python; fi; \
  else spare=$${spare:-$$python}; fi; \
done; \
found=$${found:-$$spare}; \
if [ -z "$$found" ]; then echo "Gebraucht wird Python 3.11 oder neuer; gefunden wurde keines." >&2; exit 1; fi; \
exec "$$found" -m jobcenter.platform.bootstrap
endef

help:
	@echo "make run        die Anwendung mit Demonstrationsdaten starten (PORT=8000)"
	@echo "make test       alles, was auch die CI prüft (ARGS=\"tests/casework -k name\" nur diese Tests)"
	@echo "make test-long  die langen Tests"
	@echo "make bench      die Geschwindigkeit an einer Stelle der Größe M messen (ARGS=\"--size L\")"
	@echo "make quality    nur die Prüfungen des Quelltexts"
	@echo "make audit      die Pakete auf bekannte Lücken prüfen (PIP_AUDIT=…, ARGS=--record schreibt es auf)"
	@echo "make format     Quelltext und Vorlagen formatieren"
	@echo "make setup      nur die Python-Pakete einrichten"
	@echo "make clean      alles Erzeugte entfernen, außer den Daten"

setup:
	$(bootstrap) runtime

setup-dev:
	$(bootstrap) dev

run:
	$(bootstrap) runtime -m jobcenter.platform.supervisor

test:
	$(bootstrap) dev -m jobcenter.platform.testrun all $(ARGS)

test-long:
	$(bootstrap) dev -m jobcenter.platform.testrun long $(ARGS)

bench:
	$(bootstrap) dev -m jobcenter.office.bench $(ARGS)

quality:
	$(bootstrap) dev -m jobcenter.platform.testrun quality

audit:
	$(bootstrap) runtime -m jobcenter.platform.audit $(ARGS)

format:
	$(bootstrap) dev -m jobcenter.platform.testrun format

clean:
	rm -rf .venv .venv.lock staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage test-results
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
