"""The checks of a problem set: they score, they never stop a notebook, and they let nobody cheat by accident."""

from __future__ import annotations

import time
from numbers import Integral, Real

import numpy
import pytest
import sacrebleu
import torch

import s2s_tutorial as s2s
from s2s_tutorial.coursework import (
    Checks,
    close,
    plain,
    time_limit,
    unchanged,
    waits_for,
    withhold,
)
from s2s_tutorial.coursework.limits import OutOfTime

LSTM, DOT = torch.nn.LSTM(2, 3), s2s.DotAttention()
CELL = (
    torch.ones(1, 2),
    (torch.ones(1, 3), torch.ones(1, 3)),
    torch.ones(12, 2),
    torch.ones(12, 3),
)


def passes():
    pass


def fails():
    raise AssertionError("no")


@pytest.mark.parametrize(("right", "wrong", "score"), [(3, 0, 5), (0, 3, 0), (1, 2, 1.67)])
def test_score_is_the_share_of_the_points(right, wrong, score, capsys):
    checks = Checks("1.1", points=5)
    for _ in range(right):
        checks("a")(passes)
    for _ in range(wrong):
        checks("b")(fails)
    assert checks.report() == score
    said = capsys.readouterr().out
    assert f"{right} of {right + wrong} checks passed" in said
    assert said.count("AssertionError: no") == wrong


def test_no_checks_no_score(capsys):
    assert Checks("1.1", points=5).report() is None
    assert "5 points, run when your work is graded" in capsys.readouterr().out


def test_not_implemented_is_said_once(capsys):
    checks = Checks("1.1", points=5)

    @checks("one")
    def check():
        raise NotImplementedError("not implemented yet")

    assert checks.report() == 0
    assert capsys.readouterr().out == "Exercise 1.1: not implemented yet, 0 of 5 points\n"


@pytest.mark.parametrize("error", [SystemExit(0), GeneratorExit(), ValueError("x\n" * 99), Warning])
def test_whatever_a_check_raises_is_a_failure(error, capsys):
    checks = Checks("1.1", points=1)

    @checks("one")
    def check():
        raise error

    assert checks.report() == 0
    assert len(capsys.readouterr().out.splitlines()) < 12


def test_the_stop_button_stops():
    checks = Checks("1.1", points=1)

    def check():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checks("one")(check)


def test_an_endless_loop_fails_its_check_alone(capsys):
    checks = Checks("1.1", points=2, seconds=0.2)
    started = time.monotonic()

    @checks("endless")
    def check():
        while True:
            try:
                pass
            except Exception:
                pass

    checks("fine")(passes)
    assert checks.report() == 1
    assert "ran for more than 0.2 seconds" in capsys.readouterr().out
    assert time.monotonic() - started < 60, "it ended"


def test_the_limit_is_gone_afterwards():
    with time_limit(0.05):
        pass
    time.sleep(0.1)
    with pytest.raises(OutOfTime), time_limit(0.05):
        time.sleep(5)


@pytest.mark.parametrize("options", [{"points": 0}, {"points": 1, "seconds": 0}])
def test_points_and_seconds_are_positive(options):
    with pytest.raises(ValueError, match="must be positive"):
        Checks("1.1", **options)


def test_withheld_names_raise_however_they_were_imported():
    from s2s_tutorial import masked_softmax

    attention, x = s2s.DotAttention(), torch.ones(1, 2, 3)
    calls = [
        lambda: masked_softmax(torch.zeros(1, 2)),
        lambda: s2s.masked_softmax(torch.zeros(1, 2), mask=None),
        lambda: s2s.DotAttention(),
        lambda: attention(x, x, x),
    ]
    with withhold(["masked_softmax", "DotAttention"]):
        for call in calls:
            with pytest.raises(RuntimeError, match="without the package's own"):
                call()
        s2s.AdditiveAttention(2, 3, 5)  # others still work
    for call in calls:
        call()
    assert "__call__" not in vars(s2s.DotAttention), "as it was"


@pytest.mark.parametrize(
    ("found", "expected", "message"),
    [
        (None, torch.ones(2), "should be a tensor, not NoneType"),
        (torch.ones(2), torch.ones(3), r"shape \(3,\), but has \(2,\)"),
        (torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 5.0]]), r"be 5 at \[0, 1\], but is 2"),
        (torch.tensor([torch.nan]), torch.zeros(1), "but is nan"),
        (2.0, 3, "should be 3, but is 2"),
    ],
)
def test_close_says_what_is_wrong(found, expected, message):
    with pytest.raises(AssertionError, match=message):
        close(found, expected)


def test_close_takes_every_number_format():
    expected = torch.tensor([1.0, 2.0], requires_grad=True)
    for found in (expected.double(), expected.half(), torch.tensor([1, 2])):
        close(found, expected)
    close(0.5, torch.tensor(0.5))
    close(torch.tensor(1e6 + 50), 1e6)


def test_a_cell_waits_and_the_notebook_goes_on(capsys):
    with waits_for("1.1"):
        raise NotImplementedError
    assert "waits for exercise 1.1" in capsys.readouterr().out
    with pytest.raises(ValueError), waits_for("1.1"):
        raise ValueError


def test_a_check_may_weigh_more_than_the_others(capsys):
    checks = Checks("0.1", points=4)
    checks("right", weight=3)(lambda: None)
    checks("wrong")(lambda: 1 / 0)
    assert checks.report() == 3.0
    assert "1 of 2 checks passed, 3 of 4 points" in capsys.readouterr().out


@pytest.mark.parametrize(
    "use",
    [
        lambda: torch.nn.LSTM(2, 3),
        lambda: LSTM(torch.ones(1, 1, 2)),
        lambda: LSTM.forward(torch.ones(1, 1, 2)),
        lambda: torch.lstm_cell(*CELL),
        lambda: torch._VF.lstm_cell(*CELL),
        lambda: torch.ops.aten.lstm_cell(*CELL),
        lambda: torch.ops.aten.lstm_cell.default(*CELL),
        lambda: torch.nn.LSTMCell(2, 3)(torch.ones(1, 2)),
        lambda: DOT.score(torch.ones(1, 1, 3), torch.ones(1, 1, 3)),
        lambda: sacrebleu.BLEU.compute_bleu([1] * 4, [1] * 4, 4, 4),
        lambda: sacrebleu.corpus_bleu(["a"], [["a"]]),
        lambda: s2s.bleu(["a"], ["a"]),
    ],
)  # fmt: skip
def test_what_is_withheld_refuses_and_is_itself_again(use):
    names = ["bleu", "sacrebleu.corpus_bleu", "sacrebleu.BLEU", "torch.nn.LSTM", "torch.lstm_cell"]
    names += ["DotAttention", "not_installed.x"]
    with withhold(names), pytest.raises(RuntimeError, match="solved without"):
        use()
    assert torch.nn.LSTM(2, 3)(torch.ones(1, 1, 2))[0].shape == (1, 1, 3)
    assert torch.lstm_cell(*CELL)[0].shape == (1, 3)
    assert DOT.score(torch.ones(1, 1, 3), torch.ones(1, 1, 3)).item() == 3
    assert sacrebleu.corpus_bleu(["a b c d"], [["a b c d"]]).score == pytest.approx(100)


@pytest.mark.parametrize(
    ("change", "given"),
    [
        (lambda x: x.add_(1), torch.zeros(2)),
        (lambda x: x[0].fill_(True), (torch.tensor([False]), 3)),
        (lambda x: x.append(1), [2]),
        (lambda x: x["a"].pop(), {"a": [1]}),
        (lambda x: x.fill_(0), torch.tensor([float("nan")])),
    ],
)
def test_a_changed_argument_is_found(change, given):
    with pytest.raises(AssertionError, match="argument 2 was changed: it was .* and is now"):
        unchanged(lambda first, second: change(second), 1, given)


@pytest.mark.parametrize(
    ("found", "kind", "message"),
    [
        (torch.tensor(1.0), Real, "the score should be a float, not a Tensor"),
        (None, Real, "a float, not a NoneType"),
        (1.0, Integral, "an int, not a float"),
        (torch.tensor(1), Integral, "an int, not a Tensor"),
    ],
)
def test_a_number_is_no_tensor(found, kind, message):
    with pytest.raises(AssertionError, match=message):
        plain(found, "the score", kind)


def test_numbers_of_python_and_numpy_are_numbers():
    for number in (1, 0.5, numpy.float32(0.5), numpy.int64(3), True):
        plain(number)
    plain(numpy.int64(3), "a count", Integral)


def test_gradients_are_on_in_a_check_and_a_solution_may_not_switch_them_off():
    checks = Checks("1.1", points=2)
    weight = torch.ones(1, requires_grad=True)
    with torch.no_grad():
        checks("on")(lambda: (2 * weight).backward())
        checks("off")(lambda: torch.no_grad()(lambda: 2 * weight)().backward())
    assert checks.report() == 1


def test_arguments_that_stay_are_no_change():
    unchanged(lambda *given: given[0] + 1, torch.tensor([float("nan")]), [torch.ones(2)], "a", None)
