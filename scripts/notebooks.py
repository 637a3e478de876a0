"""Runs the notebooks and keeps their outputs: `python scripts/notebooks.py --data ../shared/data`.

Each is written as a script, notebooks/NN-name.py, with `# %%` between its cells; the notebook beside it is made of that
and never edited. Needs the packages of requirements/test.txt. A notebook that fails is left as it was. Where only prose
or the layout of code was changed, `--prose` takes that over and keeps the outputs.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
HOURS = 3 * 3600
"""Seconds that a cell may take."""


def main(argv: list[str] | None = None) -> int:
    """Runs the notebooks that are asked for; returns the exit status, 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="such as 01-data; all if none are given")
    parser.add_argument("--data", type=Path, help="folder with emnist/, ink/ and mnist/")
    parser.add_argument("--most", type=int, help="take at most so many of anything, to try the notebooks out")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the run notebooks go; beside their scripts")
    parser.add_argument("--prose", action="store_true", help="run nothing, take over what is no other code")
    args = parser.parse_args(argv)
    known = {script.stem: script for script in scripts()}
    unknown = [name for name in args.names if name not in known]
    if unknown:
        parser.error(f"no notebook {', '.join(unknown)}; there are {', '.join(known)}")
    chosen = [known[name] for name in args.names or known]
    if args.prose:
        kept = [_retold(script, args.out) for script in chosen]
    elif args.data is None or not (args.data / "ink").is_dir():
        parser.error(f"--data {args.data or ''}: expected a folder with emnist/, ink/ and mnist/")
    else:
        kept = [_kept(script, args.data, args.most, args.out) for script in chosen]
    return 0 if all(kept) else 1


def scripts() -> list[Path]:
    """The scripts of the notebooks, in their order."""
    return sorted(FOLDER.glob("[0-9][0-9]-*.py"))


def written(script: Path) -> NotebookNode:
    """The notebook that a script says, not run."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    cells = [make[cell.cell_type](cell.source) for cell in jupytext.read(script).cells]
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"  # by chance otherwise, and another one at each run
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made


def run(script: Path, data: Path, most: int | None = None) -> NotebookNode:
    """Runs a notebook from its first cell to its last and says how far it is.

    Args:
        script: What the notebook says.
        data: Folder with emnist/, ink/ and mnist/.
        most: Take at most so many of anything.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook = written(script)
    environment = {**os.environ, "GLYPHLINE_DATA": str(data.resolve()), "GLYPHLINE_MOST": str(most or "")}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}
    with TemporaryDirectory() as sockets:
        # through files, not ports, which anyone on the machine could listen at
        private = Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})
        place = {"metadata": {"path": str(script.parent)}}
        client = NotebookClient(notebook, config=private, timeout=HOURS, coalesce_streams=True, resources=place)
        with client.setup_kernel(env=environment):
            _execute(client, script.stem)
    for cell in notebook.cells:
        _clean(cell)
    return notebook


def _execute(client: NotebookClient, name: str) -> None:
    """Runs all code cells and says how far it is."""
    codes = [place for place, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    started = time.monotonic()
    for done, place in enumerate(codes, 1):
        client.execute_cell(client.nb.cells[place], place)
        print(f"\r{name}: cell {done} of {len(codes)}, {time.monotonic() - started:.0f} s", end="", flush=True)
    print()


def _clean(cell: NotebookNode) -> None:
    """Takes off what differs from run to run, and what native libraries say of themselves."""
    cell.metadata.clear()
    if cell.cell_type == "code":
        cell.outputs = [output for output in cell.outputs if not _is_chatter(output)]


_CHATTER = re.compile(r"INFO: |WARNING: All log messages|[IW]0000 |To enable the following instructions|.*cpu_feature")


def _is_chatter(output: NotebookNode) -> bool:
    if output.output_type != "stream" or output.name != "stderr":
        return False
    return all(_CHATTER.match(line) for line in output.text.splitlines() if line)


def _kept(script: Path, data: Path, most: int | None, out: Path) -> bool:
    """Runs and writes one notebook; whether it went well."""
    try:
        notebook = run(script, data, most)
    except CellExecutionError as error:
        print(f"\n{script.name}: {error}", file=sys.stderr)
        return False
    out.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, out / f"{script.stem}.ipynb")
    return True


def _retold(script: Path, out: Path) -> bool:
    """Puts the outputs of a run notebook under the cells of its script; whether its code is still the same."""
    path, told = out / f"{script.stem}.ipynb", written(script)
    if not path.exists():
        print(f"{path}: no such notebook; run it first", file=sys.stderr)
        return False
    ran = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    codes = [cell for cell in told.cells if cell.cell_type == "code"]
    if [_meant(cell) for cell in codes] != [_meant(cell) for cell in ran]:
        print(f"{script.name}: its code is no longer what was run; run it again", file=sys.stderr)
        return False
    for cell, before in zip(codes, ran, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    nbformat.write(told, path)
    return True


def _meant(cell: NotebookNode) -> str:
    """The code of a cell without its layout and comments."""
    return ast.dump(ast.parse(cell.source))


if __name__ == "__main__":
    sys.exit(main())
