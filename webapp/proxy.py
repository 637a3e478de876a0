"""Who the caller is, and below which path the page stands, where a proxy stands in front."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believes X-Forwarded-For, -Proto, -Host and -Prefix of as many proxies as PROXIES says: none unless set.

    Each proxy adds the address that it saw, and what stands before that anyone may have written.

    Raises:
        ValueError: PROXIES is no whole number from 0.
    """
    count = app.config.get("PROXIES", 0)
    if type(count) is not int or count < 0:
        raise ValueError(f"expected GLYPHLINE_PROXIES to be a whole number from 0, got {count!r}")
    if count:
        fixed = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count)
        app.wsgi_app = fixed  # type: ignore[method-assign]
