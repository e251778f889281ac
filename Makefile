# Every target is one line of intent; what is long lives in bin/. `make run` needs Python 3.11 and nothing else.
PY = .venv/bin/python
PYTEST = $(PY) -m pytest
# More arguments for pytest: make test ARGS="tests/lib -x"
ARGS =
SCRIPTS = bin/services bin/check_messages

.PHONY: help run test test-services check bench lock pictures messages venv venv-dev

help:
	@echo "make run            start the console on http://127.0.0.1:8000 (PORT, HOST, DATABASE_URL, REDIS_URL, DEMO=0)"
	@echo "make test           the tests on the embedded default (REQUIRE_BROWSER=1 insists on Chromium)"
	@echo "make test-services  the tests on PostgreSQL and Redis, with races and crashes"
	@echo "make check          format, lint, types, imports, migrations, deployment, templates, messages"
	@echo "make bench          measure against peers and limits (FULL=1 with ten million numbers, ONLY=B1,B4, ROUNDS=9)"
	@echo "make lock           pin requirements.in and requirements-dev.in again"
	@echo "make pictures       take the pictures of docs/ again"
	@echo "make messages       collect and compile the translations (needs GNU gettext)"

venv:
	@bin/bootstrap run

venv-dev:
	@bin/bootstrap dev

run: venv
	@exec $(PY) manage.py up

test: venv-dev
	$(PYTEST) -m "not services" $(ARGS)

# The database and broker of the environment, or throwaway ones of the installed PostgreSQL and Redis. Tests that
# touch no database, and most of the browser's, are not run a second time; the last line counts them as deselected.
test-services: venv-dev
	$(PY) bin/services $(PYTEST) --database-only $(ARGS)

check: venv-dev
	$(PY) -m ruff format --check . $(SCRIPTS)
	$(PY) -m ruff check . $(SCRIPTS)
	$(PY) -m mypy .
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache
	$(PY) manage.py makemigrations --check --dry-run
	DEBUG=0 SITE_URL=https://hub.example ALLOWED_HOSTS=hub.example \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m djlint templates --lint --quiet
	$(PY) bin/check_messages

# A throwaway PostgreSQL that writes as in use, and a Redis. FULL=1 also writes docs/performance.md.
bench: venv-dev
	@FULL="$(FULL)" ONLY="$(ONLY)" ROUNDS="$(ROUNDS)" $(PY) bin/services --durable $(PY) -m tests.bench

lock: venv-dev
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--output-file requirements.txt requirements.in
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in

pictures: venv-dev
	$(PY) -m tests.pictures

messages: venv-dev
	@command -v xgettext >/dev/null || { echo "make messages needs GNU gettext: apt install gettext" >&2; exit 1; }
	$(PY) manage.py makemessages --all --no-location --ignore=.venv --ignore=var --ignore=tests
	$(PY) manage.py compilemessages --ignore=.venv
	$(PY) bin/check_messages
