import numpy as np
import pytest
import torch
from oracles import run_layer
from tiny_models import drawn

import s2s_tutorial as s2s
from s2s_tutorial.models.feature_encoder import FeatureEncoder, in_pairs
from s2s_tutorial.models.presets import list_presets

BATCH, SRC_LEN, FEATURES, HIDDEN = 3, 13, 5, 7
LENGTHS = torch.tensor([13, 2, 7])


def frames(seed=0, width=SRC_LEN, garbage=0.0):
    generator = torch.Generator().manual_seed(seed)
    src = torch.randn(BATCH, SRC_LEN, FEATURES, generator=generator, dtype=torch.float64)
    wide = torch.full((BATCH, width, FEATURES), garbage, dtype=torch.float64)
    wide[:, :SRC_LEN] = src
    for row, n in enumerate(LENGTHS):
        wide[row, n:] = garbage
    return wide


def make(cell="gru", **options):
    return drawn(FeatureEncoder(FEATURES, HIDDEN, cell, **options)).eval()


def pairs(rows):
    """Neighbours side by side, in NumPy; an odd last one beside zeros."""
    rows = list(rows) + [np.zeros_like(rows[0])] * (len(rows) % 2)
    return [np.concatenate(rows[j : j + 2]) for j in range(0, len(rows), 2)]


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize(("num_layers", "halvings"), [(1, 1), (1, 2), (2, 2), (2, 3)])
@torch.no_grad()
def test_follows_listen_attend_and_spell(cell, num_layers, halvings):
    encoder = make(cell, num_layers=num_layers, halvings=halvings, bidirectional=True)
    src = frames()
    memory, final_state, mask = encoder(src, LENGTHS)
    assert mask.sum(dim=1).tolist() == [-(-n // 2**halvings) for n in LENGTHS.tolist()]
    parts = final_state if cell == "lstm" else (final_state,)
    for row, n in enumerate(LENGTHS.tolist()):
        xs = list(src[row, :n].numpy())
        for _ in range(halvings - num_layers):
            xs = pairs(xs)
        for number, layer in enumerate(encoder.layers):
            xs = pairs(xs)
            forward, last = run_layer(layer, "l0", xs)
            backward, first = run_layer(layer, "l0_reverse", xs[::-1])
            for part, pair in zip(parts, zip(last, first) if cell == "lstm" else [(last, first)]):
                expected = np.concatenate(pair)
                np.testing.assert_allclose(part[number, row].numpy(), expected, atol=1e-12)
            xs = [np.concatenate(both) for both in zip(forward, backward[::-1])]
        np.testing.assert_allclose(memory[row, : len(xs)].numpy(), np.array(xs), atol=1e-12)
        assert (memory[row, len(xs) :] == 0).all()


@pytest.mark.parametrize("garbage", [7.0, float("nan")])
@pytest.mark.parametrize("width", [SRC_LEN, SRC_LEN + 1, SRC_LEN + 6])
@torch.no_grad()
def test_what_stands_on_the_padding_does_not_matter(width, garbage):
    encoder = make(num_layers=2, halvings=3, bidirectional=True)
    memory, final_state, mask = encoder(frames(), LENGTHS)
    wider, wide_final, wide_mask = encoder(frames(width=width, garbage=garbage), LENGTHS)
    torch.testing.assert_close(wider[:, : memory.shape[1]], memory)
    torch.testing.assert_close(wide_final, final_state)
    assert wide_mask.sum(1).tolist() == mask.sum(1).tolist()
    alone = encoder(frames()[1:2, :2], LENGTHS[1:2])
    torch.testing.assert_close(alone.memory[0], memory[1, :1])


def test_pairs_by_hand():
    states = torch.arange(1.0, 11).reshape(1, 5, 2)
    expected = [[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 0, 0]]]
    assert in_pairs(states).tolist() == expected


def model_of(preset, **options):
    sizes = {"embedding_size": 3, "hidden_size": HIDDEN, "feature_size": FEATURES}
    return drawn(s2s.build_model(preset, None, 11, **sizes, **options)).eval()


TGT_IN = torch.tensor([[2, 4, 5, 6], [2, 7, 8, 9], [2, 5, 4, 10]])


NO_FRAMES = {  # what asks for the source's words themselves, or reads without a cell
    "pointer_generator": "needs one vocabulary for both sides",
    "transformer": "frames are read by a recurrent encoder",
}


@pytest.mark.parametrize("preset", NO_FRAMES)
def test_who_cannot_read_frames_says_so(preset):
    with pytest.raises(ValueError, match=NO_FRAMES[preset]):
        model_of(preset)


@pytest.mark.parametrize("preset", [name for name in list_presets() if name not in NO_FRAMES])
@torch.no_grad()
def test_every_other_preset_reads_frames(preset):
    model = model_of(preset, halvings=2)
    whole = model(frames(), LENGTHS, TGT_IN)
    encoded = model.encode(frames(), LENGTHS)
    keys, state = model.decoder.project_keys(encoded), model.decoder.init_state(encoded)
    for i in range(TGT_IN.shape[1]):
        logits, state, weights = model.decoder.step(TGT_IN[:, i], state, encoded, keys)
        torch.testing.assert_close(logits, whole.logits[:, i])
        if weights is not None:
            torch.testing.assert_close(weights, whole.weights[:, i])
    wider = model(frames(width=20, garbage=9.0), LENGTHS, TGT_IN)
    torch.testing.assert_close(wider.logits, whole.logits)


@pytest.mark.parametrize("preset", ["gru", "bahdanau", "luong_dot", "location_aware"])
def test_search_finds_the_same_alone_and_gives_weights_for_each_state(preset):
    model = model_of(preset)
    greedy = s2s.greedy_decode(model, frames(), LENGTHS, 6, min_length=3)
    beam = s2s.beam_search(model, frames(), LENGTHS, 6, beam_size=1, min_length=3).best
    assert greedy.ids == beam.ids
    for row, n in enumerate(LENGTHS.tolist()):
        alone = s2s.greedy_decode(model, frames()[row : row + 1, :n], LENGTHS[row : row + 1], 6, 3)
        assert alone.ids[0] == greedy.ids[row]
        if greedy.weights is not None:
            states = -(-n // 4)
            assert greedy.weights[row].shape == (len(greedy.ids[row]), states)
            torch.testing.assert_close(greedy.weights[row], beam.weights[row])
            total = greedy.weights[row].sum(dim=1)
            torch.testing.assert_close(total, torch.ones_like(total))


def test_a_checkpoint_brings_it_back(tmp_path):
    model = model_of("location_aware", halvings=3)
    vocab = s2s.Vocabulary(list("abcdefg"))
    s2s.save_checkpoint(tmp_path / "m.safetensors", model, tgt_vocab=vocab)
    found = s2s.load_checkpoint(tmp_path / "m.safetensors")
    assert found.model.config == model.config and found.src_vocab is None
    assert found.model.config["feature_size"] == FEATURES
    same = (m(frames(), LENGTHS, TGT_IN).logits for m in (model, found.model))
    torch.testing.assert_close(*same)


def test_it_can_be_exported():
    encoder = make(halvings=2, bidirectional=True).float()
    src, dims = frames().float(), torch.export.Dim("batch", min=2, max=64)
    program = torch.export.export(
        encoder, (src, LENGTHS), dynamic_shapes=({0: dims}, {0: dims})
    ).module()
    torch.testing.assert_close(program(src, LENGTHS).memory, encoder(src, LENGTHS).memory)


def test_bad_input_is_explained():
    encoder = make()
    with pytest.raises(ValueError, match=r"src must have shape \(batch, src_len, 5\).*\(3, 13\)"):
        encoder(frames()[..., 0], LENGTHS)
    with pytest.raises(ValueError, match="reads frames of 5 numbers, but src has frames of 4"):
        encoder(frames()[..., 1:], LENGTHS)
    with pytest.raises(TypeError, match="frames of floating-point numbers, not torch.int64"):
        encoder(frames().long(), LENGTHS)
    spoilt = frames()
    spoilt[1, 1, 3] = float("nan")
    with pytest.raises(ValueError, match="NaN or infinite; is the recording damaged"):
        encoder(spoilt, LENGTHS)
    with pytest.raises(ValueError, match="src_lengths must lie between 1 and the width of src, 13"):
        encoder(frames(), LENGTHS + 1)
    with pytest.raises(ValueError, match="halvings must be at least 3, not 2"):
        FeatureEncoder(FEATURES, HIDDEN, num_layers=3)


def test_build_model_explains_what_does_not_fit():
    with pytest.raises(TypeError, match="give a src_vocab_size, or a feature_size"):
        s2s.build_model("gru", None, 11)
    with pytest.raises(TypeError, match="must be None beside feature_size, not 7"):
        s2s.build_model("gru", 7, 11, feature_size=5)
    with pytest.raises(ValueError, match="halvings means nothing where the source is tokens"):
        s2s.build_model("gru", 7, 11, halvings=2)
    with pytest.raises(ValueError, match="feature_size must be at least 1, not 0"):
        s2s.build_model("gru", None, 11, feature_size=0)
    with pytest.raises(ValueError, match="share_embeddings needs one vocabulary"):
        s2s.build_model("gru", None, 11, feature_size=5, share_embeddings=True)
    with pytest.raises(TypeError, match="tgt_vocab_size"):
        s2s.build_model("gru", None, None, feature_size=5)
