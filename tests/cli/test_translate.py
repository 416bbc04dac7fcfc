"""`s2s translate`: lines in, lines out."""

from __future__ import annotations

import errno
import json

from click.testing import CliRunner
from command_line import load, run, saved, saved_model  # noqa: F401 (a fixture)

from s2s_tutorial.cli import cli

LINES = ["Stai attento, Thomas!", "", "Thomas là", "  ", "可 Stai"]


def test_each_line_gives_one_line(model):
    stdin = "\n".join(LINES).encode()
    expected = [found.text for found in load(model).translate(LINES, max_length=6)]
    for ending, batch_size in ((b"", 1), (b"\n", 2), (b"\r\n", 64)):
        options = ["--max-length", 6, "--batch-size", batch_size]
        output = run("translate", "-m", model, *options, stdin=stdin + ending)
        assert output.split("\n") == [*expected, ""]
        assert output.split("\n")[1] == output.split("\n")[3] == ""
    marked = b"\xef\xbb\xbf" + stdin.replace(b"\n", b"\r\n")
    assert run("translate", "-m", model, "--max-length", 6, stdin=marked) == output
    assert run("translate", "-m", model) == ""


def test_a_line_with_zero_width_signs_only_gives_an_empty_line(model):
    stdin = "\u200b\u2060\nThomas\n\ufeff\nStai\n".encode()
    output = run("translate", "-m", model, "--max-length", 6, stdin=stdin).split("\n")
    assert output[0] == output[2] == "" and output[1] and output[3]


def stderr_of(model, *options, stdin):
    arguments = ["translate", "-m", str(model), *map(str, options)]
    result = CliRunner().invoke(cli, arguments, input=stdin)
    assert result.exit_code == 0 and "Warning" not in result.stderr
    return result.stderr.splitlines()


def test_unknown_words_are_named_once(model):
    options = ["--min-length", 1, "--max-length", 9, "--batch-size", 1]
    stdin = b"Stai Pinocchio\nPinocchio <eos>, Thomas\n\x1b[2J\n"
    said = stderr_of(model, *options, stdin=stdin)
    (line,) = [line for line in said if "vocabulary" in line]
    assert "'Pinocchio', '<', 'eos', '>', '\ufffd', '[', '2J'" in line and "\x1b" not in line
    many = " ".join(f"w{k}" for k in range(1000)).encode()
    (line,) = [line for line in stderr_of(model, *options, stdin=many) if "vocabulary" in line]
    assert "'w7' and 992 more" in line and len(line) < 200
    assert not [line for line in stderr_of(model, stdin=b"Stai, Thomas\n") if "vocabulary" in line]


def test_translations_that_were_cut_are_named_by_their_lines(model):
    options = ["--min-length", 4, "--max-length", 4, "--batch-size", 1]
    (line,) = stderr_of(model, *options, stdin=b"Stai\n\nThomas\n")
    assert "Cut at 4 tokens" in line and "of lines 1, 3." in line and "--max-length" in line
    assert stderr_of(model, *options, stdin=b"\n") == []


def test_alignments_are_links_behind_a_tab(model):
    output = run(
        "translate", "-m", model, "--alignments", "--beam", 1, stdin="\n".join(LINES).encode()
    )
    for line, found in zip(output.split("\n"), load(model).translate(LINES, beam_size=1)):
        links = " ".join(f"{j}-{i}" for j, i in found.links())
        assert line == (f"{found.text}\t{links}" if found.src_tokens else "")


def test_translations_have_the_length_that_is_asked_for(model):
    options = ["--min-length", 4, "--max-length", 4]
    output = run("translate", "-m", model, *options, stdin=b"Stai\n\nThomas\n").splitlines()
    found = load(model).translate(["Stai", "", "Thomas"], min_length=4, max_length=4)
    assert output == [each.text for each in found]
    assert [len(each.tokens) for each in found] == [4, 0, 4]
    options = ["--min-length", 101, "--max-length", 100]
    message = run("translate", "-m", model, *options, stdin=b"Stai", code=1)
    assert "min_length must lie between 0 and max_length, 100, but is 101" in message
    longer = run("translate", "-m", model, "--min-length", 101, stdin=b"Stai")
    assert longer == load(model)("Stai", min_length=101, max_length=101).text + "\n"


def test_the_best_few_are_ranked_with_line_numbers(model):
    options = ["--n-best", 3, "--beam", 4, "--length-penalty", 1, "--max-length", 5]
    output = run("translate", "-m", model, *options, stdin=b"Stai\n\nThomas\n").splitlines()
    rows = [line.split("\t") for line in output]
    assert [row[0] for row in rows] == ["1"] * 3 + ["2"] + ["3"] * 3
    best = load(model)("Thomas", beam_size=4, length_penalty=1, n_best=3, max_length=5)
    ranked = [best, *best.alternatives]
    assert [row[1:] for row in rows[4:]] == [[f"{each.score:.4f}", each.text] for each in ranked]


def test_the_coverage_penalty_ranks_what_is_written_and_is_said(model):
    """Of five hypotheses another is first: the scores fall with what was not looked at."""
    ranked, text = ["--n-best", 5, "--max-length", 3], "Stai attento Thomas Stai"
    stdin = text.encode()
    output = run("translate", "-m", model, *ranked, "--coverage-penalty", 9, stdin=stdin)
    best = load(model)(text, n_best=5, max_length=3, coverage_penalty=9)
    found = [line.split("\t")[1:] for line in output.splitlines()]
    assert found == [[f"{each.score:.4f}", each.text] for each in [best, *best.alternatives]]
    assert output != run("translate", "-m", model, *ranked, stdin=stdin)
    scoring = ["evaluate", "-m", model, "--corpus", "phrases", "--option", "size=3"]
    scoring += ["--max-length", 5, "--json"]
    said = [json.loads(run(*scoring, *more)) for more in ([], ["--coverage-penalty", 9])]
    assert [each["search"] for each in said] == [
        "beam 5, length penalty 0.6",
        "beam 5, length penalty 0.6, coverage penalty 9.0",
    ]
    plain_message = run("evaluate", "-m", model, *scoring[3:], "--coverage-penalty", -1, code=1)
    assert "coverage_penalty must be 0 (none) or more" in plain_message


def test_the_page_shows_the_first_sentences(model, tmp_path):
    page = tmp_path / "page.html"
    stdin = "\n".join(LINES).encode()
    plain = run("translate", "-m", model, stdin=stdin)
    assert run("translate", "-m", model, "--html", page, "--html-limit", 3, stdin=stdin) == plain
    text = page.read_text(encoding="utf-8")
    assert "The first 3 of 5" in text and "Thomas là" in text and "可" not in text
    assert text.count("<section") == 3


def test_a_line_that_is_not_utf8_is_named_and_those_before_it_are_translated(model):
    result = CliRunner().invoke(
        cli, ["translate", "-m", str(model)], input=b"Stai\n\ncaff\xe8\nThomas\n"
    )
    assert result.exit_code == 1
    assert "line 3 of the input is not UTF-8 (byte 0xe8 at position 5)" in result.stderr
    assert "iconv -f CP1252" in result.stderr
    assert result.stdout == load(model)("Stai").text + "\n\n"


def test_a_line_too_long_for_location_scores_is_named_and_those_before_it_are_translated(tmp_path):
    path = saved(tmp_path / "location.safetensors", "luong_location", {"max_source_length": 5})
    page = tmp_path / "page.html"
    arguments = ["translate", "-m", str(path), "--html", str(page)]
    result = CliRunner().invoke(cli, arguments, input=b"Stai\nThomas\n" + b"a " * 6 + b"\nStai\n")
    assert result.exit_code == 1
    assert "line 3 of the input has 6 tokens" in result.stderr and "up to 5" in result.stderr
    assert result.stdout == "".join(load(path)(each).text + "\n" for each in ("Stai", "Thomas"))
    assert page.read_text(encoding="utf-8").count("<section") == 2


def test_a_reader_that_stops_reading_is_no_error(model, monkeypatch):
    def closed(*arguments, **options):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("s2s_tutorial.cli.translate.click.echo", closed)
    assert run("translate", "-m", model, stdin=b"Stai\n", code=1) == ""


def test_what_translate_cannot_do_is_explained(model, tmp_path):
    plain = saved(tmp_path / "gru.safetensors", "gru")
    assert "'gru' has no attention" in run("translate", "-m", plain, "--alignments", code=1)
    assert "'gru' has no attention" in run("attend", "-m", plain, "Stai", code=1)
    scoring = ["evaluate", "-m", plain, "--corpus", "phrases", "--option", "size=3"]
    assert "'gru' has no attention" in run(*scoring, "--replace-unknown", code=1)
    asked = run("translate", "-m", plain, "--coverage-penalty", 1, stdin=b"Stai", code=1)
    assert "needs attention weights" in asked
    copied = run("evaluate", "-m", model, *scoring[3:], "--replace-unknown", "--max-length", 5)
    assert "corpus      phrases" in copied
    assert "--beam" in run("translate", "-m", model, "--beam", 0, code=2)
    assert "needs --beam 7" in run("translate", "-m", model, "--n-best", 7, stdin=b"x", code=2)
    (tmp_path / "junk.safetensors").write_text("<html>404</html>")
    junk = run("translate", "-m", tmp_path / "junk.safetensors", code=1)
    assert "not a complete safetensors file" in junk and junk.count("\n") == 1
    page = run("translate", "-m", plain, "--html", tmp_path / "p.html", stdin=b"Stai\n")
    assert page and "no attention" in (tmp_path / "p.html").read_text()
