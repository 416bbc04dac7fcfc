"""Folders of submissions as learning platforms, Colab and browsers make them: whose is each file?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from handed_in import handed_in, write

from assignments.tooling.collect import collect, find
from assignments.tooling.students import Students

SETS = ("ps1", "ps2")


def students(folder, *paths):
    """The student of each of the files, by nbgrader's id."""
    handed_in(folder, *paths)
    found = {str(each.path.relative_to(folder)): each.student for each in find(folder, SETS)}
    return [found.get(path) for path in paths]


@pytest.mark.parametrize(
    ("path", "student", "name"),
    [
        ("ada/ps2/ps2.ipynb", "ada", "ps2"),
        ("ada/ps1.ipynb", "ada", "ps1"),
        ("ada_ps1.ipynb", "ada", "ps1"),
        ("ada-ps1.ipynb", "ada", "ps1"),
        ("ps1_ada.lovelace@example.org.ipynb", "ada.lovelace@example.org", "ps1"),
        ("ada/Copy of ps2.ipynb", "ada", "ps2"),
        ("ada/Copy of PS2 (3).ipynb", "ada", "ps2"),
        ("ps2/ada/ps2.ipynb", "ada", "ps2"),
        ("Ada Lovelace_4711_assignsubmission_file_/ps2.ipynb", "Ada_Lovelace", "ps2"),
        ("Ada Lovelace_4711_assignsubmission_file_ps2.ipynb", "Ada_Lovelace", "ps2"),
        ("lovelaceada_4711_99801_ps2.ipynb", "lovelaceada_4711", "ps2"),
        ("lovelaceada_LATE_4711_99802_ps2-1.ipynb", "lovelaceada_4711", "ps2"),
        ("Zoë_ps1.ipynb", "Zoë", "ps1"),
        ("ada/PS2.IPYNB", "ada", "ps2"),
        ("ada/ps2.ipynb.txt", "ada", "ps2"),
        ("ada/ps2-Copy1.ipynb", "ada", "ps2"),
        ("ada/ps2 - Kopie (2).ipynb", "ada", "ps2"),
        ("ada/ps2_final_v2.ipynb", "ada", "ps2"),
        ("Ada Lovelace - ps1.ipynb", "Ada_Lovelace", "ps1"),
        ("ps1.ipynb - Ada Lovelace.ipynb", "Ada_Lovelace", "ps1"),
        ("PS1/ada/Untitled.ipynb", "ada", "ps1"),
        ("ps1-download/ada_ps1.ipynb/ps1.ipynb", "download_ada", "ps1"),
        ("dl/Ada Lovelace_4711_assignsubmission_file_/work/ps2.ipynb", "Ada_Lovelace", "ps2"),
        ("submissions/lovelaceada_4711_99801_ps2.ipynb", "lovelaceada_4711", "ps2"),
        ("ps2_ada_attempt_2027-10-30-12-00-00_mine.ipynb", "ada", "ps2"),
        ("week-2-submissions/week-2-ada/src/ps2.ipynb", "ada", "ps2"),
        ("ps2-ada/ps2.ipynb", "ada", "ps2"),
        ("Submitted files/Ada/ps2/Version 1/ps2.ipynb", "Submitted_files_Ada", "ps2"),
    ],
)
def test_whose_and_which(tmp_path, path, student, name):
    write(tmp_path / path)
    (found,) = find(tmp_path, SETS)
    assert (found.student, found.name, found.problem) == (student, name, "")


def test_two_students_of_one_name_are_two(tmp_path):
    for number in (17, 23):
        write(tmp_path / f"Wei Wang_{number}_assignsubmission_file_/ps1.ipynb")
    write(tmp_path / "Wei Wang_29_assignsubmission_file_/ps2.ipynb")
    found = [(each.student, each.name) for each in find(tmp_path, SETS)]
    assert found == [
        ("Wei_Wang", "ps2"),
        ("Wei_Wang_17_assignsubmission_file", "ps1"),
        ("Wei_Wang_23_assignsubmission_file", "ps1"),
    ]


TOGETHER = {  # each in a folder of its own; names of two students or of one
    "marks": (["राम/ps1.ipynb", "रोम/ps1.ipynb"], ["राम", "रोम"]),
    "accents": (
        ["Rene\u0301/ps1.ipynb", "Renè/ps1.ipynb", "Rene/ps1.ipynb"],
        ["René", "Renè", "Rene"],
    ),
    "a group": (["Group 1/anna/ps1.ipynb", "Group 1/ben/ps1.ipynb"], ["anna", "ben"]),
    "groups": (
        ["Group 1/anna/ps1.ipynb", "Group 1/ben/ps1.ipynb", "Group 2/cy/ps1.ipynb"],
        ["anna", "ben", "cy"],
    ),
    "one name in two groups": (
        ["Group 1/anna/ps1.ipynb", "Group 2/anna/ps1.ipynb", "Group 2/ben/ps1.ipynb"],
        ["Group_1_anna", "Group_2_anna", "ben"],
    ),
    "a download": (["ps1_download/anna/ps1.ipynb", "ps1_download/ben/ps1.ipynb"], ["anna", "ben"]),
    "two downloads": (
        ["ps1_dl/anna/ps1.ipynb", "ps1_dl/ben/ps1.ipynb", "ps2_dl/anna/ps2.ipynb"],
        ["anna", "ben", "anna"],
    ),
    "a flat download": (["dl/anna_ps1.ipynb", "dl/ben-ps1.ipynb"], ["anna", "ben"]),
    "a flat set": (["ps1/anna_ps1.ipynb", "ps1/ben_ps1.ipynb"], ["anna", "ben"]),
    "signs": (
        ["kim+1@uni.edu/ps1.ipynb", "kim_1@uni.edu/ps1.ipynb"],
        ["kim_1@uni.edu-4c1818cf", "kim_1@uni.edu"],
    ),
    "two forms": (["José/ps1.ipynb", "Jose\u0301/ps2.ipynb"], ["José", "José"]),
    "subfolders": (["anna/work/ps1.ipynb", "ben/work/ps1.ipynb"], ["anna", "ben"]),
    "own folders": (["ps1/anna/ps1.ipynb", "ps1/anna/old/ps1.ipynb"], ["anna", "anna_old"]),
    "GitHub Classroom": (
        ["hw1-submissions/hw1-anna/ps1.ipynb", "hw1-submissions/hw1-ben/a/ps1.ipynb"],
        ["anna", "ben"],
    ),
    "two sets": (["anna/ps1.ipynb", "anna/ps2.ipynb", "ben/ps1.ipynb"], ["anna", "anna", "ben"]),
    "inside a name": (["adal_ps1.ipynb", "ada_ps1_l.ipynb"], ["adal", "ada_l"]),
    "no name": (["ps1.ipynb", "ps1 (1).ipynb"], ["ps1", "ps1_1"]),
    "cases": (["Anna/ps1.ipynb", "anna_ps1.ipynb"], ["Anna", "anna-55579b55"]),
    "Windows": (["con/ps1.ipynb", "aux.x/ps1.ipynb"], ["con_", "aux_.x"]),
    "dots": (["a../ps1.ipynb", "a/ps1.ipynb"], ["a-aed2eb3f", "a"]),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_who_is_who_among_files_that_came_together(tmp_path, case):
    paths, expected = TOGETHER[case]
    assert students(tmp_path, *paths) == expected


def test_a_name_keeps_its_id_whatever_comes_later(tmp_path):
    """What was handed in later, or in another folder, changes nobody's id and takes nobody's place."""
    course = Students()

    def ids(folder, *paths):
        found = collect(handed_in(tmp_path / folder, *paths), SETS, course)
        return {each.label: each.student for each in found.submissions}

    assert ids("1", "kim+1@uni.edu/ps1.ipynb") == {"kim+1@uni.edu": "kim_1@uni.edu"}
    second = ids("2", "kim_1@uni.edu/ps1.ipynb", "kim+1@uni.edu/ps1.ipynb")
    assert second["kim+1@uni.edu"] == "kim_1@uni.edu" != second["kim_1@uni.edu"]
    assert ids("3", "kim_1@uni.edu/ps2.ipynb") == {"kim_1@uni.edu": second["kim_1@uni.edu"]}


@pytest.mark.skipif(os.name == "nt", reason="there a name is always text")
def test_a_name_that_is_no_utf_8_is_text_all_the_same(tmp_path):
    for name in (b"Ren\xe9", b"Ren\xe8"):
        write(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))) / "ps1.ipynb")
    assert [each.student for each in find(tmp_path, SETS)] == ["Ren_xe8", "Ren_xe9"]
