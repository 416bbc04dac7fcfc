import math

import pytest

from s2s_tutorial.scoring.evaluation import Evaluation
from s2s_tutorial.training.history import History


def test_a_history_by_hand():
    history = History()
    assert repr(history) == "History(0 updates)"
    for loss, norm, tokens, accuracy in [(3.0, 0.5, 7, 0.2), (2.0, 0.25, 5, 0.3)]:
        history.add_update(loss, norm, tokens, learning_rate=norm / 10)
        history.add_evaluation(Evaluation(loss + 1, math.exp(loss + 1), accuracy, 11), 1.5)
    assert history.to_dict() == {
        "batch_loss": [3.0, 2.0],
        "gradient_norm": [0.5, 0.25],
        "tokens": [7, 5],
        "evaluated_at": [1, 2],
        "valid_loss": [4.0, 3.0],
        "valid_accuracy": [0.2, 0.3],
        "seconds": [1.5, 3.0],
        "pending_seconds": 0.0,
        "learning_rate": [0.05, 0.025],
        "valid_metric": [],
        "stopped": "",
    }
    assert repr(history) == "History(2 updates, validation loss 3.000, 3.0 s)"
    history.stopped = "finished"
    assert repr(history) == "History(2 updates, validation loss 3.000, 3.0 s)"
    history.stopped = "no improvement"
    assert repr(history).endswith("3.0 s, stopped: no improvement)")


@pytest.mark.parametrize(
    ("losses", "scores", "best", "since", "improved"),
    [
        ([], [], None, 0, False),
        ([2.0], [], 0, 0, True),
        ([3.0, 1.0, 1.0, 2.0], [], 1, 2, False),  # an equal one is no improvement
        ([3.0, 2.0, 1.0], [], 2, 0, True),
        ([math.nan, 2.0, math.nan], [], 1, 1, False),
        ([math.nan, math.nan], [], None, 2, False),
        ([3.0, 2.0, 1.0], [5.0, 7.0, 7.0], 1, 1, False),  # a score decides before the loss
        ([3.0, 2.0, 1.0], [-1.0, -2.0, -0.5], 2, 0, True),
    ],
)
def test_which_evaluation_is_the_best(losses, scores, best, since, improved):
    at = [7 * (k + 1) for k in range(len(losses))]
    history = History(evaluated_at=at, valid_loss=losses, valid_metric=scores)
    assert history.best_evaluation == best
    assert history.best_step == (None if best is None else 7 * (best + 1))
    assert history.evaluations_since_best == since
    assert history.just_improved is improved
