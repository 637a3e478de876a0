"""Goes through the guides of docs/deploy as their hosts would: `python scripts/rehearse.py [HOST …] [--record]`.

Each rehearsal runs the guide's own code blocks, as far as a machine that is not the host can; see the guides for what
each needs. `pythons` sets up, serves and reads with every Python that the project allows. With --record the figures in
the guides are made anew.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.rehearsals import docker, heroku, nginx, pythonanywhere, pythons
from scripts.rehearsals.stage import GUIDES, MissingError

RECORDED = GUIDES / "rehearsed.json"
REHEARSALS = {
    "pythonanywhere": pythonanywhere.rehearse,
    "heroku": heroku.rehearse,
    "docker": docker.rehearse,
    "nginx": nginx.rehearse,
    "pythons": pythons.rehearse,
}


def main() -> int:
    """Rehearses; returns the number of hosts that could not be rehearsed here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hosts", metavar="HOST", nargs="*", help=f"one of {', '.join(REHEARSALS)}; default: all")
    parser.add_argument("--record", action="store_true", help="write the figures to the guides and to rehearsed.json")
    arguments = parser.parse_args()
    if unknown := set(arguments.hosts) - REHEARSALS.keys():
        parser.error(f"unknown host {min(unknown)}; expected one of {', '.join(REHEARSALS)}")
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    missing = 0
    for host in arguments.hosts or REHEARSALS:
        try:
            recorded[host] = REHEARSALS[host]()
        except MissingError as error:
            missing += 1
            print(f"{host}: not rehearsed: {error}", flush=True)
            continue
        print(f"{host}: {', '.join(f'{name} {value}' for name, value in recorded[host].items())}", flush=True)
    if arguments.record:
        RECORDED.write_text(json.dumps(recorded, indent=1) + "\n")
        for guide in GUIDES.glob("*.md"):
            guide.write_text(with_figures(guide.read_text(encoding="utf-8"), recorded), encoding="utf-8")
    return missing


def with_figures(page: str, recorded: dict[str, dict[str, int]]) -> str:
    """`page` with each figure that stands between `<!-- figure HOST.NAME -->` and `<!-- end -->` as it was recorded."""

    def anew(match: re.Match[str]) -> str:
        return f"<!-- figure {match[1]}.{match[2]} -->{recorded[match[1]][match[2]]}<!-- end -->"

    return re.sub(r"<!-- figure (\w+)\.(\w+) -->.*?<!-- end -->", anew, page)


if __name__ == "__main__":
    sys.exit(main())
