"""A prediction is committed in full or not at all, before the experiment or late; the seal knows every part of it."""

from __future__ import annotations

import re

import numpy
import pytest

from s2s_tutorial.coursework import Commitment, commit, waits_for
from s2s_tutorial.coursework.prediction import BEGAN, COMMITTED

ASKED = {"longest": (2, 14), "fills": ["letters", "bits"]}
RIGHT = {"longest": 9, "fills": "bits", "because": "more of them do not fit"}


def committed(given=RIGHT, asked=ASKED, before=None, exercise="1.8") -> Commitment:
    return commit(exercise, lambda: given, asked, before)


@pytest.mark.parametrize(
    "change",
    [
        {"longest": 9.0},
        {"longest": numpy.float64(9)},
        {"longest": numpy.int64(9)},
        {"because": "more of  them\ndo not fit"},
        {"because": " more of them do not fit "},
    ],
)
def test_the_same_prediction_written_otherwise_has_the_same_seal(change):
    assert committed(RIGHT | change).seal == committed().seal


@pytest.mark.parametrize(
    "other",
    [
        {"given": RIGHT | {"longest": 8}},
        {"given": RIGHT | {"longest": 9.5}},
        {"given": RIGHT | {"fills": "letters"}},
        {"given": RIGHT | {"because": "fewer of them do not fit"}},
        {"asked": ASKED | {"longest": (2, 15)}},
        {"asked": ASKED | {"fills": ["bits", "words"]}},
        {"exercise": "2.8"},
    ],
)
def test_every_part_of_it_is_in_the_seal(other):
    assert committed(**other).seal != committed().seal


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "longest: a number from 2 to 14, not None"),
        (RIGHT | {"longest": 15}, "longest: a number from 2 to 14, not 15"),
        (RIGHT | {"longest": "9"}, "longest: a number from 2 to 14, not '9'"),
        (RIGHT | {"longest": True}, "longest: a number from 2 to 14, not True"),
        (RIGHT | {"longest": float("nan")}, "longest: a number from 2 to 14, not nan"),
        (RIGHT | {"fills": "neither"}, "fills: one of 'letters', 'bits', not 'neither'"),
        (RIGHT | {"fills": ["bits"]}, "fills: one of 'letters', 'bits', not ['bits']"),
        (RIGHT | {"because": "I think so"}, "because: your reason, in 5 words or more"),
        (RIGHT | {"because": None}, "because: your reason, in 5 words or more"),
        (RIGHT | {"shortest": 2}, "'shortest' is not asked"),
        ([9, "bits"], "it should be a dict, not a list"),
        (None, "it should be a dict, not a NoneType"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_committed(given, said, capsys):
    found = committed(given)
    out = capsys.readouterr().out
    assert said in out and not COMMITTED.search(out)
    assert found.seal == "" and found.report(3) == 0.0
    for wait in (found.begin, lambda: found.beside({"longest": 8})):
        with pytest.raises(NotImplementedError):
            wait()


def test_a_prediction_that_fails_or_is_not_written_stops_no_notebook(capsys):
    def not_written():
        raise NotImplementedError("not implemented yet")

    def fails():
        return {"longest": 1 / 0}

    with waits_for("1.8"):
        commit("1.8", not_written, ASKED).begin()
    assert "has no prediction yet" in (out := capsys.readouterr().out) and "waits for" in out
    assert not commit("1.8", fails, ASKED).seal
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_before_the_experiment_it_can_be_changed_and_after_it_is_late(capsys):
    first = committed()
    second = committed(RIGHT | {"longest": 7}, before=first)
    assert not second.late
    second.begin()
    assert not committed(RIGHT | {"longest": 7}, before=second).late, "the same once more"
    third = committed(before=second)
    assert third.late and third.seal != first.seal
    said = capsys.readouterr().out
    assert f"Prediction 1.8 committed, after the experiment: {third.seal}" in said
    assert committed(RIGHT | {"longest": 7}, before=third).late
    assert committed({}, before=second).began, "nothing in between makes it early again"


def test_a_name_of_the_students_own_in_its_place_does_not_matter():
    assert committed(before="a seal").seal == committed().seal


def test_what_is_printed_is_what_the_grader_reads(capsys):
    sealed = committed()
    sealed.begin()
    out = capsys.readouterr().out
    assert COMMITTED.search(out)["seal"] == BEGAN.search(out)["seal"] == sealed.seal
    assert re.fullmatch("[0-9a-f]{12}", sealed.seal)


def test_what_came_out_stands_beside(capsys):
    committed().beside({"longest": 8.0, "fills": "bits"})
    assert "longest  9          8\n" in capsys.readouterr().out
    committed().beside({"longest": 8.5, "fills": "yours to say"})
    assert "longest  9          8.5\nfills    bits       yours to say\n" in capsys.readouterr().out
