"""What every test may use: the shipped recognizer, and the app around it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from model.reading.recognizer import Recognizer
from tests.serving import serving
from webapp import create_app

_LONG = (
    "training_page",
    "notebooks",
    "test_train",
    "test_architectures",
    "test_export",
    "test_learn_online",
    "test_server",
)
"""Files in which a single test may take a minute."""

settings.register_profile("untimed", deadline=None)  # speed is for benchmarks: a busy machine breaks no test
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: last, it would keep one process busy long after the other is done."""
    items.sort(key=lambda item: next((i for i, name in enumerate(_LONG) if name in item.location[0]), len(_LONG)))


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
