"""nbgrader's ids: another for another name, the same from run to run, and within nbgrader's limits."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbgrader.api import Student

from assignments.tooling.students import Students, StudentsFileError, nbgrader_id

ODD = "aAsßéèe\u0301\u0327åÅ\u212bİiıI रमाो한ﬁf1²_.@-+*,'/\\:%?#[]{}~=\t\u200c\u200d\u202e🙂"
NAMES = st.text(alphabet=ODD, min_size=1, max_size=6)
ANY_NAMES = (
    NAMES | st.text(min_size=1, max_size=300) | st.builds("{}{}".format, st.just("a" * 128), NAMES)
)


def on_any_disk(student: str) -> str:
    """How a disk may compare folders that tells neither cases nor compositions apart."""
    return unicodedata.normalize("NFKC", student).casefold()


def check_limits(student: str) -> None:
    assert student and not re.search(r"[*+,/\\:\s\0%?#\[\]{}\"<>|]", student)
    assert student[0] not in ".-" and student[-1] != "."
    assert len(student) <= Student.id.property.columns[0].type.length
    assert len(student.encode()) <= 255
    assert student.split(".")[0].lower() not in ("con", "prn", "aux", "nul", "com1", "lpt9")


@given(st.lists(st.lists(ANY_NAMES.map(lambda name: unicodedata.normalize("NFC", name)))))
@example([["Ada Lovelace"], ["Ada_Lovelace", "Ada+Lovelace"], ["ada lovelace"]])
@example([["a" * 200, "a" * 201], ["म" * 100, "म" * 101]])
@example([["anna", "Anna"], ["anna-55579b55", "ANNA"]])
@example([["con", "CON", "con.txt", "lpt9", "...", "-", "+"]])
def test_ids_differ_stay_and_keep_the_limits(runs):
    students, given_out = Students(), {}
    for names in runs:
        students.enrol(names)
        assert set(names) | given_out.keys() == students.ids.keys()
        assert given_out.items() <= students.ids.items()
        given_out = dict(students.ids)
    ids = given_out.values()
    assert len({on_any_disk(each) for each in ids}) == len(given_out)
    for each in ids:
        check_limits(each)


@given(st.text(alphabet=st.characters(categories=["L", "M", "Nd"]), min_size=1, max_size=20))
def test_letters_marks_and_digits_stay(name):
    composed = unicodedata.normalize("NFC", name)
    assert nbgrader_id(name) == nbgrader_id(composed)
    assert nbgrader_id(name).removesuffix("_") == composed


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Ada Lovelace", "Ada_Lovelace"),
        ("O'Brien, Zoë", "O_Brien_Zoë"),
        ("_ada_", "ada"),
        ("@ada", "ada"),
        (".ada", "ada"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("🙂", "unnamed"),
        ("Aux", "Aux_"),
        ("auxilia", "auxilia"),
    ],
)
def test_what_an_id_cannot_have_becomes_an_underscore(name, student):
    assert nbgrader_id(name) == student


def test_moodles_numbers_tell_students_of_one_name_apart_over_runs():
    students = Students()
    assert students.tell_apart([("Wei", "ps1", "17")]) == ["Wei"]
    later = [("Wei", "ps1", "23"), ("Wei", "ps2", "29"), ("anna", "ps1", "")]
    assert students.tell_apart(later) == ["Wei_23_assignsubmission_file", "Wei", "anna"]
    assert students.tell_apart([("Wei", "ps1", "17"), ("Wei", "", "17")]) == ["Wei", "Wei"]


def test_two_of_one_name_in_one_run_both_have_their_numbers_from_then_on():
    students = Students()
    both = students.tell_apart([("Wei", "ps1", "17"), ("Wei", "ps1", "23"), ("Wei", "ps2", "17")])
    assert both == [f"Wei_{n}_assignsubmission_file" for n in (17, 23, 17)]
    students.enrol(both)
    assert students.tell_apart([("Wei", "ps1", "23")]) == ["Wei_23_assignsubmission_file"]


def test_a_course_remembers_its_students(tmp_path):
    students = Students.load(tmp_path)
    assert students == Students()
    students.enrol(["राम", "kim+1"])
    students.tell_apart([("Wei", "ps1", "17")])
    students.save(tmp_path)
    assert Students.load(tmp_path) == students
    assert "राम" in (tmp_path / "students.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"ids": 3, "numbers": {}}'])
def test_a_broken_memory_says_what_to_do(tmp_path, content):
    (tmp_path / "students.json").write_text(content, encoding="utf-8")
    with pytest.raises(StudentsFileError, match="delete it"):
        Students.load(tmp_path)
