"""What every test may use: the shipped recognizer, and the app around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from model.reading.recognizer import Recognizer
from tests.serving import serving
from webapp import create_app

_HERE = Path(__file__).parent

_LONG = (
    *("model/test_training_page", "notebooks", "model/test_train.", "model/test_architectures", "model/test_export"),
    *("model/test_learn_online", "model/test_learn_sequence", "webapp/test_server", "model/test_folder_runs"),
    *("browser", "clients", "test_deploy", "webapp/test_hostile", "webapp/test_memory", "webapp/test_properties"),
    *("model/test_bench.", "model/test_evaluate", "model/test_mixture", "model/test_official."),
    *("model/test_recognizer", "model/test_restore", "model/test_serving_keras", "model/test_train_mishaps"),
    *("model/test_pruning", "model/test_paper", "model/test_parts", "model/test_hypotheses", "model/test_joins"),
    *("model/test_losses", "webapp/test_document"),
)
"""What takes long, the longest first: a browser, other languages, TensorFlow, whole servers, folders and kills, and
what reads or learns from many drawings."""

settings.register_profile("untimed", deadline=None)  # speed is for benchmarks: a busy machine breaks no test
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make quick` asks for."""
    parser.addoption("--quick", action="store_true", help="leave out what takes long")


def _turn(path: Path) -> int:
    """When a file's tests begin: its place in what takes long, or after all that."""
    name = path.relative_to(_HERE).as_posix()
    return next((i for i, long in enumerate(_LONG) if name.startswith(long)), len(_LONG))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files left out are not even imported: some import TensorFlow."""
    return (config.getoption("quick") and _turn(collection_path) < len(_LONG)) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: last, it would keep one process busy long after the other is done."""
    items.sort(key=lambda item: _turn(item.path))


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The shipped model, loaded once."""
    return Recognizer.load()


@pytest.fixture(scope="session")
def thorough() -> Recognizer:
    """The same, but that it looks at every hypothesis."""
    return Recognizer.load(thorough=True)


@pytest.fixture(scope="session")
def app(recognizer: Recognizer) -> Flask:
    return create_app({"RECOGNIZER": recognizer, "TESTING": True, "RATE_LIMIT": "", "ACCESS_LOG": False})


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the app is served; no closing slash."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    return app.test_client()
