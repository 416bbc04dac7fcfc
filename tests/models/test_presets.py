import pytest
import torch
from oracles import LENGTHS, random_source
from tiny_models import SIZES, sizes_of

from s2s_tutorial.attention import scores as s
from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.models import bahdanau, context_feeding, luong, rnn_decoder
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.coverage import CoverageDecoder
from s2s_tutorial.models.pointer_generator import PointerGeneratorDecoder
from s2s_tutorial.models.presets import PRESETS, get_preset, list_presets
from s2s_tutorial.saving.checkpoint import load_checkpoint, save_checkpoint
from s2s_tutorial.scoring.loss import sequence_loss
from s2s_tutorial.search.greedy import greedy_decode

RNN, B, L = rnn_decoder.RNNDecoder, bahdanau.BahdanauDecoder, luong.LuongDecoder
C = context_feeding.ContextFeedingDecoder
TGT = torch.tensor([[2, 4, 5, 3], [2, 6, 3, 0], [2, 3, 0, 0]])

# name: cell, bidirectional encoder, layers, decoder, attention, and where Luong's are local
TABLE = {
    "rnn": ("RNN", False, 1, RNN, None, None),
    "gru": ("GRU", False, 1, RNN, None, None),
    "lstm": ("LSTM", False, 1, RNN, None, None),
    "bahdanau": ("GRU", True, 1, B, s.AdditiveAttention, None),
    "bigru_concat": ("GRU", True, 1, C, s.AdditiveAttention, None),
    "luong_dot": ("LSTM", False, 1, L, s.DotAttention, None),
    "luong_general": ("LSTM", False, 1, L, s.GeneralAttention, None),
    "luong_concat": ("LSTM", False, 1, L, s.ConcatAttention, None),
    "luong_location": ("LSTM", False, 1, L, s.LocationAttention, None),
    "luong_local_m": ("LSTM", False, 1, L, s.GeneralAttention, False),
    "luong_local_p": ("LSTM", False, 1, L, s.GeneralAttention, True),
    "stacked_lstm_additive": ("LSTM", False, 2, L, s.AdditiveAttention, None),
    "stacked_lstm_dot": ("LSTM", False, 2, L, s.DotAttention, None),
    "stacked_lstm_general": ("LSTM", False, 2, L, s.GeneralAttention, None),
    "stacked_lstm_location": ("LSTM", False, 2, L, s.LocationAttention, None),
    "location_aware": ("GRU", True, 1, B, LocationAwareAttention, None),
    "coverage": ("GRU", True, 1, CoverageDecoder, CoverageAttention, None),
    "pointer_generator": ("GRU", True, 1, PointerGeneratorDecoder, s.AdditiveAttention, None),
}
LUONG = {"input_feeding": True, "readout_size": 5, "tie_embeddings": True}
BAHDANAU = {"readout": "tanh", "readout_size": 5, "tie_embeddings": True}
WIDTH, WINDOW, LONGEST = {"attention_size": 3}, {"window": 2}, {"max_source_length": 6}
HEADS = {"heads": 7, "feedforward_size": 3, "positions": "learned", "max_positions": 6}
OPTIONS = {
    "rnn": {},
    "gru": {},
    "lstm": {},
    "bahdanau": WIDTH | BAHDANAU,
    "bigru_concat": WIDTH,
    "luong_dot": LUONG,
    "luong_general": LUONG,
    "luong_concat": LUONG | WIDTH,
    "luong_location": LUONG | LONGEST,
    "luong_local_m": LUONG | WINDOW,
    "luong_local_p": LUONG | WINDOW,
    "stacked_lstm_additive": LUONG | WIDTH,
    "stacked_lstm_dot": LUONG,
    "stacked_lstm_general": LUONG,
    "stacked_lstm_location": LUONG | LONGEST,
    "location_aware": WIDTH | BAHDANAU,
    "coverage": WIDTH | BAHDANAU,
    "pointer_generator": WIDTH,
    "transformer": HEADS | {"tie_embeddings": True},
}
ALL_OPTIONS = LUONG | BAHDANAU | WIDTH | WINDOW | LONGEST | HEADS


def make(preset, **options):
    torch.manual_seed(0)
    sizes = sizes_of(preset) | (
        {"embedding_size": 7} if preset == "transformer" else {}
    )  # to be tied
    return build_model(preset, **{**sizes, **options})


def score(model):
    return model(random_source(), LENGTHS, TGT[:, :-1])


def test_they_are_those_of_the_design():
    assert list_presets() == (*TABLE, "transformer") == tuple(OPTIONS) == tuple(PRESETS)
    assert all(preset.summary for preset in PRESETS.values())
    assert len({preset.summary for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("preset", TABLE)
def test_each_is_made_of_its_parts(preset):
    cell, bidirectional, layers, kind, attention, predictive = TABLE[preset]
    model = make(preset)
    rnn = model.encoder.rnn
    assert (rnn.mode.split("_")[0], rnn.bidirectional, rnn.num_layers) == (
        cell,
        bidirectional,
        layers,
    )
    assert type(model.decoder) is kind and rnn.hidden_size == SIZES["hidden_size"]
    if issubclass(kind, (B, C)):
        assert type(model.decoder.cell) is torch.nn.GRUCell
    else:
        assert (model.decoder.rnn.mode.split("_")[0], model.decoder.rnn.num_layers) == (
            cell,
            layers,
        )
    found = model.decoder.attention
    if predictive is not None:
        assert type(found) is LocalAttention and found.predictive is predictive
        assert found.window == 10
        found = found.inner
    assert type(found) is (attention or type(None))
    if kind is L:
        assert model.decoder.input_feeding is False
    if issubclass(kind, B):
        assert model.decoder.readout == "maxout"


@pytest.mark.parametrize("preset", OPTIONS)
def test_each_option_reaches_its_part(preset):
    model = make(preset, **OPTIONS[preset])
    d = model.decoder
    attention = d.attention
    where = {
        "attention_size": lambda: attention.v.numel(),
        "window": lambda: attention.window,
        "max_source_length": lambda: attention.W.shape[0],
        "input_feeding": lambda: d.input_feeding,
        "readout": lambda: d.readout,
        "readout_size": lambda: d.output.in_features,
        "tie_embeddings": lambda: d.output.weight is d.embedding.weight,
        "heads": lambda: d.layers[0].attention.heads,
        "feedforward_size": lambda: d.layers[1].feed_forward.widen.out_features,
        "positions": lambda: "learned" if d.input.table is not None else "sinusoidal",
        "max_positions": lambda: d.input.limit,
    }
    assert {name: where[name]() for name in OPTIONS[preset]} == OPTIONS[preset]
    assert {name: model.config[name] for name in OPTIONS[preset]} == OPTIONS[preset]
    assert set(filter(get_preset(preset).takes, ALL_OPTIONS)) == set(OPTIONS[preset])


@pytest.mark.parametrize("preset", OPTIONS)
def test_options_that_mean_nothing_are_refused_and_those_that_do_are_named(preset):
    known = ", ".join(sorted(OPTIONS[preset])) or "none of these options"
    for name, value in ALL_OPTIONS.items():
        if name not in OPTIONS[preset]:
            message = f"{name} means nothing for the preset '{preset}'; it takes {known}$"
            with pytest.raises(ValueError, match=message):
                make(preset, **{name: value})
            with pytest.raises(ValueError, match=message):
                make(preset, **{name: False if isinstance(value, bool) else value})


@pytest.mark.parametrize("preset", OPTIONS)
def test_one_training_step_changes_every_parameter(preset):
    model = make(preset).double()  # where the smallest gradients show too
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    loss = sequence_loss(score(model).logits, TGT[:, 1:], TGT[:, 1:] > 0).mean
    loss.backward()
    optimizer.step()
    unchanged = [name for name, p in model.named_parameters() if torch.equal(p, before[name])]
    assert unchanged == []
    assert sequence_loss(score(model).logits, TGT[:, 1:], TGT[:, 1:] > 0).mean < loss


@pytest.mark.parametrize("options", [{}, OPTIONS], ids=["plain", "every option"])
@pytest.mark.parametrize("preset", OPTIONS)
def test_each_decodes_saves_and_loads(preset, options, tmp_path):
    model = make(preset, **options.get(preset, {}), word_dropout=0.1, scale_embeddings=True)
    decoded = greedy_decode(model, random_source(), LENGTHS, max_length=5, min_length=2)
    assert all(2 <= len(ids) <= 5 for ids in decoded.ids)
    assert all(4 <= token < 13 or token == 1 for ids in decoded.ids for token in ids)
    shapes = [(len(ids), n) for ids, n in zip(decoded.ids, LENGTHS.tolist())]
    if not model.decoder.attends:
        assert decoded.weights is None
    else:
        assert [tuple(weights.shape) for weights in decoded.weights] == shapes
    save_checkpoint(tmp_path / "m.safetensors", model)
    loaded = load_checkpoint(tmp_path / "m.safetensors").model
    assert loaded.config == model.config
    assert torch.equal(score(loaded.eval()).logits, score(model.eval()).logits)
    again = greedy_decode(loaded, random_source(), LENGTHS, max_length=5, min_length=2)
    assert again.ids == decoded.ids and again.scores == decoded.scores


@pytest.mark.parametrize("preset", TABLE)
def test_layers_can_be_chosen_where_the_decoder_is_a_stack(preset):
    if issubclass(TABLE[preset][3], (B, C)):
        with pytest.raises(ValueError, match=f"'{preset}' has one layer, not 2; see stacked_lstm"):
            make(preset, num_layers=2)
        assert make(preset, num_layers=1).config["num_layers"] == 1
        return
    model = make(preset, num_layers=3)
    assert model.encoder.rnn.num_layers == model.decoder.rnn.num_layers == 3
    assert model.config["num_layers"] == 3
    assert score(model).logits.shape == (3, 3, 13)


def test_an_attention_takes_its_sizes_from_both_sides():
    additive = make("bahdanau").decoder.attention
    assert additive.W_q.shape == (7, 7) and additive.W_k.shape == (7, 14)
    assert make("luong_location").decoder.attention.W.shape == (100, 7)
    local_p = make("luong_local_p", window=2).decoder.attention
    assert local_p.W_p.shape == (7, 7) and local_p.window == 2


def test_an_unknown_name_lists_the_presets():
    with pytest.raises(
        ValueError,
        match="no preset 'Bahdanau' .did you mean 'bahdanau'.*; choose one of rnn, gru, ",
    ):
        get_preset("Bahdanau")
