"""The app around a recognizer that only notes what it is given."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webapp.noting import NotingRecognizer
from webapp import create_app


@pytest.fixture(scope="session")
def noting_client() -> FlaskClient:
    return create_app({"RECOGNIZER": NotingRecognizer(), "RATE_LIMIT": "", "ACCESS_LOG": False}).test_client()


@pytest.fixture
def noting(noting_client: FlaskClient) -> NotingRecognizer:
    """The recognizer behind `noting_client`, as new."""
    recognizer = noting_client.application.config["RECOGNIZER"]
    recognizer.__init__()
    return recognizer
