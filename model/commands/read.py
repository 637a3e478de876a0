"""`python -m model read`: what drawings say, as a table; and why, as pages."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from itertools import islice
from pathlib import Path

from model.commands.parsing import STOPPED, Commands, command
from model.explaining.markup import percent
from model.folders.batch import BatchReader, Settings
from model.folders.cores import read_all, usable_cores
from model.folders.output import opened
from model.folders.progress import Progress
from model.folders.rows import TABLES, Row
from model.folders.sources import KNOWN, Sources
from model.reading.alphabet import ALPHABETS, REJECTED
from model.reading.classify import WEIGHTS
from model.reading.reading import Reading

_PAGES = (".html", ".xhtml")


def add(commands: Commands) -> None:
    """Adds the command."""
    made = command(commands, "read", _read, "read drawings: a table with a row for each, in order")
    about = (
        "files, folders, patterns such as 'a/**/*.png', share links of the page, or - for standard input; of a folder "
        f"are read {' '.join(KNOWN)}"
    )
    made.add_argument("paths", metavar="PATH", nargs="+", help=about)
    made.add_argument("--line", type=int, help="only this line, from 1, of files of a drawing a line")
    made.add_argument("--alphabet", choices=["auto", *ALPHABETS], help="what may be read, whatever the file asks for")
    made.add_argument("--lexicon", type=Path, metavar="FILE", help="the texts that may be read, one a line")
    made.add_argument("--upper", action="store_true", help="answer in capitals")
    made.add_argument("--characters", action="store_true", help="a row a character, with its place")
    made.add_argument("--format", choices=["csv", "jsonl"], help="csv: path,text,confidence,error, the default")
    made.add_argument("--code", action="store_true", help="character codes and path instead: 051, three.png")
    made.add_argument("--out", type=Path, metavar="FILE", help="where to write the table; standard output otherwise")
    made.add_argument("--resume", action="store_true", help="go on with the --out of a run that ended early")
    made.add_argument("--jobs", type=int, default=usable_cores(), help="processes to read with; all cores otherwise")
    made.add_argument(
        "--explain", type=Path, metavar="DIR", help="write a page a drawing that shows why; FILE.html: of the only one"
    )
    made.add_argument("--model", type=Path, default=WEIGHTS, help="model directory")


def _read(args: argparse.Namespace) -> int:
    _check(args)
    sources = Sources(args.paths, without=args.out, line=args.line)
    settings = Settings(args.model, args.alphabet, _lexicon(args.lexicon), args.upper, args.explain)
    if args.explain and args.explain.suffix in _PAGES:
        return _one(sources, settings, args.explain)
    return _many(args, sources, settings)


def _check(args: argparse.Namespace) -> None:
    explain_to: Path | None = args.explain
    if explain_to and not explain_to.is_dir() and explain_to.suffix not in ("", *_PAGES):
        raise ValueError(f"--explain {explain_to}: expected a folder, or the name of an .html file for one drawing")
    if explain_to and explain_to.suffix in _PAGES:
        for name in ("out", "code", "upper", "characters", "format", "resume"):
            if getattr(args, name):
                raise ValueError(f"--explain {explain_to}: a page of one drawing goes without --{name}; name a folder")
    if args.code and args.format:
        raise ValueError("--code is a format of its own: leave out --format")
    if args.resume and not args.out:
        raise ValueError("--resume goes on with a file: name it with --out")
    for name, value in (("jobs", args.jobs), ("line", args.line)):
        if value is not None and value < 1:
            raise ValueError(f"--{name} {value}: expected at least 1")


def _lexicon(path: Path | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    words = tuple(filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())))
    if not words:
        raise ValueError(f"{path}: expected a word a line")
    return words


def _many(args: argparse.Namespace, sources: Sources, settings: Settings) -> int:
    table = TABLES["code" if args.code else args.format or "csv"](args.characters)
    with opened(args.out, table, sources, args.resume) as out:
        progress = Progress(sources.count(), out.written)
        try:
            with closing(read_all(sources, settings, args.jobs)) as batches:
                for rows in batches:
                    out.write(rows)
                    progress.add(len(rows))
                    if args.code:  # codes have no room for errors
                        _complain(rows)
        except KeyboardInterrupt:
            progress.close()
            print(f"stopped after {out.written:,} drawings{_how_to_go_on(args)}", file=sys.stderr)
            return STOPPED
        except BrokenPipeError:  # whoever read the table has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except BrokenProcessPool as error:
            raise OSError(f"a process that was reading was killed{_how_to_go_on(args)}") from error
        progress.close()
        if out.failed:
            print(f"{out.failed:,} of {out.written:,} drawings could not be read", file=sys.stderr)
        return 1 if out.failed else 0


def _complain(rows: Sequence[Row]) -> None:
    for row in rows:
        if row.error is not None:
            print(f"{row.path}: {row.error}", file=sys.stderr)


def _how_to_go_on(args: argparse.Namespace) -> str:
    return "; the same command with --resume goes on" if args.out else ""


def _one(sources: Sources, settings: Settings, page: Path) -> int:
    """A drawing and the page that explains it."""
    found = list(islice(sources, 2))
    if len(found) != 1:
        raise ValueError(f"--explain {page}: a page shows one drawing; name a folder for more")
    reading, html = BatchReader(settings).explained(found[0])
    page.write_text(html, encoding="utf-8")
    _tell(reading)
    return 0


def _tell(reading: Reading) -> None:
    others = ", ".join(f"{a.text!r} {percent(a.confidence)}" for a in reading.alternatives if a.text != reading.text)
    print(reading.text)
    print(f"confidence {percent(reading.confidence)}, {reading.alphabet}{', or ' if others else ''}{others}")
    if reading.glyphs:
        print("\n| glyph | confidence | or | strokes |\n|---|---|---|---|")
    for glyph in reading.glyphs:
        char = glyph.char or REJECTED
        rest = ", ".join(f"{a.text} {percent(a.confidence)}" for a in glyph.alternatives if a.text != char)
        print(f"| {char} | {percent(glyph.confidence)} | {rest} | {' '.join(map(str, glyph.strokes))} |")
