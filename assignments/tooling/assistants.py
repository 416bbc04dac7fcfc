"""What an assistant that writes code earns from the prompts alone: write the prompts, grade what it answered.

    python -m assignments.tooling.assistants prompts/ --prompts    # psN.md: what it is given, without checks
    python -m assignments.tooling.assistants answers/              # psN.py in, results.json out

An answer file has a cell ``# %% NAME`` for each function, such as ``# %% masked_softmax``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

import torch

from assignments.tooling.cells import split_cells
from assignments.tooling.inprocess import Workbench, emptied
from assignments.tooling.source import SETS, compile_set, load
from assignments.tooling.summary import HEADING

LEFT_OUT = ("minimal_pair",)  # what is asked there is not a function


def prompts(name: str) -> dict[str, tuple[str, str, str]]:
    """For each function of a set its number, its title, and its prompt: the text and the empty cell, no checks.

    Args:
        name: the problem set.
    """
    kinds = {cell.grade_id: cell.kind for cell in load(name)}
    graded = {cell.name for cell in load(name) if cell.kind == "hidden"} - set(LEFT_OUT)
    found, text, heading = {}, "", None
    for cell in compile_set(name).cells:
        if kinds[cell.id] == "[markdown]":
            text, heading = cell.source, HEADING.search(cell.source)
        elif kinds[cell.id] == "given":
            text += f"\n\n```python\n{cell.source}\n```"
        elif kinds[cell.id] == "solution" and cell.id in graded:
            number, title = heading.groups()
            found[cell.id] = number, title, f"{text}\n\n```python\n{emptied(cell.source)}\n```\n"
    return found


def graded(folder: Path) -> list[dict]:
    """The points of each answer in a folder, 0 for one that is missing.

    Raises:
        FileNotFoundError: if there is no ``psN.py`` in the folder.
    """
    if not any(folder.glob("ps*.py")):
        raise FileNotFoundError(
            f"{folder} has no ps1.py, ps2.py, ...: answers in cells `# %% NAME`"
        )
    rows = []
    for name in SETS:
        path, bench = folder / f"{name}.py", Workbench(name)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        answers = {words[0]: body for words, body in split_cells(text)}
        for exercise, (number, title, _) in prompts(name).items():
            earned = bench.score(exercise, answers[exercise]) if exercise in answers else 0.0
            row = {"set": name, "exercise": exercise, "number": number, "title": title}
            rows.append(row | {"points": earned, "of": bench.exercises[exercise]})
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Write prompts, or grade answers."""
    parser = argparse.ArgumentParser(description="Try the functions' prompts on an assistant.")
    parser.add_argument("folder", type=Path, help="where the answers are, or the prompts go")
    parser.add_argument("--prompts", action="store_true", help="write the prompts")
    options = parser.parse_args(arguments)
    if options.prompts:
        options.folder.mkdir(parents=True, exist_ok=True)
        for name in SETS:
            text = "\n".join(prompt for *_, prompt in prompts(name).values())
            (options.folder / f"{name}.md").write_text(text, encoding="utf-8")
        return 0
    try:
        rows = graded(options.folder)
    except FileNotFoundError as error:
        parser.error(str(error))
    told = {
        "command": f"python -m assignments.tooling.assistants {options.folder.as_posix()}",
        "torch": torch.__version__,
        "machine": "any machine: no clock, no training",
        "date": datetime.date.today().isoformat(),
    }
    runs = ",\n".join(json.dumps(row) for row in rows)
    text = f'{{\n"provenance": {json.dumps(told)},\n"runs": [\n{runs}\n]\n}}\n'
    (options.folder / "results.json").write_text(text, encoding="utf-8")
    earned, of = (sum(row[key] for row in rows) for key in ("points", "of"))
    print(f"{earned:g} of {of:g} points in {len(rows)} functions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
