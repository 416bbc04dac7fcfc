import re

import pytest
from places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_come_first():
    first = re.search(r"```console\n(.*?)```", README, re.S).group(1)
    commands = [line.split("#")[0].strip() for line in first.splitlines()]
    assert commands == ["make book", "make test", "make test-quick"]


@pytest.mark.slow
def test_its_example_runs(capsys, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert "steps=500" in example
    exec(example.replace("steps=500", "steps=3"), {})
    assert " → " in capsys.readouterr().out


def test_it_has_no_placeholder():
    assert re.findall(r"@\w+@", README) == []


def test_its_own_files_exist():
    root = ROOT
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links and [link for link in links if not (root / link).exists()] == []
