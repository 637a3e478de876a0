"""How gunicorn serves Glyphline; HOST, PORT and WEB_CONCURRENCY come from the environment, as hosts set them.

Anything here gives way to GUNICORN_CMD_ARGS and the command line.
"""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from webapp import capacity
from webapp.metrics import MULTIPROCESS

_host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"

# The model is loaded once, before the fork, and shared by the workers: two take little more memory than one.
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY") or capacity.workers(capacity.memory(), capacity.cores()))
# Threads keep slow senders and idle keep-alive connections from blocking a worker.
worker_class = "webapp.worker.Worker"
threads = capacity.threads(capacity.memory(), workers)
keepalive = 15
timeout = 60
graceful_timeout = 20
# A leak in a library must not grow for ever; the jitter keeps workers from stopping together.
max_requests = 50_000
max_requests_jitter = 10_000

# The heartbeat file must not wait for a disk.
_TMPFS = Path("/dev/shm")  # noqa: S108
_tmpfs = str(_TMPFS) if _TMPFS.is_dir() and os.access(_TMPFS, os.W_OK) else None
worker_tmp_dir = _tmpfs

# A picture's options stand in the query, and a lexicon may be long.
limit_request_line = 8190

# Newer versions start a control thread before the fork, which has been seen to hang preloaded workers;
# older ones do not know this setting and pass it over.
control_socket_disable = True

# Workers add up their figures in files, which prometheus_client wants to know of before it is loaded. The folder's name
# holds our process id: read again by the same process this file finds it, and a process that takes over makes its own.
_OURS, _EACH = "glyphline-", f"glyphline-{os.getpid()}-"
_figures = Path(os.environ.get(MULTIPROCESS, "")).name
if os.environ.get("GLYPHLINE_METRICS", "").lower() in ("1", "true") and (
    not _figures or (_figures.startswith(_OURS) and not _figures.startswith(_EACH))
):
    os.environ[MULTIPROCESS] = tempfile.mkdtemp(prefix=_EACH, dir=_tmpfs)


def pre_fork(_server, _worker) -> None:
    """Keeps the collector off what is loaded: marking it would copy the pages that workers share."""
    gc.collect()
    gc.freeze()


def child_exit(_server, worker) -> None:
    """Forgets what only a living worker can tell."""
    if MULTIPROCESS in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(_server) -> None:
    """Takes the files away."""
    folder = Path(os.environ.get(MULTIPROCESS, ""))
    if folder.name.startswith(_EACH):
        shutil.rmtree(folder, ignore_errors=True)
