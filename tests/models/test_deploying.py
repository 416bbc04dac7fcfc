"""Encoder and decoder as programs: exported, compiled and traced, for batches of any shape."""

from __future__ import annotations

import warnings

import pytest
import torch
from tiny_models import SIZES, make_system, random_ids
from torch import nn

import s2s_tutorial as s2s

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(torch.compiler, "is_exporting"), reason="needs PyTorch 2.7"),
    pytest.mark.filterwarnings("ignore"),  # PyTorch's own, of deprecated parts of itself
]
WIDTH = 5
FEW = random_ids([5, 2, 4], SIZES["src_vocab_size"], seed=1)
MORE = random_ids([3, 5, 1, 2], SIZES["src_vocab_size"], seed=2, garbage=9)
OTHER_WIDTH = random_ids([8, 6], SIZES["src_vocab_size"], seed=3)
SYSTEMS = ["bahdanau", "luong_dot, fed", "luong_local_p, fed", "stacked_lstm_additive", "lstm"]


class Read(nn.Module):
    """An encoder with tensors in, tensors out."""

    def __init__(self, model):
        super().__init__()
        self.encoder = model.encoder

    def forward(self, src, src_lengths):
        memory, final, mask = self.encoder(src, src_lengths)
        return memory, *(final if isinstance(final, tuple) else (final,)), mask


class Step(nn.Module):
    """One step, without what a decoder keeps beside its state."""

    def __init__(self, model):
        super().__init__()
        self.decoder = model.decoder

    def forward(self, token, state, memory, mask, keys):
        encoded = s2s.EncoderOutput(memory, None, mask)
        step = self.decoder.step(token, s2s.AttentionState(state), encoded, keys)
        return step.logits, step.state.recurrent, step.weights


def step_inputs(model, src, src_lengths):
    encoded = model.encode(src, src_lengths)
    start = model.decoder.init_state(encoded).recurrent
    keys = model.decoder.project_keys(encoded)
    token = torch.full((len(src),), s2s.BOS_ID)
    return token, start, encoded.memory, encoded.src_mask, keys


def batch_size():
    return torch.export.Dim("batch", min=1, max=512)


@pytest.mark.parametrize("preset", ["rnn", "bahdanau", "stacked_lstm_dot"])
def test_the_encoder_is_exported_for_batches_of_any_size_and_lengths(preset):
    model = make_system(preset).eval()
    batch, read = batch_size(), Read(model)
    program = torch.export.export(read, FEW, dynamic_shapes=({0: batch}, {0: batch}), strict=False)
    for inputs in (FEW, MORE):
        torch.testing.assert_close(program.module()(*inputs), read(*inputs))
    with pytest.raises(IndexError, match="holds the id 99"):
        model.encode(torch.full((1, 3), 99), torch.tensor([3]))  # afterwards checks are made again


@pytest.mark.parametrize("name", ["bahdanau", "luong_general"])
def test_the_step_is_exported_for_sources_of_any_size(name):
    model = make_system(name).eval()
    batch, width = batch_size(), torch.export.Dim("width", min=1, max=512)
    inputs = step_inputs(model, *FEW)
    state = ({1: batch}, {1: batch}) if isinstance(inputs[1], tuple) else {1: batch}
    source = {0: batch, 1: width}
    program = torch.export.export(
        Step(model),
        inputs,
        dynamic_shapes=({0: batch}, state, source, source, source),
        strict=False,
    )
    for other in (inputs, step_inputs(model, *OTHER_WIDTH)):
        torch.testing.assert_close(program.module()(*other), Step(model)(*other))


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_decoder_is_compiled_in_one_graph(name):
    model = make_system(name).eval()
    encoded = model.encode(*FEW)
    tgt_in = torch.full((3, 4), s2s.BOS_ID)
    start, keys = model.decoder.init_state(encoded), model.decoder.project_keys(encoded)
    pairs = [
        (model.decoder, (tgt_in, encoded)),
        (model.decoder.step, (tgt_in[:, 0], start, encoded, keys)),
    ]
    for function, arguments in pairs:
        compiled = torch.compile(function, backend="eager", fullgraph=True)
        with torch._dynamo.config.patch(allow_rnn=True):  # else any nn.LSTM breaks a graph
            found = compiled(*arguments)
        torch.testing.assert_close(found.logits, function(*arguments).logits)
    torch._dynamo.reset()


@pytest.mark.parametrize("preset", ["bahdanau", "stacked_lstm_dot"])
def test_a_traced_encoder_takes_other_shapes(preset):
    model = make_system(preset).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(Read(model), FEW, check_trace=False)
    for inputs in (FEW, MORE, OTHER_WIDTH):
        torch.testing.assert_close(traced(*inputs), Read(model)(*inputs))


class StepWithAll(nn.Module):
    """One step with all that an attention may look at: the last weights, and the position."""

    def __init__(self, model):
        super().__init__()
        self.decoder = model.decoder

    def forward(self, token, recurrent, weights, position, memory, mask, keys):
        encoded = s2s.EncoderOutput(memory, None, mask)
        state = s2s.AttentionState(recurrent, None, weights, position)
        step = self.decoder.step(token, state, encoded, keys)
        return step.logits, step.state.recurrent, step.weights


@pytest.mark.parametrize("name", ["location_aware", "luong_local_m"])
def test_weights_and_position_are_inputs_where_the_attention_looks_at_them(name):
    model = make_system(name).eval()
    token, start, memory, mask, keys = step_inputs(model, *FEW)
    weights = mask / mask.sum(dim=1, keepdim=True).double()
    inputs = (token, start, weights, torch.tensor(0), memory, mask, keys)
    program = torch.export.export(StepWithAll(model), inputs, strict=False)
    for position in (0, 3):
        looks = weights.roll(position, dims=1).masked_fill(~mask, 0.0)
        now = (token, start, looks, torch.tensor(position), memory, mask, keys)
        state = s2s.AttentionState(start, None, looks, position)
        expected = model.decoder.step(token, state, s2s.EncoderOutput(memory, None, mask), keys)
        logits, _, found = program.module()(*now)
        torch.testing.assert_close((logits, found), (expected.logits, expected.weights))


def test_a_traced_step_takes_other_shapes():
    model = make_system("bahdanau").eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(Step(model), step_inputs(model, *FEW), check_trace=False)
    for inputs in (step_inputs(model, *MORE), step_inputs(model, *OTHER_WIDTH)):
        torch.testing.assert_close(traced(*inputs), Step(model)(*inputs))
