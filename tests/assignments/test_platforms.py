"""The roster, and the tables that Canvas and Moodle export and import: ids and columns stay as they were."""

from __future__ import annotations

import csv
import zipfile

import nbformat
import pytest
from handed_in import handed_in, write

from assignments.tooling.collect import collect
from assignments.tooling.equations import with_pictures
from assignments.tooling.oral import oral_points
from assignments.tooling.platforms import write_imports
from assignments.tooling.roster import Roster
from assignments.tooling.summary import summary
from assignments.tooling.tables import mark, marks

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Problem set 2 (31415),Current Score
    Points Possible,,,,,50.00,(read only)
"Lovelace, Ada",4711,u1,ada,A,,
"Wei, Chen",4712,u2,chen1,B,12,
"Wei, Chen",4713,u3,chen2,B,,
"""
MOODLE = """Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 17,Ada Lovelace,ada,ada@x.org,Submitted,,50.00,Yes,-,
Participant 22,Chen Wei,chen1,c1@x.org,Submitted,,50.00,Yes,-,
Participant 11,Chen Wei,chen2,c2@x.org,Submitted,7.00,50.00,Yes,-,
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    (tmp_path / "moodle-ps2.csv").write_text(MOODLE)
    return tmp_path


def row(student, score, by_hand=0, graded=1):
    found = {"student": student, "problem_set": "ps2", "score": score, "max_score": 50.0}
    found["graded"] = graded
    return found | {"to_grade_by_hand": by_hand, "name": "", "section": "", "days_late": ""}


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_student_keeps_one_id_whatever_the_platform_writes(course, tmp_path):
    roster = Roster.load(course, ["ps1", "ps2"])
    folder = handed_in(
        tmp_path / "in",
        "Chen Wei_22_assignsubmission_file_/ps2.ipynb",
        "Chen Wei_11_assignsubmission_file/ps2.ipynb",
        "lovelaceada_LATE_4711_99801_ps2-1.ipynb",
        "Lovelace, Ada - ps1.ipynb",
        "Zoe_ps1.ipynb",
    )
    found = collect(folder, ["ps1", "ps2"], None, roster).submissions
    assert [(each.student, each.name) for each in found] == [
        ("Zoe", "ps1"),
        ("ada", "ps1"),
        ("ada", "ps2"),
        ("chen1", "ps2"),
        ("chen2", "ps2"),
    ]
    assert [roster.unknown(each) for each in ("Zoe", "ada")] == ["not in the roster", ""]


def test_canvas_gets_its_ids_and_columns_back(course):
    write_imports(course, [row("ada", 29.76), row("chen1", 40.0, by_hand=1)], ["ps2"])
    rows = table(course / "canvas-import.csv")
    columns = "Student,ID,SIS User ID,SIS Login ID,Section,Problem set 2 (31415)".split(",")
    assert list(rows[0]) == columns
    assert [(r["ID"], r[columns[-1]]) for r in rows] == [
        ("", "50.00"),
        ("4711", "29.76"),
        ("4712", "12"),
        ("4713", ""),
    ]


def test_moodle_gets_its_worksheet_back_and_a_folder_of_feedback_for_each_participant(course):
    write(course / "feedback/chen1/ps2/ps2.html", "a page")
    write_imports(
        course, [row("ada", 29.76), row("chen1", 40.0), row("chen2", 0.0, graded=0)], ["ps2"]
    )
    path = course / "moodle-ps2-import.csv"
    assert path.read_text().splitlines()[0] == MOODLE.splitlines()[0]
    assert {r["Identifier"]: r["Grade"] for r in table(path)} == {
        "Participant 17": "29.76",
        "Participant 22": "40.00",
        "Participant 11": "7.00",
    }
    with zipfile.ZipFile(course / "moodle-ps2-feedback.zip") as archive:
        (name,) = archive.namelist()
    assert name.split("/")[0].split("_", 4) == ["Chen Wei", "22", "assignfeedback", "file", ""]


def test_a_roster_that_cannot_be_right_is_refused(tmp_path):
    (tmp_path / "roster.csv").write_text("id,name\na,Ada\na,Ben\n")
    with pytest.raises(ValueError, match="Ada and Ben"):
        Roster.load(tmp_path)
    (tmp_path / "roster.csv").write_text("number,name\na,Ada\n")
    with pytest.raises(ValueError, match="lacks id"):
        Roster.load(tmp_path)


def test_marks_add_up_and_have_two_decimals():
    assert mark(29.759999999999998) == 29.76
    second = row("ada", 10.1) | {"problem_set": "ps3", "days_late": 2}
    columns, rows = marks([row("ada", 20.2), second], ["ps2", "ps3"])
    assert columns[3:] == ["ps2", "ps3", "total", "days_late"]
    assert [rows[0][each] for each in columns[3:]] == [20.2, 10.1, 30.3, 2]


def test_what_a_talk_was_worth_is_in_the_sum_and_in_the_platforms_marks(course):
    (course / "oral.csv").write_text("student,problem_set,points\nada,ps2,4.5\nChen1,ps2,0\n")
    roster = Roster.load(course, ["ps2"])
    oral = oral_points(course, ["ps2"], [], roster)
    assert oral == {("ada", "ps2"): 4.5, ("chen1", "ps2"): 0.0}
    rows = [row(who, 30.1) | {"oral": oral.get((who, "ps2"), "")} for who in ("ada", "chen1")]
    columns, (ada, chen) = marks(rows, ["ps2"])
    assert columns[3:] == ["ps2", "oral", "total", "days_late"]
    assert (ada["ps2"], ada["oral"], ada["total"], chen["total"]) == (30.1, 4.5, 34.6, 30.1)
    write_imports(course, rows, ["ps2"])
    assert [r["Grade"] for r in table(course / "moodle-ps2-import.csv")] == [
        "34.60",
        "30.10",
        "7.00",
    ]
    given = [r["Problem set 2 (31415)"] for r in table(course / "canvas-import.csv")]
    assert given == ["50.00", "34.6", "30.1", ""]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("eve,ps2,3", "no student eve"),
        ("ada,ps9,3", "no set ps9, only ps2"),
        ("ada,ps2,7", "from 0 to 6"),
        ("ada,ps2,-1", "from 0 to 6"),
        ("ada,ps2,", "from 0 to 6"),
        ("Ada Lovelace,ps2,3\nada,ps2,4", "twice"),
    ],
)
def test_a_talk_that_cannot_be_right_is_refused_and_quoted(course, line, message):
    (course / "oral.csv").write_text(f"student,problem_set,points\n{line}\n")
    with pytest.raises(ValueError, match=message) as refused:
        oral_points(course, ["ps2"], ["zoe"], Roster.load(course, ["ps2"]))
    assert line.splitlines()[-1] in str(refused.value)


def test_the_page_opens_with_what_failed_by_exercise():
    cells = [
        nbformat.v4.new_markdown_cell("[3](https://x/chapters/03.html)"),
        nbformat.v4.new_markdown_cell("## 2.1 A softmax (6 points)"),
        nbformat.v4.new_code_cell("pass"),
    ]
    cells[2].metadata["nbgrader"] = {"grade": True, "grade_id": "a", "score": 1, "points": 2}
    said = "Exercise 2.1: 1 of 2 checks passed, 1 of 2 points\n  [passed] one\n  [failed] two\n"
    said += "           AssertionError: it should be 3, but is 2\n"
    cells[2].outputs = [nbformat.v4.new_output("stream", name="stdout", text=said)]
    (found,) = summary(nbformat.v4.new_notebook(cells=cells))
    assert (found.number, found.title, found.earned, found.points) == ("2.1", "A softmax", 1, 2)
    assert found.failed == [("two", "it should be 3, but is 2")]
    (first, address), *_ = found.chapters
    assert first == "chapter 3, As tensors, as a class, and equal"
    assert (
        address == "https://x/chapters/03_bahdanau_attention.html#as-tensors-as-a-class-and-equal"
    )


def test_an_equation_is_a_picture_with_its_text_and_code_is_left_alone():
    page = with_pictures(r"<p>$\alpha_{ij}$ and $\unknown{x}$</p><code>$a$</code> costs $3")
    assert page.count("data:image/svg+xml") == 1 and r'alt="\alpha_{ij}"' in page
    assert r"<code>\unknown{x}</code>" in page and "<code>$a$</code> costs $3" in page
