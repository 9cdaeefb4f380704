# What an engineer types; .ci/run does the same on a fresh machine.
PYTHON ?= python

.PHONY: check lint test quick

check: lint test  ## lint, types, import contracts and all tests

lint:
	ruff check .
	ruff format --check .
	mypy
	lint-imports

test:
	pytest --cov=geo

quick:  ## the tests that take seconds
	pytest -m "not slow and not browser and not postgis and not real"
