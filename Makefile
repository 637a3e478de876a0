# Glyphline: two commands, each from a clean clone: `make serve` and `make test`. `make help` lists the rest.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

RUN := .venv/bin
TEST := .venv-test/bin

# Two at a time: three, each with a TensorFlow and a browser, are no faster. A file stays together, as what its tests share
# is dear; those that take longest begin first (tests/conftest.py).
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile --no-loadscope-reorder
# Each with one thread: the threads of two would wait for each other, and use the processor up for it.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

# One line for every lock file: resolved for all platforms, hashes of the public files, no address and no path recorded.
LOCK := uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	-c requirements/constraints.in $(UPGRADE)
LOCKS := requirements.txt requirements/train.txt requirements/test.txt

.DEFAULT_GOAL := help
.PHONY: help serve test quick lint format lock rehearse chromium clean

help: ## list what can be done
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

serve: .venv/installed ## serve the page and the API at http://HOST:PORT (127.0.0.1:8000)
	@exec $(RUN)/gunicorn webapp.wsgi:app

test: .venv-test/installed chromium lint ## lint, types and every test, in a real browser too
	$(ONE_THREAD) $(TEST)/python -m pytest -q $(SIDE_BY_SIDE)

quick: .venv-test/installed lint ## the same without what takes long: half a minute
	$(ONE_THREAD) $(TEST)/python -m pytest -q $(SIDE_BY_SIDE) --quick

lint: .venv-test/installed ## style and types
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
	$(TEST)/mypy

format: .venv-test/installed ## rewrite the code in the one style
	$(TEST)/ruff check --fix .
	$(TEST)/ruff format .

lock: ## pin the newest packages that fit the present pins (UPGRADE=--upgrade: the newest of all); needs uv
	$(LOCK) -o requirements.txt
	$(LOCK) -c requirements.txt --extra train -o requirements/train.txt
	$(LOCK) -c requirements.txt -c requirements/train.txt --extra train --extra test -o requirements/test.txt
	@! grep -nE '://|(^|[ =])/' $(LOCKS) || { echo "a lock file records an address or a path" >&2; exit 1; }

rehearse: .venv-test/installed ## go through the guides as their hosts would, and through every Python that is allowed (minutes, needs root)
	$(TEST)/python scripts/rehearse.py

clean: ## remove the virtual environments and caches
	rm -rf .venv .venv-test .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The browser test looks for Chromium itself and skips with a reason; this only tries to provide one, and never fails.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; \
		command -v apt-get >/dev/null && $$sudo true 2>/dev/null \
		&& export DEBIAN_FRONTEND=noninteractive \
		&& $$sudo apt-get -qq update && $$sudo apt-get -qq install -y --no-install-recommends chromium >/dev/null; \
	} || echo "no Chromium and none could be installed: the browser tests will be skipped"

# A virtual environment is made anew when its lock file changed, so nothing stays in it that is no longer asked for.
define make_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; PYTHON=... names one")'
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
endef

.venv/installed: requirements.txt
	$(make_venv)

.venv-test/installed: requirements/test.txt
	$(make_venv)
