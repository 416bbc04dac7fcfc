"""The tables of CONTRIBUTING are true: folders in the order of the layers, files that are there."""

import re

import tomllib
from places import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "s2s_tutorial"


def rows(heading: str) -> list[list[str]]:
    """The cells of each row of the table under a heading row."""
    table = TEXT.split(heading)[1].split("\n\n")[0]
    return [re.split(r" *\| *", line.strip("| ")) for line in table.splitlines()[2:]]


def test_folders_stand_in_the_order_of_the_layers():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    named = [row[0].strip("`/") for row in rows("| folder | what it is for | open first |")]
    assert named == layers["layers"][::-1]


def test_each_folder_says_what_it_is_for_and_the_file_to_open_is_there():
    for folder, _, files in rows("| folder | what it is for | open first |"):
        home = PACKAGE / folder.strip("`")
        assert (home / "__init__.py").read_text(encoding="utf-8").startswith('"""')
        for file in re.findall(r"`([\w.]+)`", files):
            assert (home / file).is_file(), f"{folder}{file}"


def test_where_something_new_goes_is_there():
    table = rows("| you have | it goes into | and is tested by |")
    assert len(table) > 9
    for _, place, tests in table:
        for path in re.findall(r"`([\w./]+[/\w]\.py|[\w./]+/)`", place + tests):
            homes = (ROOT / path, PACKAGE / path)
            assert any(home.exists() for home in homes), path
