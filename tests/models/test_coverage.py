import numpy as np
import pytest
import torch
from oracles import LENGTHS, numbers, random_source
from oracles_decoders import bahdanau, looker
from tiny_models import make_system, sizes_of

from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.models.luong import LuongDecoder

SIZES = sizes_of("coverage")
TGT_IN = torch.tensor([[2, 4, 9, 6, 5], [2, 8, 5, 4, 4], [2, 7, 10, 10, 12]])


@pytest.mark.parametrize("readout", ["maxout", "tanh"])
def test_follows_bahdanau_and_tu(readout):
    model, src = make_system("coverage", readout=readout).eval(), random_source()
    with torch.no_grad():
        encoded = model.encode(src, LENGTHS)
        got, p = model.decoder(TGT_IN, encoded), numbers(model.decoder)
    for b, n in enumerate(LENGTHS.tolist()):
        h = encoded.memory[b, :n].numpy()
        inner, covered = looker(p, h, "coverage"), [np.zeros(n)]

        def look(query, step, previous, inner=inner, covered=covered):
            context, weights = inner(query, step, covered[-1])
            covered.append(covered[-1] + weights)
            return context, weights

        backward_first = h[0, SIZES["hidden_size"] :]
        expected = bahdanau(p, TGT_IN[b].tolist(), backward_first, look, readout)
        for e, g in zip(expected, (got.logits[b], got.states[b], got.weights[b, :, :n])):
            np.testing.assert_allclose(g.numpy(), e, atol=1e-12)


def test_its_state_holds_all_that_was_looked_at():
    model, src = make_system("coverage").eval(), random_source()
    with torch.no_grad():
        encoded = model.encode(src, LENGTHS)
        whole, state = model.decoder(TGT_IN, encoded), model.decoder.init_state(encoded)
        assert state.weights is None
        for i, token in enumerate(TGT_IN.unbind(dim=1)):
            state = model.decoder.step(token, state, encoded).state
            torch.testing.assert_close(state.weights, whole.weights[:, : i + 1].sum(dim=1))


def test_a_decoder_that_does_not_add_up_is_refused():
    attention = CoverageAttention(7, 7, 3)
    with pytest.raises(TypeError, match="LuongDecoder keeps the last ones only; CoverageDecoder"):
        LuongDecoder(11, 5, 7, 7, attention)
