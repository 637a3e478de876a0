"""Which Chromium, and how long to wait for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from playwright.sync_api import Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 20_000
"""Milliseconds after which something that did not come about is a failure; nothing ever waits for all of it."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

OpenPage = Callable[..., Page]
"""Opens the page in its own window: (at=address, script=init script, first_visit=False, **the context's options)."""
