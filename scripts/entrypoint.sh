#!/bin/sh
# What the image does: serves, or with arguments runs the command line. Relative paths are those of the caller's -w.
set -eu
if [ $# -gt 0 ] && [ "$1" != serve ]; then
    exec python -m model "$@"
fi
cd /app
exec gunicorn webapp.wsgi:app
