"""What training with smoothing does to a listener: one more row beside chapter 11's.

The location-aware model of ``benchmarks.speech``, with the same seeds, updates and test utterances, but for its weights:
they are smoothed (Chorowski et al., 2015, section 2.3) while it is trained and ever after. It is then sharpened and put in
a window as its siblings are, and still smoothed.

    python -m benchmarks.speech_smoothing      # some ten minutes on one core
"""

from __future__ import annotations

from functools import partial

from benchmarks.results_file import tune_and_report
from benchmarks.speech import RESULTS, SETUP, SMOOTH, to_report, train_one

RESULTS = RESULTS.with_name("speech_smoothing.json")

if __name__ == "__main__":
    jobs = partial(to_report, systems=(SMOOTH,))
    tune_and_report(__doc__, RESULTS, SETUP, train_one, lambda: [], jobs, seeds=4)
