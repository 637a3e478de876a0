"""Whether the server in this container is ready: exit status 0 or 1."""

import os
import sys
import urllib.request

address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz"
try:
    with urllib.request.urlopen(address, timeout=4) as answer:
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"{address}: {error}")
