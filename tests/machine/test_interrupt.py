"""What a request to stop does: finish, give up, or interrupt; and what comes after it."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from s2s_tutorial.machine.interrupt import StopRequest, exiting_in_order

STOPS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


@pytest.fixture
def heard():
    """Signals that reach the handlers from before; these stay as they are for the other tests."""
    heard = []
    before = {number: signal.signal(number, lambda n, _: heard.append(n)) for number in STOPS}
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPS)
def test_a_request_is_noted_and_the_handler_before_comes_back(heard, number):
    with StopRequest() as stop:
        assert not stop.requested
        signal.raise_signal(number)
        assert stop.requested and not heard
    signal.raise_signal(number)
    assert heard == [number]


def test_the_second_ctrl_c_is_told_and_the_third_interrupts(heard, capsys):
    with pytest.raises(KeyboardInterrupt), StopRequest():
        signal.raise_signal(signal.SIGINT)
        assert capsys.readouterr().err == ""
        signal.raise_signal(signal.SIGINT)
        assert "is being finished, to be kept; once more Ctrl-C" in capsys.readouterr().err
        signal.raise_signal(STOPS[1])  # no press of a key
        signal.raise_signal(signal.SIGINT)
    assert not heard


@pytest.mark.parametrize("number", STOPS)
def test_what_can_be_done_again_is_given_up_at_once(heard, number):
    with StopRequest() as stop:
        with pytest.raises(KeyboardInterrupt), stop.giving_up():
            signal.raise_signal(number)
            raise AssertionError("it must not get here")
        assert stop.requested
        with pytest.raises(KeyboardInterrupt), stop.giving_up():
            raise AssertionError("it must not begin")


def test_a_request_after_what_was_given_up_interrupts_no_more(heard):
    with StopRequest() as stop:
        with stop.giving_up():
            pass
        signal.raise_signal(signal.SIGINT)
        assert stop.requested


@pytest.mark.parametrize("number", STOPS)
def test_only_what_ends_a_process_takes_its_course(heard, number):
    with StopRequest() as stop:
        signal.raise_signal(number)
        signal.raise_signal(signal.SIGINT)
    assert heard == []
    stop.pass_on()
    assert heard == ([] if number == signal.SIGINT else [number])


@pytest.mark.parametrize("number", STOPS)
def test_what_is_ignored_stays_so(heard, number):
    signal.signal(number, signal.SIG_IGN)
    with StopRequest() as stop:
        signal.raise_signal(number)
        assert not stop.requested
    assert signal.getsignal(number) is signal.SIG_IGN


def test_one_that_is_not_active_changes_nothing(heard):
    with StopRequest(active=False) as stop:
        signal.raise_signal(signal.SIGINT)
    assert heard == [signal.SIGINT] and not stop.requested


def test_a_stop_request_outside_the_main_thread_changes_nothing():
    def handler_inside():
        with StopRequest() as stop, exiting_in_order():
            return stop.requested, signal.getsignal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(handler_inside).result() == (False, before)
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.parametrize("number", STOPS[1:])
def test_an_exit_in_order_unwinds_and_has_the_shell_s_status(number):
    unwound = []
    with pytest.raises(SystemExit) as ended, exiting_in_order():
        try:
            signal.raise_signal(number)
        finally:
            unwound.append(True)
    assert ended.value.code == 128 + number and unwound
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_handler_of_the_program_s_own_is_left_to_it(heard):
    with exiting_in_order():
        signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]
