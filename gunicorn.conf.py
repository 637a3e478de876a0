"""How gunicorn serves Glyphline: HOST, PORT and WEB_CONCURRENCY from the environment, as hosts set them."""

import os
from pathlib import Path

_host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"

# The model is loaded once, before the fork, and shared by the workers: two take little more memory than one.
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads keep slow senders and idle keep-alive connections from blocking a worker.
worker_class = "gthread"
threads = 4
keepalive = 15
timeout = 60
graceful_timeout = 20

# The heartbeat file must not wait for a disk.
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# A picture's options stand in the query, and a lexicon may be long.
limit_request_line = 8190

# Newer versions start a control thread before the fork, which has been seen to hang preloaded workers;
# older ones do not know this setting and pass it over.
control_socket_disable = True
