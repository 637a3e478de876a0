"""A server of one's own: the unit's command and environment, behind nginx with the guide's block, below a prefix."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.rehearsals.stage import ROOT, block, check_reading, environment, fetch, free_port, needs, started, wait

_SITE = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    types {{ text/javascript js; text/css css; image/svg+xml svg; }}
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


def rehearse() -> dict[str, int]:
    """Serves the present tree below the prefix with this Python, and asks for everything there."""
    needs("nginx")
    behind, front = free_port(), free_port()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        (folder / "nginx.conf").write_text(_SITE.format(folder=folder, port=front, locations=_locations(behind)))
        site = ["nginx", "-p", scratch, "-e", f"{scratch}/error.log", "-c", f"{scratch}/nginx.conf"]
        subprocess.run([*site, "-t", "-q"], check=True)
        settings = {"PATH": f"{Path(sys.executable).parent}:{environment(folder)['PATH']}", "WEB_CONCURRENCY": "1"}
        env = {**environment(folder), **settings, **_unit(behind)}
        with started(_command(), ROOT, env, stderr=subprocess.DEVNULL) as app, started(site, folder, env) as proxy:
            wait(f"http://127.0.0.1:{behind}", app)
            asked = _ask(f"http://127.0.0.1:{front}/glyphline")
            if proxy.poll() is not None:
                raise RuntimeError("nginx ended by itself")
    return {"pages": asked}


def _locations(port: int) -> str:
    """The guide's block, for our ports and our tree."""
    return block("nginx", "nginx").replace(":8000/", f":{port}/").replace("/srv/glyphline/", f"{ROOT}/")


def _service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("nginx", "ini"))
    return unit["Service"]


def _unit(port: int) -> dict[str, str]:
    """The unit's environment, for our port."""
    return {**dict(pair.split("=", 1) for pair in _service()["Environment"].split()), "PORT": str(port)}


def _command() -> list[str]:
    program, *arguments = _service()["ExecStart"].split()
    return [sys.executable, "-m", Path(program).name, *arguments]


def _ask(address: str) -> int:
    """Everything that a caller may ask for below the prefix; how many addresses the page loads."""
    wait(address)
    check_reading(address)
    status, kind, page = fetch(f"{address}/")
    if status != 200 or not kind.startswith("text/html"):
        raise RuntimeError(f"the page answers {status} {kind}")
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.decode())
    for name in loaded:
        below = name if name.startswith("/") else f"/glyphline/{name}"
        whole = address.removesuffix("/glyphline") + below
        if not below.startswith("/glyphline/") or fetch(whole)[0] != 200:
            raise RuntimeError(f"the page loads {name}, which is not there")
    expected = {
        f"{address}": 200,  # by way of a redirection
        f"{address}/api/v1/none": 404,
        f"{address}/metrics": 403,
        f"{address.removesuffix('/glyphline')}/api/v1/model": 404,
    }
    for asked, status in expected.items():
        if fetch(asked)[0] != status:
            raise RuntimeError(f"{asked} answers {fetch(asked)[0]}, expected {status}")
    status, kind, _ = fetch(f"{address}/api/v1/recognize", b" " * (8 * 2**20 + 1))
    if (status, kind) != (413, "application/problem+json"):
        raise RuntimeError(f"a body too large is answered {status} {kind}")
    return len(loaded)
