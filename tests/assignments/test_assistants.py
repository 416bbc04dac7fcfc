"""What the page on assistants says is what the stored answers earn today, from prompts that hold no check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from places import ROOT

from assignments.tooling.assistants import graded, main, prompts
from assignments.tooling.source import SETS, compile_set

ANSWERS = Path(__file__).parent / "assistant"
PAGE = " ".join((ROOT / "book/assistants.md").read_text(encoding="utf-8").split())


def test_the_stored_points_are_those_that_the_answers_earn():
    stored = json.loads((ANSWERS / "results.json").read_text(encoding="utf-8"))
    advice = f"run `{stored['provenance']['command']}`"
    assert graded(ANSWERS) == stored["runs"], advice


def test_every_function_was_tried_and_the_page_counts_them():
    runs = json.loads((ANSWERS / "results.json").read_text(encoding="utf-8"))["runs"]
    assert {run["exercise"] for run in runs} == {e for name in SETS for e in prompts(name)}
    full = sum(run["points"] == run["of"] for run in runs)
    points = {run["set"]: 0.0 for run in runs}
    for run in runs:
        points[run["set"]] += run["of"]
    assert set(points.values()) == {28}
    assert f"{full} of {len(runs)} functions" in PAGE and "28 of the 50 points" in PAGE


@pytest.mark.parametrize("name", SETS)
def test_a_prompt_is_the_text_and_the_empty_cell(name):
    checks = [cell.source for cell in compile_set(name).cells if cell.id.endswith("-checks")]
    claims = [line for text in checks for line in text.splitlines() if line.startswith("@checks(")]
    for exercise, (number, title, prompt) in prompts(name).items():
        assert prompt.startswith(f"## {number} {title} (")
        assert f"def {exercise}(" in prompt and "raise NotImplementedError" in prompt
        assert "SOLUTION" not in prompt and not any(claim in prompt for claim in claims)


def test_a_wrong_answer_and_a_missing_one_earn_less(tmp_path):
    text = (ANSWERS / "ps1.py").read_text(encoding="utf-8")
    (tmp_path / "ps1.py").write_text(text.replace("mask.sum(1, keepdim=True)", "mask.shape[1]"))
    rows = {row["exercise"]: row for row in graded(tmp_path)}
    assert 0 < rows["encode"]["points"] == rows["encode"]["of"]
    assert rows["masked_mean"]["points"] < rows["masked_mean"]["of"]
    assert rows["beam"]["points"] == 0


def test_on_the_command_line(tmp_path, capsys):
    main([str(tmp_path), "--prompts"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.md" for name in SETS]
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "has no ps1.py" in capsys.readouterr().err
