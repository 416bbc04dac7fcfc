"""For any tree of files: each notebook is graded for its student or named with a reason."""

from __future__ import annotations

import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

from handed_in import files_in, handed_in, shown, write
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assignments.tooling.collect import collect

SETS = ("ps1", "ps2")
LETTERS = "abnsßéèe\u0301İiıरमाो한1²_.@-+, '=%[~🙂"
LAYOUTS = (
    "{name}/{set}.ipynb",
    "{name}/{set}/{set}.ipynb",
    "{name}/work/{set}.ipynb",
    "{set}/{name}/{set}.ipynb",
    "dl/{name}/{set}.ipynb",
    "{set}_dl/{name}/{set}.ipynb",
    "{SET} submissions/in/{name}/{set}.ipynb",
    "Group {group}/{name}/{set}.ipynb",
    "{set}/Group {group}/{name}/Copy of {set}.ipynb",
    "{set}-submissions/{set}-{name}/{set}.ipynb",
    "{name}_{number}_assignsubmission_file_/{set}.ipynb",
    "dl/{name}_{number}_assignsubmission_file_{set}.ipynb",
    "{name}_{set}.ipynb",
    "{set}-{name} (1).ipynb",
    "dl/{name} - {set}.ipynb",
    "{set}/{name}_{set}.ipynb",
)
NOISE = (
    "__MACOSX/._ps1.ipynb",
    "dl/.ipynb_checkpoints/ps1-checkpoint.ipynb",
    ".Trash/ann/ps1.ipynb",
    "Untitled.ipynb",
)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def on_any_disk(name: str) -> str:
    return unicodedata.normalize("NFKC", composed(name)).casefold()


def plain(name: str) -> bool:
    """Whether a name can stand in a file's name between the marks that join it to the rest."""
    return name == name.strip(" _-") and not name.startswith(".")


NAMES = st.text(alphabet=LETTERS, min_size=1, max_size=7).filter(plain)
COURSES = st.dictionaries(NAMES, st.sets(st.sampled_from(SETS), min_size=1), min_size=1, max_size=5)
CLASSES = COURSES.filter(lambda course: len({on_any_disk(name) for name in course}) == len(course))


def path_of(layout: str, name: str, problem_set: str, k: int) -> str:
    number = 10 * k + 100 + SETS.index(problem_set)  # Moodle's differs from set to set
    values = {"name": name, "set": problem_set, "SET": problem_set.upper()}
    return layout.format(**values, group=k % 2, number=number)


def collected(paths, broken=()):
    """The student of each path, by nbgrader's id, once it is seen that none was lost."""
    with tempfile.TemporaryDirectory() as name:
        folder = handed_in(Path(name), *paths)
        for path in broken:
            write(folder / path, "{")
        found = collect(folder, SETS)
        named = [each.path for each in found.submissions] + [each.path for each in found.left_out]
        assert shown(folder, named) == sorted(files_in(folder)), "each file once"
        assert all(each.reason for each in found.left_out)
        keys = [(each.student, each.name) for each in found.submissions]
        assert len(keys) == len(set(keys)), "one submission for each student and set"
        return {
            str(each.path.relative_to(folder)): each.student
            for each in found.submissions
            if not each.problem
        }


@settings(max_examples=100)
@given(st.sampled_from(LAYOUTS), CLASSES, st.sets(st.sampled_from(NOISE)), st.booleans())
@example(LAYOUTS[0], {"राम": {"ps1"}, "रोम": {"ps1"}}, {NOISE[0]}, True)
@example(LAYOUTS[0], {"Rene\u0301": {"ps1"}, "Renè": {"ps2"}, "Rene": {"ps1"}}, set(), False)
def test_a_class_that_comes_one_way_is_graded_whole(layout, course, noise, twice):
    """Every student has one id, over all sets, and nobody else has it."""
    ids = defaultdict(set)
    paths = {
        path_of(layout, name, each, k): name
        for k, (name, sets) in enumerate(course.items())
        for each in sets
    }
    copies = {path.replace(".ipynb", " (7).ipynb") for path in paths} if twice else set()
    found = collected([*paths, *noise], broken=copies)
    for path, name in paths.items():
        ids[name].add(found[path])
    assert all(len(each) == 1 for each in ids.values())
    assert len(set.union(*ids.values())) == len(course)


@settings(max_examples=100)
@given(CLASSES, st.lists(st.sampled_from(LAYOUTS), min_size=5, max_size=5))
def test_students_who_come_in_different_ways_stay_apart(course, layouts):
    paths = {
        path_of(layouts[k], name, each, k): name
        for k, (name, sets) in enumerate(course.items())
        for each in sets
    }
    found, whose = collected(paths), defaultdict(set)
    assert found.keys() == paths.keys()
    for path, student in found.items():
        whose[student].add(paths[path])
    assert all(len(names) == 1 for names in whose.values())


PARTS = st.sampled_from(["a", "b", "é", "e\u0301", "x y", "x_y", "x+y", "work", "dl", "Group 1"])
TREES = st.sets(
    st.tuples(st.lists(PARTS, min_size=1, max_size=3), st.sampled_from(SETS)).map(
        lambda pair: "/".join([*pair[0], f"{pair[1]}.ipynb"])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=100)
@given(TREES)
@example({"a/ps1.ipynb", "a/work/ps1.ipynb", "b/a/ps1.ipynb"})
def test_in_any_tree_two_folders_are_two_students(paths):
    found = collected(paths)
    folders = defaultdict(set)
    for path, student in found.items():
        folders[student].add(composed(str(Path(path).parent)))
    assert all(len(each) == 1 for each in folders.values())
    given = {(composed(str(Path(path).parent)), Path(path).name) for path in paths}
    assert len(found) == len(given)
