"""Chapter 13's measurements of time and memory against length."""

import pytest
import torch
from torch import nn

import s2s_tutorial as s2s
from benchmarks import length
from benchmarks.results_file import ResultsFile


def test_both_is_the_encoder_of_the_one_and_the_decoder_of_the_other():
    kinds = {kind: length.build(kind) for kind in length.KINDS}
    assert type(kinds["both"].encoder) is type(kinds["recurrent attention"].encoder) is s2s.Encoder
    assert type(kinds["both"].decoder) is type(kinds["self-attention"].decoder)
    assert kinds["both"].encoder.rnn.mode == kinds["recurrent attention"].encoder.rnn.mode
    assert not kinds["no attention"].decoder.attends
    for model in kinds.values():
        assert torch.isfinite(length.loss_of(model, length.batch_of(5)))


def test_what_is_kept_is_counted_once_and_without_the_weights():
    class Square(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(7, 3))

        def forward(self, src, src_lengths, tgt_in):
            x = src.float()[:, :7] @ self.w  # keeps x, not w
            y = x.exp()  # keeps y
            return s2s.DecoderOutput((y * y).unsqueeze(1).expand(-1, 7, -1), None, None)  # keeps y

    given = length.batch_of(7)
    model = Square()
    seen = length.kept_bytes(model, (*given[:3], given[3] % 3))
    batch = len(given[0])
    assert seen >= 4 * batch * (7 + 3)  # the input as numbers, and y once
    assert seen < 4 * batch * (7 + 3) + 8 * 4 * batch * 7 * 3  # beside what the loss keeps


def test_attention_keeps_what_grows_with_the_square():
    kept = {
        n: length.kept_bytes(length.build("self-attention"), length.batch_of(n)) for n in (64, 256)
    }
    per_pair = (kept[256] - 4 * kept[64]) / (4 * length.SETUP["batch_size"] * (256**2 - 4 * 64**2))
    assert 4 <= per_pair <= 60  # floats for each pair of words: three attentions of four heads


@pytest.fixture(scope="module")
def file():
    return ResultsFile(length.RESULTS, length.SETUP, length.COMMAND)


def test_every_length_is_stored_for_every_kind(file):
    found = [(run["length"], run["kind"]) for run in file.content["runs"]]
    assert sorted(found) == sorted((n, k) for n in length.SETUP["lengths"] for k in length.KINDS)
    for run in file.content["runs"]:
        assert len(run["update_seconds"]) == len(run["decoding_seconds"]) == length.SETUP["turns"]
        assert min(run["update_seconds"] + run["decoding_seconds"]) > 0


@pytest.mark.parametrize("kind", length.KINDS)
def test_the_stored_bytes_are_those_of_now(file, kind):
    now = length.kept_bytes(length.build(kind), length.batch_of(32))
    assert now == pytest.approx(file.find(kind=kind, length=32)["kept_bytes"], rel=0.02)
