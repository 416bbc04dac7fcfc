"""A student's function from afar behaves as if it were near: values, changed arguments, gradients, errors, limits."""

from __future__ import annotations

import json

import pytest
import torch

from assignments.tooling.inprocess import SameProcess
from assignments.tooling.judge.cells import free_names, judged, names_for, outputs, statements
from assignments.tooling.judge.remote import UNREADABLE, Solution
from s2s_tutorial.coursework import Checks, withhold
from s2s_tutorial.coursework.limits import WITHHELD, OutOfTime, time_limit


def remote(function, **others) -> Solution:
    """The function as the judge has it."""
    return Solution("solve", SameProcess({"solve": function} | others))


def gradients(function, *inputs):
    """Of a number that depends on all outputs, with respect to each input."""
    total = sum((k + 1) * each.square().sum() for k, each in enumerate(function(*inputs)))
    return torch.autograd.grad(total, inputs, allow_unused=True)


def two_results(x, y, unused):
    return torch.tanh(x @ y), x.sum(0) * 3


def test_gradients_are_those_of_the_function_itself():
    x, y, z = (torch.randn(s, requires_grad=True) for s in ((3, 5), (5, 7), (2,)))
    far, near = (gradients(each, x, y, z) for each in (remote(two_results), two_results))
    assert far[2] is None and near[2] is None
    for one, other in zip(far[:2], near[:2]):
        torch.testing.assert_close(one, other)


def squares_so_far(x):
    return torch.cumsum(x * x, 1)


def test_gradients_flow_through_two_calls_and_what_stands_between():
    def chain(step, x):
        return step(2 * step(x).sin())

    x = torch.randn(3, 5, requires_grad=True)
    far, near = (
        torch.autograd.grad(chain(step, x).sum(), x)[0]
        for step in (remote(squares_so_far), squares_so_far)
    )
    torch.testing.assert_close(far, near)


def test_gradients_reach_a_layers_parameters():
    cell = torch.nn.LSTMCell(3, 5)
    given = torch.randn(2, 3), (torch.randn(2, 5), torch.randn(2, 5))

    def solve(x, state, cell):
        return cell(x, state)[0]

    far, near = (
        torch.autograd.grad(each(*given, cell).sum(), list(cell.parameters()))
        for each in (remote(solve), solve)
    )
    for one, other in zip(far, near):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("solve", [lambda x: x.detach(), lambda x: x > 0, lambda x: x.argmax()])
def test_what_has_no_gradient_has_none(solve):
    found = remote(solve)(torch.ones(3, requires_grad=True))
    assert not found.requires_grad


def test_without_gradients_none_are_kept():
    with torch.no_grad():
        assert not remote(lambda x: 2 * x)(torch.ones(3, requires_grad=True)).requires_grad
    with torch.enable_grad():
        assert remote(lambda x: 2 * x)(torch.ones(3, requires_grad=True)).requires_grad


def test_what_it_changes_is_changed():
    def solve(row, tensor, table, nested):
        row.append(3)
        tensor[0] = 7
        table["new"] = table.pop("old")
        nested[0][1].sort()

    row, tensor, table, nested = [1, 2], torch.zeros(2), {"old": 1}, ([5, [3, 1]],)
    view, inner = tensor[:1], nested[0][1]
    given = row, tensor, table, nested
    before = str(given)
    remote(solve)(*given)
    assert str(given) == before, "seen by those only who ask for it"
    remote(solve).changing(*given)
    assert row == [1, 2, 3] and table == {"new": 1}
    assert tensor.tolist() == [7, 0] and view.tolist() == [7]
    assert inner == [1, 3] and nested[0][1] is inner


def test_who_empties_what_is_given_gains_nothing():
    source = """from s2s_tutorial.coursework import Checks, close, unchanged
import torch
checks = Checks("0.1", points=2)
@checks("the sum")
def check():
    x = torch.ones(3)
    close(solve(x), x.sum())
@checks("what it is given stays as it was")
def check():
    unchanged(solve, torch.ones(3))
checks.report()"""
    for solve, points in ((lambda x: x.zero_().sum(), 0.0), (lambda x: x.sum(), 2.0)):
        assert judged(source, {}, SameProcess({"solve": solve}))[0] == points


def test_a_layer_and_a_function_beside_what_is_changed_stay_what_they_are():
    def solve(x, given):
        x.add_(1)
        return given[0](x)

    x, given = torch.zeros(1, 2), [torch.nn.GRUCell(2, 3), len]
    before = list(given)
    found = remote(solve).changing(x, given)
    assert found.shape == (1, 3) and x.tolist() == [[1, 1]]
    assert given == before


def test_a_function_of_ours_is_called_here_and_its_state_stays_what_it_is():
    class State:
        def __init__(self, n):
            self.n = n

    seen = []

    def step(token, state, *, scale=1.0):
        seen.append((token, state.n))
        return torch.full((3,), scale * state.n), State(state.n + 1)

    def solve(step, state, n):
        total = 0.0
        for k in range(n):
            scores, state = step(k, state, scale=2.0)
            total += scores.sum().item()
        return total, state

    total, state = remote(solve)(step, State(0), 4)
    assert total == 3 * 2 * (0 + 1 + 2 + 3) and state.n == 4
    assert seen == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_an_error_of_ours_comes_back_as_itself():
    class Special(Exception):
        pass

    def step():
        raise Special("of ours")

    with pytest.raises(Special, match="of ours"):
        remote(lambda step: step())(step)
    assert remote(lambda step: step() if not isinstance(step, int) else 0)(3) == 0


@pytest.mark.parametrize(
    "error", [NotImplementedError("not yet"), KeyError("a"), SystemExit("bye")]
)
def test_an_error_of_theirs_has_its_name_and_text(error):
    def solve():
        raise error

    with pytest.raises(Exception, match=str(error).strip("'")) as caught:
        remote(solve)()
    assert type(caught.value).__name__ == type(error).__name__
    assert isinstance(caught.value, Exception), "nothing that would end the judge"


def test_an_error_that_would_end_a_loop_of_the_tests_does_not():
    def solve(x):
        raise StopIteration

    with pytest.raises(Exception, match="^$") as caught:
        list(map(remote(solve), [1, 2]))
    assert (
        type(caught.value).__name__ == "StopIteration" and type(caught.value) is not StopIteration
    )


def test_what_is_too_large_is_said_and_not_sent():
    with pytest.raises(ValueError, match="too large"):
        remote(lambda: torch.zeros(1000, 1000))()
    with pytest.raises(ValueError, match="too large"):
        remote(lambda step: step(torch.zeros(1000, 1000)))(len)


def test_a_function_that_is_not_there_is_a_name_that_is_not_defined():
    with pytest.raises(NameError, match="'solve' is not defined"):
        Solution("solve", SameProcess({}))(1)


def test_an_object_of_theirs_has_a_name_and_nothing_else():
    class Always:
        def __eq__(self, other):
            return True

        __hash__ = None

    found = remote(Always)()
    assert type(found).__name__ == "Always" and found != 3


def test_a_function_of_theirs_among_the_arguments_is_theirs():
    worker = SameProcess({"solve": lambda f, x: f(x), "double": lambda x: 2 * x})
    assert Solution("solve", worker)(Solution("double", worker), 4) == 8


def test_what_is_withheld_here_is_withheld_there():
    cell = torch.nn.LSTMCell(2, 3)
    solve = remote(lambda x: torch.nn.LSTMCell(2, 3)(x)[0])
    with withhold(["torch.nn.LSTMCell", "Vocabulary"]):
        assert WITHHELD == ["torch.nn.LSTMCell", "Vocabulary"]
        with pytest.raises(RuntimeError, match="without the package's own"):
            solve(torch.ones(1, 2))
    assert WITHHELD == [] and solve(torch.ones(1, 2)).shape == cell(torch.ones(1, 2))[0].shape


def test_a_call_that_runs_too_long_ends():
    def solve():
        while True:
            try:
                pass
            except Exception:
                pass

    with pytest.raises(OutOfTime), time_limit(0.2):
        remote(solve)()


class Forger:
    """A worker that says what it likes."""

    def __init__(self, said: str):
        self.said = said

    def exchange(self, request, answer):
        return self.said


def tensor(**other):
    """A tensor's message, damaged."""
    whole = {"dtype": "float32", "shape": [1], "data": "AACAPw==", "gradient": True, "leaf": False}
    return whole | other


@pytest.mark.parametrize(
    "said",
    [
        "",
        "3",
        "[" * 100_000,
        '{"points": 41}',
        '{"returned": 4}',
        '{"returned": {}}',
        json.dumps({"returned": {"value": {"theirs": 5}, "tensors": []}}),
        json.dumps({"returned": {"value": {"layer": "GRUCell"}, "tensors": []}}),
        json.dumps({"returned": {"value": {"tensor": 0}, "tensors": [tensor(shape=[7])]}}),
        json.dumps({"returned": {"value": {"tensor": 0}, "tensors": [tensor()]}}),
        json.dumps({"returned": {"value": {}, "tensors": []}}),
        json.dumps({"returned": {"value": {"fraction": [1, 0]}, "tensors": []}}),
        json.dumps({"returned": {"value": 0, "tensors": [tensor(shape=[float("inf")])]}}),
        json.dumps({"returned": {"value": 0, "tensors": [tensor(shape=[10**9, 0], data="")]}}),
        json.dumps({"returned": {"value": 0, "tensors": [tensor(shape=[9**6, 9**6, 0], data="")]}}),
        '{"returned": "' + "a" * 60_000_000 + '"}',
    ],
    ids=lambda said: said[:60],
)
def test_an_answer_that_is_none_fails_the_check_and_no_more(said):
    with pytest.raises(AssertionError, match=UNREADABLE):
        Solution("solve", Forger(said))(torch.ones(1, requires_grad=True))


def test_a_change_that_is_none_fails_the_check():
    said = json.dumps({"returned": {"value": 1, "tensors": []}, "changed": {"value": 1}})
    assert Solution("solve", Forger(said))() == 1
    with pytest.raises(AssertionError, match=UNREADABLE):
        Solution("solve", Forger(said)).changing()


def test_what_it_says_can_be_written_into_a_file():
    said = json.dumps({"raised": "ValueError", "text": "half a character: \ud800"})
    checked = """from s2s_tutorial.coursework import Checks
checks = Checks("0.1", points=4)
@checks("three")
def check():
    solve()
checks.report()"""
    for source in (checked, "solve()"):
        for out in outputs(source, {}, Forger(said)):
            json.dumps(out, ensure_ascii=False).encode("utf-8")


def test_time_that_is_used_up_outside_of_a_check_ends_the_cell_only():
    class Late:
        def exchange(self, request, answer):
            raise OutOfTime("too late")

    assert outputs("solve()", {}, Late())[0].ename == "OutOfTime"


def test_gradients_of_other_shapes_are_none():
    answers = [
        {"returned": {"value": {"tensor": 0}, "tensors": [tensor()]}, "number": 0},
        {"returned": {"value": {"list": [{"tensor": 0}]}, "tensors": [tensor()]}, "number": 0},
    ]

    class Wrong:
        def exchange(self, request, answer):
            return json.dumps(answers.pop(0))

    x = torch.ones(3, requires_grad=True)
    with pytest.raises(AssertionError, match=UNREADABLE):
        Solution("solve", Wrong())(x).sum().backward()


def test_names_come_from_the_set_anew_and_all_others_are_the_students():
    given = statements(["import math\nHALF = math.log(3) / 2", "def t(x):\n    return HALF * x"])
    source = "found = t(2), solve(2), [k for k in range(3)], len('a')"
    assert free_names(source) == {"t", "solve"}
    worker = SameProcess({"solve": lambda x: -x, "t": lambda x: 0, "HALF": 100, "math": None})
    names = names_for(source, given, worker)
    exec(source, names)
    assert names["found"][0] == pytest.approx(1.0986, abs=1e-4) and names["found"][1] == -2


def test_points_and_report_are_the_judges():
    worker = SameProcess({"double": lambda x: 3 * x, "Checks": None, "checks": None})
    source = """from s2s_tutorial.coursework import Checks
checks = Checks("0.1", points=4)
@checks("three")
def check():
    assert double(1) == 3
@checks("four")
def check():
    assert double(2) == 4
checks.report()"""
    score, printed = judged(source, {}, worker)
    assert score == 2.0 and "1 of 2 checks passed, 2 of 4 points" in printed
    assert Checks("0.1", 1).report() is None
