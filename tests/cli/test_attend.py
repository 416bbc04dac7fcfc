"""`s2s attend`: a map of weights."""

from __future__ import annotations

import torch
from click.testing import CliRunner
from command_line import load, run, saved_model  # noqa: F401 (a fixture)

from s2s_tutorial.cli import cli
from s2s_tutorial.cli.heatmap import heatmap
from s2s_tutorial.figures.plotting import fonts
from s2s_tutorial.text.vocabulary import EOS_ID


def test_attend_prints_a_map_and_writes_files(model, tmp_path):
    png, html = tmp_path / "a.png", tmp_path / "a.html"
    output = run(
        "attend", "-m", model, "Stai attento", "Stai, Thomas!", "--png", png, "--html", html
    )
    found = load(model).align("Stai attento", "Stai, Thomas!")
    assert output.startswith(f"Stai attento → Stai, Thomas!   (score {found.score:.3f})")
    rows = [line.split() for line in output.splitlines()[2:7]]
    assert [row[0] for row in rows] == ["Stai", "Stai", ",", "Thomas", "!"]
    assert png.read_bytes().startswith(b"\x89PNG") and "<section" in html.read_text()
    free = run("attend", "-m", model, "Stai attento", "--max-length", 5, "--beam", 2)
    assert free.startswith(
        f"Stai attento → {load(model)('Stai attento', max_length=5, beam_size=2).text}   "
    )
    silent = tmp_path / "silent.safetensors"
    translator = load(model)
    with torch.no_grad():  # <eos> first, whatever the source
        for parameter in translator.model.decoder.parameters():
            parameter.zero_()
        bias = [p for p in translator.model.decoder.parameters() if p.shape == (11,)][-1]
        bias[EOS_ID] = 9.0
    translator.save(silent)
    assert "no file was written" in run(
        "attend", "-m", silent, "Stai", "--png", tmp_path / "no.png"
    )
    assert not (tmp_path / "no.png").exists()
    assert "empty" in run("attend", "-m", model, " ", code=2)
    assert "empty" in run("attend", "-m", model, "Stai", "", code=2)


def test_the_map_shades_by_weight_and_counts_columns():
    weights = [[0.05, 0.051, 0.4, 0.41, 0.71]]
    first, second, *_ = heatmap(weights, list("abcde"), ["y"]).splitlines()
    assert (first.split(), second.split()) == (list("abcde"), ["y", *"·░▒▓█"])
    text = heatmap([[0.2, 0.8], [0.1, 0.9]], ["猫", "né"], ["cat", "\x1b[2J"], numbers=True)
    lines = text.splitlines()
    assert lines[0].endswith(" né") and lines[1].split() == ["cat", "20", "80"]
    assert "\x1b" not in text and lines[1].index("20") == lines[0].index("猫")  # two wide both


def test_a_map_wider_than_the_terminal_goes_on_below():
    n = 30
    weights = [[1 / n] * n] * 2
    text = heatmap(weights, [f"word{j}" for j in range(n)], ["a", "bc"], width=40)
    assert max(map(len, text.splitlines()[:-1])) <= 40
    assert [word for word in text.split() if word.startswith("word")] == [
        f"word{j}" for j in range(n)
    ]


def test_a_letter_without_a_font_is_said_in_one_line(model, tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))
    png = tmp_path / "a.png"
    arguments = ["attend", "-m", str(model), "Stai 周", "Stai", "--png", str(png)]
    said = CliRunner().invoke(cli, arguments)
    assert said.exit_code == 0 and png.exists()
    lines = [line for line in said.stderr.splitlines() if line]
    (line,) = (line for line in lines if line.startswith("Warning: no font"))
    assert line.startswith("Warning: no font here has 周, drawn as □: install Noto Sans CJK")
    assert lines[-1] == f"written to {png}" and "Glyph" not in said.stderr
