"""Downloads that go on where they were cut, and are taken only with the right checksum."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tqdm import tqdm

CACHE = Path.home() / ".cache" / "glyphline"
"""Where downloads go."""

_TIMEOUT = 30  # seconds without a byte
_BLOCK = 1 << 16
_DONE_BEFORE = 416  # the answer when everything is here already and more is asked for
_INSTEAD = "you can download it yourself and give its path"


@dataclass(frozen=True)
class Download:
    """An official file: its address and its MD5 checksum in hexadecimal."""

    url: str
    md5: str

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.url.rpartition("/")[2]


def fetch(download: Download, folder: Path) -> Path:
    """Downloads a file into `folder`, unless it is there; a download that was cut goes on where it was.

    Returns:
        The file's path.

    Raises:
        OSError: the address cannot be reached, or the connection ended early.
        ValueError: the checksum is wrong; what was downloaded is gone.
    """
    path = folder / download.name
    if path.exists():  # it got its name only after its checksum
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{path.name}.part"
    try:
        _continue(download.url, part)
    except HTTPError as error:
        with error:
            if error.code != _DONE_BEFORE:
                raise OSError(f"{download.url}: the server answered {error.code} {error.reason}; {_INSTEAD}") from None
    except (URLError, ConnectionError, TimeoutError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise OSError(f"could not reach {download.url} ({reason}); {_INSTEAD}") from None
    with part.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != download.md5:
        part.unlink()
        raise ValueError(f"{download.url}: expected a file of MD5 {download.md5}, got {found}; it was not kept")
    return part.replace(path)


def _continue(url: str, part: Path) -> None:
    """Downloads what is missing in `part`; all of it where the server knows no ranges."""
    have = part.stat().st_size if part.exists() else 0
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - our own addresses
    with (
        urlopen(request, timeout=_TIMEOUT) as answer,  # noqa: S310
        part.open("ab" if answer.status == 206 else "wb") as file,
    ):
        have = file.tell()
        length = answer.headers["Content-Length"]
        total = have + int(length) if length else None
        with tqdm(initial=have, total=total, desc=f"fetch {part.stem}", unit="B", unit_scale=True, leave=False) as bar:
            while block := answer.read(_BLOCK):
                file.write(block)
                bar.update(len(block))
        if total is not None and file.tell() < total:
            got = f"{file.tell():,} of {total:,} bytes"
            raise OSError(f"{url}: the connection ended after {got}; give the same command again to go on")
