"""One name, one meaning: what two folders of the package both define could be taken for the other."""

import ast
from collections import defaultdict

from places import ROOT

PACKAGE = ROOT / "s2s_tutorial"


def defined_in(package):
    """Every public function and class of a module, with the folders that define one of that name."""
    places = defaultdict(set)
    for path in package.rglob("*.py"):
        folder = path.relative_to(package).parts[0]
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, (ast.FunctionDef, ast.ClassDef))
            if named and not node.name.startswith("_"):
                places[node.name].add(folder)
    return places


def test_no_two_folders_define_one_name():
    places = defined_in(PACKAGE)
    assert {"Hypothesis", "Attention", "fit"} <= places.keys()
    assert not {name: folders for name, folders in places.items() if len(folders) > 1}


def test_two_that_do_are_found(tmp_path):
    for folder, code in (("search", "class Hypothesis: ..."), ("figures", "class Hypothesis: ...")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.py").write_text(code)
    (tmp_path / "search/other.py").write_text("def write(): ...\ndef _own(): ...")
    assert defined_in(tmp_path) == {"Hypothesis": {"search", "figures"}, "write": {"search"}}
