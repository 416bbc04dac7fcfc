"""Rubric items are ticked in nbgrader's own grading page: points and comment reach the gradebook."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from assignments.tooling import source
from assignments.tooling.grade import grade
from assignments.tooling.release import release, write_course

RUBRICS = json.loads(
    (source.ASSIGNMENTS / "tooling/rubric/rubrics.json").read_text(encoding="utf-8")
)


def test_every_written_answer_has_items_worth_its_points():
    answers = {
        name: {c.grade_id: c.points for c in source.load(name) if c.kind == "answer"}
        for name in source.SETS
    }
    worth = {
        name: {answer: sum(item["points"] for item in items) for answer, items in found.items()}
        for name, found in RUBRICS.items()
    }
    assert worth == answers
    for found in RUBRICS.values():
        for items in found.values():
            lines = [f"{item['part']} {item['says']}" for item in items]
            assert len(set(lines)) == len(lines)


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory):
    """A course whose set is called ps2 and graded, and the address of its grading page."""
    folder = tmp_path_factory.mktemp("course")
    patch = pytest.MonkeyPatch()
    shutil.copytree(Path(__file__).parent / "toy_set", folder / "sets/ps2")
    text = (folder / "sets/ps2/notebook.py").read_text(encoding="utf-8")
    text = text.replace("answer why points=5", "answer conclusion points=12")
    (folder / "sets/ps2/notebook.py").write_text(text, encoding="utf-8")
    patch.setattr(source, "SETS_FOLDER", folder / "sets")
    write_course(folder, "a term", ["ps2"])
    release(folder, ["ps2"])
    (folder / "in/ada").mkdir(parents=True)
    shutil.copy(folder / "source/ps2/ps2.ipynb", folder / "in/ada/ps2.ipynb")
    with contextlib.redirect_stdout(io.StringIO()):
        grade(folder / "in", folder, ["ps2"])
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "s2s") as gradebook:
        (notebook,) = gradebook.find_submission("ps2", "ada").notebooks
        page = f"formgrader/submissions/{notebook.id}/"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        f"-m jupyter server --no-browser --allow-root --port={port} --IdentityProvider.token=abc"
    )
    extension = "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"
    settings = os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "none")}
    server = subprocess.Popen(
        [sys.executable, *command.split(), extension],
        cwd=folder,
        env=settings,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    for _ in range(240):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}api?token=abc", timeout=5).close()
            break
        assert server.poll() is None, "the server ended"
        time.sleep(0.5)
    yield folder, address + page
    server.terminate()
    server.wait()
    patch.undo()


def in_the_gradebook(folder: Path) -> tuple[float | None, str | None]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "s2s") as gradebook:
        score = gradebook.find_grade("conclusion", "ps2", "ps2", "ada").manual_score
        return score, gradebook.find_comment("conclusion", "ps2", "ps2", "ada").manual_comment


def test_ticked_items_are_points_and_lines_of_the_comment(formgrader, browser):
    folder, address = formgrader
    items = RUBRICS["ps2"]["conclusion"]
    page = browser.new_page(extra_http_headers={"Authorization": "token abc"})
    page.route(
        lambda url: "127.0.0.1" not in url, lambda route: route.abort()
    )  # nbgrader's MathJax
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))

    def opened():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return page.get_by_role("group", name="Rubric").get_by_role("checkbox")

    def tick(box, on):
        with (
            page.expect_response(re.compile("/api/grade/")),
            page.expect_response(re.compile("/api/comment/")),
        ):
            box.set_checked(on)
        page.wait_for_load_state("networkidle")

    boxes = opened()
    assert boxes.count() == len(items) == 12
    tick(boxes.nth(0), True)
    tick(boxes.nth(5), True)
    lines = [f"+1 ({items[k]['part']}) {items[k]['says']}" for k in (0, 5)]
    assert in_the_gradebook(folder) == (2, "\n".join(lines))
    comment = page.locator("#conclusion-comment")
    with page.expect_response(re.compile("/api/comment/")):
        comment.fill("\n".join([*lines, "Look at the table again."]))
        comment.blur()
    boxes = opened()
    assert [boxes.nth(k).is_checked() for k in range(12)] == [k in (0, 5) for k in range(12)]
    tick(boxes.nth(0), False)
    assert in_the_gradebook(folder) == (1, f"{lines[1]}\nLook at the table again.")
    assert [each for each in said if "MathJax" not in each] == []
    page.close()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        (row,) = grade(folder / "in", folder, ["ps2"])
    assert row["score"] == 16 and "1 by hand" not in printed.getvalue()
    feedback = (folder / "feedback/ada/ps2/ps2.html").read_text(encoding="utf-8")
    assert lines[1].replace("'", "&#x27;") in feedback and "Rubric" not in feedback
