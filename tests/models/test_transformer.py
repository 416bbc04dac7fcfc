"""The Transformer against PyTorch's layers, by hand, and by what must hold of it."""

import pytest
import torch
from tiny_models import drawn, random_ids
from torch import nn

import s2s_tutorial as s2s
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.transformer_encoder import heads_for
from s2s_tutorial.models.transformer_heads import attention_heads
from s2s_tutorial.models.transformer_layers import (
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)

SRC, TGT = 11, 13
SIZES = {"embedding_size": 5, "hidden_size": 6, "heads": 3, "feedforward_size": 7}
SRC_IDS, LENGTHS = random_ids([5, 2, 3], SRC, seed=0)
TGT_IN, _ = random_ids([4, 4, 4], TGT, seed=1)
MASK = torch.arange(5)[None, :] < LENGTHS[:, None]


def make(**options):
    return drawn(build_model("transformer", SRC, TGT, **{**SIZES, **options})).eval()


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@torch.no_grad()
def copy_attention(ours, theirs):
    theirs.in_proj_weight.copy_(torch.cat([ours.W_q, ours.W_k, ours.W_v]))
    theirs.in_proj_bias.zero_()
    theirs.out_proj.weight.copy_(ours.W_o)
    theirs.out_proj.bias.zero_()


def copy_rest(ours, theirs, norms):
    theirs.linear1.load_state_dict(ours.feed_forward.widen.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.narrow.state_dict())
    for k in range(1, norms + 1):
        getattr(theirs, f"norm{k}").load_state_dict(getattr(ours, f"norm_{k}").state_dict())


PYTORCH = {"dropout": 0.0, "batch_first": True, "norm_first": True, "dtype": torch.float64}


def test_an_encoder_layer_is_pytorchs_with_copied_weights():
    ours = drawn(TransformerEncoderLayer(6, 3, 7))
    theirs = nn.TransformerEncoderLayer(6, 3, 7, **PYTORCH)
    copy_attention(ours.self_attention, theirs.self_attn)
    copy_rest(ours, theirs, norms=2)
    x = random(3, 5, 6)
    got, weights = ours(x, MASK)
    torch.testing.assert_close(got[MASK], theirs(x, src_key_padding_mask=~MASK)[MASK])
    assert (
        weights.shape == (3, 3, 5, 5)
        and (weights.transpose(2, 3)[~MASK[:, None].expand(-1, 3, -1)] == 0).all()
    )


def test_a_decoder_layer_is_pytorchs_with_copied_weights():
    ours = drawn(TransformerDecoderLayer(6, 6, 3, 7))
    theirs = nn.TransformerDecoderLayer(6, 3, 7, **PYTORCH)
    copy_attention(ours.self_attention, theirs.self_attn)
    copy_attention(ours.attention, theirs.multihead_attn)
    copy_rest(ours, theirs, norms=3)
    x, memory = random(3, 4, 6), random(3, 5, 6, seed=1)
    causal = s2s.causal_mask(4)
    keys = ours.attention.project_keys(memory)
    got, past, *_ = ours(x, x.new_zeros(3, 0, 12), causal.expand(3, -1, -1), keys, MASK)
    expected = theirs(x, memory, tgt_mask=~causal, memory_key_padding_mask=~MASK)
    torch.testing.assert_close(got, expected)
    torch.testing.assert_close(past, ours.self_attention.project_keys(ours.norm_1(x)))


def test_the_encoder_is_its_layers_over_words_at_places():
    model = make(scale_embeddings=True)
    encoder = model.encoder
    x = encoder.embedding.weight[SRC_IDS] * 5**0.5 @ encoder.input.widen.weight.T
    x = x + s2s.sinusoidal_positions(5, 6).double()
    for layer in encoder.layers:
        x, _ = layer(x, MASK)
    memory, final_state, mask = model.encode(SRC_IDS, LENGTHS)
    torch.testing.assert_close(memory[MASK], encoder.norm(x)[MASK])
    assert (memory[~MASK] == 0).all() and torch.equal(mask, MASK) and final_state is None


def test_without_positions_a_source_is_a_bag_of_words():
    src, n, order = SRC_IDS[:1], LENGTHS[:1], torch.tensor([3, 0, 4, 1, 2])
    for positions, knows in (("none", False), ("sinusoidal", True), ("learned", True)):
        model = make(positions=positions)
        memory, turned = model.encode(src, n).memory, model.encode(src[:, order], n).memory
        assert torch.allclose(turned, memory[:, order]) != knows
        same = torch.allclose(
            model(src, n, TGT_IN[:1]).logits, model(src[:, order], n, TGT_IN[:1]).logits
        )
        assert same != knows


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
def test_the_past_is_unchanged_by_its_future(positions):
    model, changed = make(positions=positions), TGT_IN.clone()
    changed[:, 2:] = (changed[:, 2:] - 4 + 3) % (TGT - 4) + 4
    before, after = (model(SRC_IDS, LENGTHS, ids) for ids in (TGT_IN, changed))
    for a, b in zip(before, after):
        assert torch.equal(a[:, :2], b[:, :2])
    assert not torch.isclose(before.logits[:, 2:], after.logits[:, 2:]).any(dim=-1).all()
    longer = model(SRC_IDS, LENGTHS, torch.cat([TGT_IN, TGT_IN], dim=1))
    torch.testing.assert_close(longer.logits[:, :4], before.logits)


def test_words_may_come_one_by_one_or_some_at_a_time():
    decoder, encoded = make().decoder, make().encode(SRC_IDS, LENGTHS)
    whole, state, *_ = decoder.run(TGT_IN, decoder.init_state(encoded), encoded)
    assert state.shape == (2, 3, 4, 12)
    for cuts in ([1, 3], [3, 1], [1, 1, 1, 1], [2, 2]):
        found, old = [], decoder.init_state(encoded)
        for tokens in TGT_IN.split(cuts, dim=1):
            x, old, own, looks = decoder.run(tokens, old, encoded)
            found.append(x)
            assert own[1].shape == (3, 3, tokens.shape[1], old.shape[2])
        torch.testing.assert_close(torch.cat(found, dim=1), whole)
        torch.testing.assert_close(old, state)


def test_a_step_computes_keys_of_its_own_word_only():
    decoder, encoded = make().decoder, make().encode(SRC_IDS, LENGTHS)
    widths, keys = [], decoder.project_keys(encoded)
    project = decoder.layers[0].self_attention.project_keys
    decoder.layers[0].self_attention.project_keys = lambda x: (
        widths.append(x.shape[1]) or project(x)
    )
    decoder.layers[0].attention.project_keys = None  # the source's were computed once
    state = decoder.init_state(encoded)
    for token in TGT_IN.unbind(dim=1):
        before = state
        state = decoder.step(token, state, encoded, keys).state
        assert torch.equal(state[:, :, :-1], before)
    assert widths == [1, 1, 1, 1]


def test_parameters_by_hand():
    attention, feed_forward, norm = 4 * 6 * 6, 6 * 7 + 7 + 7 * 6 + 6, 2 * 6
    encoder = SRC * 5 + 5 * 6 + 2 * (attention + feed_forward + 2 * norm) + norm
    decoder = TGT * 5 + 5 * 6 + 2 * (2 * attention + feed_forward + 3 * norm) + norm
    assert make().parameter_count() == encoder + decoder + 6 * TGT + TGT
    narrow = make(embedding_size=6, tie_embeddings=True, num_layers=1)
    assert narrow.decoder.output.weight is narrow.decoder.embedding.weight


def test_sizes_unless_asked_otherwise():
    assert [heads_for(n) for n in (1, 6, 7, 9, 10, 128)] == [1, 3, 1, 3, 2, 4]
    model = build_model("transformer", SRC, TGT)
    assert model.config["num_layers"] == 2 and model.encoder.embedding.scaled
    layer = model.decoder.layers[1]
    assert layer.attention.heads == 4 and layer.feed_forward.widen.out_features == 4 * 128
    assert len(model.encoder.layers) == len(model.decoder.layers) == 2
    three = build_model("transformer", SRC, TGT, num_layers=3)
    assert len(three.encoder.layers) == len(three.decoder.layers) == 3


def test_dropout_is_on_the_input_and_on_every_change():
    model = make(dropout=0.25)
    inputs = [model.encoder.input.dropout, model.decoder.input.dropout]
    changes = [layer.residual for side in (model.encoder, model.decoder) for layer in side.layers]
    assert {part.p for part in inputs + changes} == {0.25} and len(changes) == 4
    model.train()
    for part in inputs:
        part.p = 0.0
    for part in changes:
        part.p = 1.0  # no change comes through: each side gives back what it read
    src = SRC_IDS[:1]
    x = model.encoder.input(model.encoder.embedding(src))
    torch.testing.assert_close(model.encode(src, LENGTHS[:1]).memory, model.encoder.norm(x))


def test_heads_of_all_layers_and_their_mean():
    model = make()
    found, output = (
        attention_heads(model, SRC_IDS, LENGTHS, TGT_IN),
        model(SRC_IDS, LENGTHS, TGT_IN),
    )
    shapes = {"encoder": (3, 3, 5, 5), "decoder": (3, 3, 4, 4), "source": (3, 3, 4, 5)}
    for kind, shape in shapes.items():
        layers = getattr(found, kind)
        assert [tuple(weights.shape) for weights in layers] == [shape] * 2
        for weights in layers:
            torch.testing.assert_close(weights.sum(-1), torch.ones(shape[:3]).double())
    torch.testing.assert_close(found.source[-1].mean(dim=1), output.weights)
    assert not torch.allclose(found.source[0][:, 0], found.source[0][:, 1])
    assert all((weights.triu(diagonal=1) == 0).all() for weights in found.decoder)
    assert not found.encoder[0].requires_grad


def test_named_heads_go_into_the_explorer():
    found = attention_heads(make().train(), SRC_IDS, LENGTHS, TGT_IN)
    named = found.named("decoder", row=1)
    assert list(named)[:4] == [*(f"layer 1, head {n}" for n in (1, 2, 3)), "layer 2, head 1"]
    assert torch.equal(named["layer 2, head 3"], found.decoder[1][1, 2].float())
    explorer = s2s.AttentionExplorer(list("abcd"), list("abcd"), named)
    assert explorer.names == list(named)
    with pytest.raises(ValueError, match="no kind of attention 'src'"):
        found.named("src")
    with pytest.raises(
        TypeError, match="only a Transformer has heads.*Encoder and BahdanauDecoder"
    ):
        attention_heads(build_model("bahdanau", SRC, TGT), SRC_IDS, LENGTHS, TGT_IN)


def test_limits_are_said_before_and_when_they_are_met():
    model = make(max_positions=5)
    assert model.decoder.source_limit == model.decoder.target_limit == 5
    too_long = torch.full((1, 6), 4)
    with pytest.raises(ValueError, match="a sequence of 6 tokens is longer than the 5 positions"):
        model.encode(too_long, torch.tensor([6]))
    with pytest.raises(ValueError, match="a sequence of 6 tokens is longer than the 5 positions"):
        model(SRC_IDS[:1], LENGTHS[:1], too_long)
    with pytest.raises(
        ValueError, match="a sequence of 6 tokens.*give it shorter ones .max_length"
    ):
        s2s.greedy_decode(model, SRC_IDS, LENGTHS, max_length=9, min_length=9)
    vocab = s2s.Vocabulary(list("abcdefg"))
    words = list("aaaaaa")
    model = build_model("transformer", 11, 11, **SIZES, max_positions=5)
    for pair, said in (
        ((words, ["a"]), "a source of 6.*up to 5"),
        ((["a"], words[1:]), "a target of 5.*up to 4"),
    ):
        with pytest.raises(ValueError, match=said):
            s2s.evaluate(model, s2s.make_batches([pair], vocab, vocab, 1))
    s2s.evaluate(model, s2s.make_batches([(words[:5], words[:4])], vocab, vocab, 1))


def test_a_translation_ends_with_the_positions():
    vocab = s2s.Vocabulary(list("abcdefg"))
    model = make(max_positions=7)
    model.decoder.output.bias.data[s2s.EOS_ID] = -1e9  # never ends by itself
    model = s2s.Seq2Seq(model.encoder, model.decoder, config={})
    translator = s2s.Translator(
        model, vocab, s2s.Vocabulary(list("abcdefghi")), "character", device="cpu"
    )
    with pytest.warns(UserWarning, match="cut at 7 tokens"):
        found = translator("abc")
    assert found.cut and found.weights.shape == (7, 3) and translator.has_attention
    with pytest.raises(ValueError, match="has 8 tokens, but this model was made for up to 7"):
        translator("abcdefga")


def test_settings_that_do_not_fit_are_explained():
    with pytest.raises(ValueError, match="4 heads cannot share a width of 6"):
        make(heads=4)
    with pytest.raises(ValueError, match="feedforward_size must be at least 1, not 0"):
        make(feedforward_size=0)
    with pytest.raises(ValueError, match="size, 5, but it reads 6; set hidden_size to it"):
        make(tie_embeddings=True)
    with pytest.raises(ValueError, match="no kind of positions 'relative'"):
        make(positions="relative")
    decoder = make().decoder
    for rows in (1, 2):
        encoded = make().encode(SRC_IDS, LENGTHS)
        with pytest.raises(ValueError, match="tgt_in must have one row"):
            decoder(TGT_IN[:rows], encoded)
        with pytest.raises(ValueError, match="token must have one row"):
            decoder.step(TGT_IN[:rows, 0], decoder.init_state(encoded), encoded)
    with pytest.raises(IndexError, match="tgt_in holds the id 13"):
        decoder(torch.full((3, 2), 13), encoded)
