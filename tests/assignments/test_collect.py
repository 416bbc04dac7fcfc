"""Folders of submissions as learning platforms, Colab and browsers make them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from handed_in import files_in, handed_in, shown, write

from assignments.tooling.arrivals import relative
from assignments.tooling.collect import collect, find, submit
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


def test_metadata_say_which_if_the_name_does_not(tmp_path):
    write(
        tmp_path / "ada/Untitled.ipynb",
        json.dumps({"cells": [], "metadata": {"s2s": {"set": "ps2"}}}),
    )
    write(tmp_path / "ben/Untitled.ipynb")
    ada, ben = find(tmp_path, SETS)
    assert (ada.name, ada.problem) == ("ps2", "")
    assert "which of ps1, ps2" in ben.problem


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"worksheets": []}', '{"cells": 3}', "[" * 10**5]
)
def test_what_is_no_notebook_is_named(tmp_path, content):
    write(tmp_path / "ada_ps1.ipynb", content)
    (found,) = find(tmp_path, SETS)
    assert found.problem.startswith("the file is no")


def test_what_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("assignments.tooling.collect.MAX_BYTES", 10)
    write(tmp_path / "ada_ps1.ipynb")
    (found,) = find(tmp_path, SETS)
    assert "larger than" in found.problem


def test_the_last_of_several_files_counts(tmp_path):
    old, new = write(tmp_path / "ada/ps1.ipynb"), write(tmp_path / "ada/ps1 (1).ipynb")
    os.utime(old, (1, 1))
    (found,) = find(tmp_path, SETS)
    assert found.path == new
    os.utime(new, (0, 0))
    (found,) = find(tmp_path, SETS)
    assert found.path == old


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("ada/ps1.ipynb", "ada/ps1 (1).ipynb"),
        ("ada/ps1 (2).ipynb", "ada/ps1 (10).ipynb"),
        ("ada/Version 9/ps1.ipynb", "ada/Version 10/ps1.ipynb"),
        (
            "ps1_ada_attempt_2027-10-30-12-00-00_b.ipynb",
            "ps1_ada_attempt_2027-11-01-08-00-00_a.ipynb",
        ),
        ("ada_ps1.ipynb", "ada_ps1-Copy1.ipynb"),
    ],
)
def test_where_the_disk_has_one_time_the_later_attempt_counts(tmp_path, early, late):
    for path in (late, early):
        os.utime(write(tmp_path / path), (1, 1))
    found = collect(tmp_path, SETS)
    assert shown(tmp_path, [each.path for each in found.submissions]) == [late]
    (left_out,) = found.left_out
    assert left_out.path == tmp_path / early and late in left_out.reason


def test_a_later_file_that_cannot_be_read_takes_no_place(tmp_path):
    os.utime(write(tmp_path / "ada/ps1.ipynb"), (1, 1))
    write(tmp_path / "ada/ps1 (1).ipynb", "{")
    os.utime(write(tmp_path / "ada/ps1-old.ipynb", "{"), (0, 0))
    found = collect(tmp_path, SETS)
    (submission,) = found.submissions
    assert submission.path.name == "ps1.ipynb" and not submission.problem
    assert "ps1 (1).ipynb" in submission.note and "cut off" in submission.note
    assert "ps1-old" not in submission.note, "it came before"
    assert ["cut off" in each.reason for each in found.left_out] == [True, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-8"])
def test_what_an_editor_saved_in_another_encoding_is_read_and_handed_on_in_utf_8(
    tmp_path, encoding
):
    text = json.dumps({"cells": [], "metadata": {"title": "Zoë"}}, ensure_ascii=False)
    path = tmp_path / "ada_ps1.ipynb"
    path.write_bytes(text.encode(encoding))
    (found,) = find(tmp_path, SETS)
    assert found.problem == ""
    submit(found, tmp_path / "course")
    assert (tmp_path / "course/submitted/ada/ps1/ps1.ipynb").read_bytes() == text.encode()


def test_letters_of_an_unknown_encoding_stop_nobody(tmp_path):
    path = tmp_path / "ada_ps1.ipynb"
    path.write_bytes('{"cells": [], "metadata": {"title": "Zoë"}}'.encode("latin-1"))
    (found,) = find(tmp_path, SETS)
    assert found.problem == ""
    submit(found, tmp_path / "course")
    handed_on = (tmp_path / "course/submitted/ada/ps1/ps1.ipynb").read_text(encoding="utf-8")
    assert json.loads(handed_on)["metadata"]["title"] == "Zo\ufffd"


def test_checkpoints_and_other_files_are_no_submissions(tmp_path):
    write(tmp_path / "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb")
    write(tmp_path / "ada/ps1.pdf")
    assert find(tmp_path, SETS) == []


def test_a_changed_submission_is_graded_again(tmp_path):
    path, course = write(tmp_path / "in/ada_ps1.ipynb"), tmp_path / "course"
    (found,) = find(tmp_path / "in", SETS)
    assert submit(found, course)
    assert (course / "submitted/ada/ps1/ps1.ipynb").read_bytes() == path.read_bytes()
    assert submit(found, course), "it was never graded"
    graded = write(course / "autograded/ada/ps1/ps1.ipynb")
    assert not submit(found, course) and graded.exists()
    write(path, json.dumps({"cells": [], "nbformat": 4}))
    assert submit(found, course) and not graded.exists()


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


def test_everything_that_is_no_submission_is_named(tmp_path):
    write(tmp_path / "ada/ps1.ipynb")
    for path in (
        "__MACOSX/ada/._ps1.ipynb",
        "ada/._ps1.ipynb",
        "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb",
        "ada/.old/ps1.ipynb",
        "ada/.ps1.ipynb",
        "ben/ps1.zip",
        "cy.zip",
    ):
        write(tmp_path / path)
    (tmp_path / "di/ps1.ipynb").mkdir(parents=True)
    (tmp_path / "ed").symlink_to(tmp_path / "ada")
    write(tmp_path / "flo/other")
    (tmp_path / "flo/ps1.ipynb").symlink_to(tmp_path / "flo/other")
    (tmp_path / "gus_ps1.ipynb").symlink_to(tmp_path / "missing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "hal_ps1.ipynb")
    found = collect(tmp_path, SETS)
    assert [each.student for each in found.submissions] == ["ada"]
    reasons = {str(each.path.relative_to(tmp_path)): each.reason for each in found.left_out}
    expected = {
        "__MACOSX/ada/._ps1.ipynb": "macOS",
        "ada/._ps1.ipynb": "macOS",
        "ada/.ipynb_checkpoints/ps1-checkpoint.ipynb": "Jupyter",
        "ada/.old/ps1.ipynb": "hidden",
        "ada/.ps1.ipynb": "hidden",
        "ben/ps1.zip": "unpack",
        "cy.zip": "unpack",
        "di/ps1.ipynb": "a folder",
        "ed": "a link",
        "flo/ps1.ipynb": "a link",
        "gus_ps1.ipynb": "a link",
        "hal_ps1.ipynb": "no regular file",
    }
    assert reasons.keys() == expected.keys()
    assert all(word in reasons[path] for path, word in expected.items())


def test_an_archive_that_was_unpacked_beside_itself_is_no_news(tmp_path):
    handed_in(tmp_path, "dl.zip", "dl/ada/ps1.ipynb", "dl/ben/ps1.ipynb")
    assert collect(tmp_path, SETS).left_out == []


def test_what_cannot_be_opened_is_named(tmp_path, monkeypatch):
    handed_in(tmp_path, "ada/ps1.ipynb", "ben/ps1.ipynb", "cy/ps1.ipynb")
    scan, read_bytes = os.scandir, type(tmp_path).read_bytes

    def closed_scan(path):
        if os.path.basename(path) == "ada":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    def closed_file(path):
        if path.parent.name == "ben":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(os, "scandir", closed_scan)
    monkeypatch.setattr(type(tmp_path), "read_bytes", closed_file)
    found = collect(tmp_path, SETS)
    assert [(each.student, each.problem) for each in found.submissions] == [
        ("ben", "the file cannot be read: Permission denied"),
        ("cy", ""),
    ]
    (left_out,) = found.left_out
    assert left_out.path.name == "ada" and "Permission denied" in left_out.reason


def test_scratch_notebooks_make_nobody_a_student_and_are_all_named(tmp_path):
    handed_in(tmp_path, "ada/ps1.ipynb", "ada/a.ipynb", "ada/b.ipynb", "ada/venv/lib/c.ipynb")
    found = collect(tmp_path, SETS)
    assert [(each.student, each.name) for each in found.submissions] == [
        ("ada", ""),
        ("ada", "ps1"),
    ]
    named = [each.path for each in found.submissions] + [each.path for each in found.left_out]
    assert shown(tmp_path, named) == sorted(files_in(tmp_path))
    assert all("which of ps1, ps2" in each.reason for each in found.left_out)


@pytest.mark.skipif(os.name == "nt", reason="there a name is always text")
def test_a_name_that_is_no_utf_8_is_text_all_the_same(tmp_path):
    for name in (b"Ren\xe9", b"Ren\xe8"):
        write(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))) / "ps1.ipynb")
    assert [each.student for each in find(tmp_path, SETS)] == ["Ren_xe8", "Ren_xe9"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Zoë/ps1.ipynb", "Zoë/ps1.ipynb"),
        ("=1+1_ps1.ipynb", "./=1+1_ps1.ipynb"),
        ("@SUM(A1)/ps1.ipynb", "./@SUM(A1)/ps1.ipynb"),
        ("a\x1b[2J\nb\u202e_ps1.ipynb", r"a\x1b[2J\nb\u202e_ps1.ipynb"),
    ],
)
def test_no_terminal_and_no_spreadsheet_obeys_a_files_name(path, text):
    assert relative(Path("in", path), Path("in")) == text
