"""A forced target has the probability and the weights of the steps that would write it."""

import pytest
import torch
from tiny_models import drawn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.search.forced import force_target
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID


@pytest.mark.parametrize("preset", ["gru", "bahdanau", "luong_general"])
@pytest.mark.parametrize("tgt_ids", [[5, 12, 4], [6]])
def test_it_is_the_product_of_the_steps(preset, tgt_ids):
    model = drawn(build_model(preset, 11, 13, embedding_size=3, hidden_size=5))
    score, weights = force_target(model.train(), [4, 10, 7, 8], tgt_ids)
    assert model.training
    model.eval()
    src, lengths = torch.tensor([[4, 10, 7, 8]]), torch.tensor([4])
    encoded = model.encode(src, lengths)
    state, expected, rows = model.decoder.init_state(encoded), 0.0, []
    for fed, written in zip([BOS_ID, *tgt_ids], [*tgt_ids, EOS_ID]):
        step = model.decoder.step(torch.tensor([fed]), state, encoded)
        state = step.state
        expected += step.logits.double().log_softmax(-1)[0, written].item()
        rows.append(step.weights)
    assert score == pytest.approx(expected, rel=1e-6)
    if preset == "gru":
        assert weights is None
    else:
        torch.testing.assert_close(weights, torch.cat(rows[:-1]).float())
        assert weights.shape == (len(tgt_ids), 4)
