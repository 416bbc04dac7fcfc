"""A reader's own score and decoder, those of the page *Your own model*, go through every function."""

import json
import math
import re
from functools import cache

import pytest
import torch
from click.testing import CliRunner
from matplotlib import pyplot
from places import ROOT
from torch import nn

import s2s_tutorial as s2s
from s2s_tutorial.cli import cli

PAGE = ROOT / "chapters/your_own_model.ipynb"


@cache
def classes():
    """What the page's cells define, and their source."""
    names = {"s2s": s2s, "torch": torch, "nn": nn, "math": math}
    sources = {}
    for cell in json.loads(PAGE.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and code.startswith("class "):
            exec(code, names)
            sources[code.split("(")[0].removeprefix("class ")] = code
    return names, sources


def make(attention=None, seed=0):
    names, _ = classes()
    torch.manual_seed(seed)
    encoder = s2s.Encoder(11, 3, 5)
    attention = names["ScaledDotAttention"]() if attention is None else attention
    decoder = names["MeanStartDecoder"](11, 5, encoder.memory_size, attention)
    return s2s.Seq2Seq(encoder, decoder, config={"kind": "mean start"})


def data():
    corpus = s2s.load_corpus("reverse", size=60, symbols=7, max_length=5)
    vocab = s2s.Vocabulary.build(corpus.src_sentences)
    return corpus, vocab, s2s.make_batches(corpus, vocab, vocab, batch_size=16)


def test_they_are_as_short_as_the_page_says():
    lines = {name: code.count("\n") + 1 for name, code in classes()[1].items()}
    assert lines.keys() == {"ScaledDotAttention", "MeanStartDecoder"}
    assert lines["ScaledDotAttention"] <= 6 and lines["MeanStartDecoder"] <= 25


def test_it_trains_and_is_evaluated():
    model, (_, vocab, batches) = make(), data()
    before = s2s.evaluate(model, batches)
    config = s2s.TrainConfig(steps=20, learning_rate=0.02, device="cpu", progress=False)
    history = s2s.fit(model, batches, batches, config)
    assert history.valid_loss[-1] < before.loss and before.tokens > len(vocab)


@pytest.mark.parametrize("beam_size", [1, 3])
def test_padding_and_neighbours_change_nothing_in_search(beam_size):
    model, (_, _, batches) = make(), data()
    batch = next(iter(batches))
    options = {"max_length": 6, "beam_size": beam_size, "min_length": 2}
    together = s2s.beam_search(model, batch.src, batch.src_lengths, **options)
    for row, n in enumerate(batch.src_lengths.tolist()):
        alone = s2s.beam_search(model, batch.src[[row], :n], torch.tensor([n]), **options)
        assert alone.ids[0] == together.ids[row]
        torch.testing.assert_close(alone.weights[0][0], together.weights[row][0])
    if beam_size == 1:
        greedy = s2s.greedy_decode(model, batch.src, batch.src_lengths, 6, 2)
        assert greedy.ids == together.best.ids


def test_it_is_saved_loaded_and_drawn(tmp_path):
    model, (_, vocab, _) = make(), data()
    translator = s2s.Translator(model, vocab, vocab, "whitespace", device="cpu")
    translator.save(tmp_path / "mine.safetensors")
    way = re.escape("s2s.Translator.load(path, model=model), or s2s.load_checkpoint(path, model)")
    for reader in (s2s.Translator.load, s2s.load_checkpoint):
        with pytest.raises(s2s.CheckpointError, match=f"not made by build_model.*In Python.*{way}"):
            reader(tmp_path / "mine.safetensors")
    command = ["translate", "--model", str(tmp_path / "mine.safetensors")]
    said = CliRunner().invoke(cli, command, input="a").output
    assert re.search(f"^Error: .*not made by build_model.*{way}$", said, re.MULTILINE)
    read = s2s.load_checkpoint(tmp_path / "mine.safetensors", make(seed=1)).model
    for name, weight in model.state_dict().items():
        assert torch.equal(read.state_dict()[name], weight)
    again = s2s.Translator.load(tmp_path / "mine.safetensors", "cpu", model=make(seed=1))
    text = " ".join(vocab.tokens[4:7])
    found = again.translate([text], min_length=2)[0]
    assert found.text == translator.translate([text], min_length=2)[0].text
    torch.testing.assert_close(again.align(text, text).score, translator.align(text, text).score)
    axes = s2s.plot_attention(found.weights, found.src_tokens, found.tokens)
    assert [tick.get_text() for tick in axes.get_xticklabels()] == found.src_tokens
    pyplot.close(axes.figure)
    markup = s2s.AttentionExplorer(found.src_tokens, found.tokens, found.weights)._repr_html_()
    assert all(token in markup for token in found.src_tokens)


def test_it_goes_on_where_it_was_stopped(tmp_path):
    _, vocab, batches = data()
    settings = {"evaluate_every": 2, "device": "cpu", "progress": False}
    whole = s2s.fit(make(), batches, batches, s2s.TrainConfig(steps=6, **settings))
    kept = s2s.TrainConfig(steps=6, checkpoint=tmp_path / "run.safetensors", **settings)
    with pytest.raises(RuntimeError, match="power cut"):
        s2s.fit(make(), batches, batches, kept, metric=power_cut_at(2))
    history = s2s.fit(make(seed=1), batches, batches, kept, resume=True, metric=lambda model: 0.0)
    assert history.batch_loss == whole.batch_loss


def power_cut_at(number):
    """A score that stops everything at its second call."""
    calls = []

    def score(model):
        calls.append(model)
        if len(calls) == number:
            raise RuntimeError("power cut")
        return 0.0

    return score


@pytest.mark.parametrize("attention", [s2s.DotAttention, lambda: s2s.LocationAttention(5, 9)])
def test_it_takes_the_books_attentions_too(attention):
    model, (_, _, batches) = make(attention()), data()
    batch = next(iter(batches))
    weights = model(batch.src, batch.src_lengths, batch.tgt_in).weights
    assert weights.shape == (*batch.tgt_in.shape, batch.src.shape[1])
    assert model.decoder.source_limit == model.decoder.attention.source_limit


def test_keys_are_projected_at_the_step_where_none_are_given():
    model, (_, _, batches) = make(), data()
    batch = next(iter(batches))
    encoded = model.encode(batch.src, batch.src_lengths)
    state, keys = model.decoder.init_state(encoded), model.decoder.project_keys(encoded)
    steps = [model.decoder.step(batch.tgt_in[:, 0], state, encoded, k) for k in (None, keys)]
    torch.testing.assert_close(steps[0].logits, steps[1].logits)


def test_what_is_no_decoder_is_refused():
    with pytest.raises(TypeError, match="must be an s2s.Decoder, not Linear"):
        s2s.Seq2Seq(s2s.Encoder(11, 3, 5), nn.Linear(2, 2), config={})
    with pytest.raises(TypeError, match=r"such as AdditiveAttention\(\.\.\.\), not Linear"):
        make(attention=nn.Linear(2, 2))
    with pytest.raises(TypeError, match="init_state"):
        s2s.Decoder()


class ScoresPadding(s2s.RNNDecoder):
    """Writes a ``forward`` that does not look at ``tgt_mask``."""

    def forward(self, tgt_in, encoded, tgt_mask=None):
        return super().forward(tgt_in, encoded)


def test_logits_at_padding_are_left_out_of_loss_and_evaluation():
    _, vocab, batches = data()
    torch.manual_seed(0)
    model = s2s.Seq2Seq(s2s.Encoder(11, 3, 5), s2s.RNNDecoder(11, 3, 5), config={})
    expected = s2s.evaluate(model, batches)
    model.decoder.__class__ = ScoresPadding
    assert s2s.evaluate(model, batches).tokens == expected.tokens
    assert s2s.evaluate(model, batches).loss == pytest.approx(expected.loss, abs=1e-6)


class OtherForward(s2s.Seq2Seq):
    """A model whose own ``forward`` does not look at ``tgt_mask``."""

    def forward(self, src, src_lengths, tgt_in, tgt_mask=None):
        return super().forward(src, src_lengths, tgt_in)


def test_logits_at_padding_train_and_are_evaluated_of_any_model():
    model, (_, _, batches) = make(), data()
    expected = s2s.evaluate(model, batches)
    model.__class__ = OtherForward
    assert s2s.evaluate(model, batches) == pytest.approx(expected, abs=1e-6)
    config = s2s.TrainConfig(steps=2, evaluate_every=1, device="cpu", progress=False)
    assert s2s.fit(model, batches, batches, config).evaluated_at == [1, 2]


class Wrong(s2s.RNNDecoder):
    """Its step and its whole target give what ``spoil`` makes of the right thing."""

    def step(self, token, state, encoded=None, keys=None):
        return self.spoil(super().step(token, state, encoded, keys))

    def forward(self, tgt_in, encoded, tgt_mask=None):
        return self.spoil(super().forward(tgt_in, encoded))


def logits(spoil):
    return lambda output: output._replace(logits=spoil(output.logits))


def with_weights(*shape):
    return lambda output: output._replace(weights=torch.ones(*shape))


WRONG = [
    (tuple, "must return s2s.DecoderOutput.* not tuple", "return s2s.StepOutput.* not tuple"),
    (logits(lambda t: t[:, 1:]), r"\(batch, tgt_len, vocab_size\), here \(2, 4, 1", None),
    (logits(lambda t: t[..., 0]), r"\(batch, tgt_len, vocab_size\)", r"\(batch, vocab_size\)"),
    (logits(lambda t: t[:1]), r"here \(2, 4, 1", "one row for each of the 2 source sentences"),
    (logits(lambda t: None), "must be a tensor of shape", "must be a tensor of shape"),
    (with_weights(2, 3), r"weights must have shape \(2, 4, 3\)", None),
    (with_weights(3, 2), r"weights must have shape \(2, 4, 3\)", r"have shape \(2, 3\)"),
]
SOURCE = torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2])
TARGET = torch.full((2, 4), s2s.BOS_ID)


@pytest.mark.parametrize("spoil, whole, step", WRONG)
def test_a_decoder_of_wrong_shapes_is_told_so_at_once(spoil, whole, step):
    decoder = Wrong(11, 3, 5)
    decoder.spoil = spoil
    model = s2s.Seq2Seq(s2s.Encoder(11, 3, 5), decoder, config={})
    for mask in (None, torch.ones(2, 4, dtype=torch.bool)):
        if mask is None or "vocab_size" not in whole or "here" in whole:
            with pytest.raises((TypeError, ValueError), match=whole):
                model(*SOURCE, TARGET, mask)
    if step is None:
        return
    encoded = model.encode(*SOURCE)
    for use in (
        lambda: s2s.greedy_decode(model, *SOURCE),
        lambda: s2s.beam_search(model, *SOURCE),
        lambda: s2s.Decoder.forward(decoder, TARGET, encoded),
    ):
        with pytest.raises((TypeError, ValueError), match=step):
            use()


def test_flat_logits_are_refused_by_the_loss():
    decoder = Wrong(11, 3, 5)
    decoder.spoil = logits(lambda t: t.flatten(0, 1))
    model = s2s.Seq2Seq(s2s.Encoder(11, 3, 5), decoder, config={})
    _, _, batches = data()
    with pytest.raises(ValueError, match="one row for each of the .* real tokens"):
        s2s.evaluate(model, batches)
