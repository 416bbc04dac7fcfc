import math

from s2s_tutorial.evaluation import Evaluation
from s2s_tutorial.history import History


def test_a_history_by_hand():
    history = History()
    assert repr(history) == "History(0 updates)"
    for loss, norm, tokens, accuracy in [(3.0, 0.5, 7, 0.2), (2.0, 0.25, 5, 0.3)]:
        history.add_update(loss, norm, tokens)
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
    }
    assert repr(history) == "History(2 updates, validation loss 3.000, 3.0 s)"
