"""How often one address may ask for readings: 429 with Retry-After beyond the setting RATE_LIMIT.

The address is the caller's own, or what as many trusted proxies say as the setting PROXIES counts (see `proxy.py`).
Each process counts for itself, so several workers together let through as many times more.
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NoReturn

from flask import Flask, request
from flask_limiter import ApplicationLimit, Limiter, RequestLimit
from limits import parse_many
from werkzeug.exceptions import TooManyRequests

from webapp.counting import SCHEME
from webapp.problems import is_api


def init_app(app: Flask) -> None:
    """Limits the calls that read.

    Raises:
        ValueError: RATE_LIMIT makes no sense.
    """
    allowed = app.config["RATE_LIMIT"]
    if not allowed:
        return
    try:
        parse_many(allowed)
    except (ValueError, TypeError, AttributeError):
        example = "100 per second; 3000 per minute"
        raise ValueError(f"expected GLYPHLINE_RATE_LIMIT to be like {example!r}, got {allowed!r}") from None
    every = ApplicationLimit(allowed, exempt_when=_costs_little)
    Limiter(_address, app=app, application_limits=[every], on_breach=_refuse, storage_uri=f"{SCHEME}://")


def _costs_little() -> bool:
    return request.method != "POST" or not is_api(request.path)


def _refuse(breached: RequestLimit) -> NoReturn:
    seconds = max(1, math.ceil(breached.reset_at - time.time()))
    raise TooManyRequests(f"more than {breached.limit} from {request.remote_addr}", retry_after=seconds)


def _address() -> str:
    """Whose calls are counted together: an address, or the 64 bits of an IPv6 network that one subscriber has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a Unix socket
        return request.remote_addr or "local"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((int(address), 64), strict=False))
    return str(address)
