"""What a recipe's model made of the test set, kept to be read and studied.

A file a recipe, a row a sentence, in the order of the test set. The captions and their references
are not in it, for they are not ours to pass on: ``load_corpus("multi30k", "test")`` has them, in
the same order.
"""

from __future__ import annotations

from pathlib import Path

from s2s_tutorial.base.files import write_atomically


def translations_path(folder: Path, recipe: str) -> Path:
    """The file of a recipe.

    >>> translations_path(Path("kept"), "plain, no attention").name
    'plain-no-attention.tsv'
    """
    return folder / f"{recipe.replace(',', '').replace(' ', '-')}.tsv"


def write_translations(path: Path, columns: dict[str, list[str]]) -> None:
    """Write a table: names in the first row, tabs between the cells, UTF-8.

    Raises:
        ValueError: if the columns differ in length, or a cell holds a tab or a line end.
    """
    rows = list(zip(*columns.values(), strict=True))
    for number, row in enumerate(rows):
        for cell in row:
            if set(cell) & set("\t\r\n"):
                raise ValueError(f"row {number} does not fit into one line of a table: {cell!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(row) + "\n" for row in [tuple(columns), *rows]]
    write_atomically(path, "".join(lines).encode("utf-8"))


def read_translations(path: Path) -> dict[str, list[str]]:
    """The columns of such a table, by name."""
    names, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    return dict(zip(names, map(list, zip(*rows))))
