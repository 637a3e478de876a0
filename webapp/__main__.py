"""`python -m webapp`: the development server, for one person at one machine. For others, run gunicorn."""

from __future__ import annotations

import argparse

from webapp import create_app


def main() -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m webapp", description="Serve for development.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    arguments = parser.parse_args()
    create_app().run(arguments.host, arguments.port, threaded=True)


if __name__ == "__main__":
    main()
