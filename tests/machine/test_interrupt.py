import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from s2s_tutorial.machine.interrupt import StopRequest


def test_the_second_ctrl_c_interrupts_and_the_handler_before_comes_back():
    def mine(signum, frame):
        raise AssertionError("it was to be replaced")

    before = signal.signal(signal.SIGINT, mine)
    try:
        with pytest.raises(KeyboardInterrupt), StopRequest() as stop:
            assert not stop.requested
            signal.raise_signal(signal.SIGINT)
            assert stop.requested
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_stop_request_outside_the_main_thread_changes_nothing():
    def handler_inside():
        with StopRequest() as stop:
            return stop.requested, signal.getsignal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(handler_inside).result() == (False, before)
    assert signal.getsignal(signal.SIGINT) == before
