"""One vocabulary and one embedding for both sides, kept so in training, saving and loading."""

from dataclasses import replace

import pytest
import torch
from small_runs import Stopping, interrupt, reverse_batches, weights

from s2s_tutorial.models.build import build_model
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.loop import fit
from s2s_tutorial.translate.translator import Translator

CONFIG = TrainConfig(steps=7, evaluate_every=3, device="cpu", progress=False)


def make(preset, size, **options):
    torch.manual_seed(0)
    return build_model(preset, size, size, 5, 5, share_embeddings=True, **options)


def shares(model):
    return (
        model.encoder.embedding.weight.data_ptr() == model.decoder.embedding.weight.data_ptr()
        and model.config["share_embeddings"]
    )


@pytest.mark.parametrize("preset", ["gru", "bahdanau", "bigru_concat", "luong_general"])
def test_the_matrix_is_there_once_and_starts_as_one_alone_would(preset):
    model, apart = make(preset, 11), build_model(preset, 11, 11, 5, 5)
    assert shares(model)
    assert apart.parameter_count() - model.parameter_count() == 11 * 5
    assert "share_embeddings" not in apart.config
    table = torch.cat([make(preset, 997).encoder.embedding.weight.detach()[4:]])
    assert 0.09 < table.std() < 0.11, "0.1, scaled once"
    assert shares(model.double())


def test_it_stays_one_through_training_a_stop_and_a_file(tmp_path):
    vocab, train, valid = reverse_batches(29, 7, 13, 7)
    whole = make("bahdanau", len(vocab), readout_size=5, tie_embeddings=True)
    before = whole.encoder.embedding.weight.detach().clone()
    fit(whole, train, valid, CONFIG)
    assert shares(whole) and not torch.equal(whole.encoder.embedding.weight, before)
    assert whole.decoder.output.weight is whole.encoder.embedding.weight, "one for all three"

    kept = replace(CONFIG, checkpoint=tmp_path / "run.safetensors")
    given = {"src_vocab": vocab, "tgt_vocab": vocab}
    fit(
        make("bahdanau", len(vocab), readout_size=5, tie_embeddings=True),
        Stopping(train, 4, interrupt),
        valid,
        kept,
        **given,
    )
    again = make("bahdanau", len(vocab), readout_size=5, tie_embeddings=True)
    fit(again, train, valid, kept, resume=True, **given)
    assert shares(again) and torch.equal(weights(again), weights(whole))
    assert shares(load_checkpoint(kept.checkpoint).model)


def test_both_sides_need_one_vocabulary():
    with pytest.raises(ValueError, match="one vocabulary for both sides, but they have 11 and 13"):
        build_model("gru", 11, 13, share_embeddings=True)
    with pytest.raises(TypeError, match="share_embeddings must be True or False"):
        build_model("gru", 11, 11, share_embeddings="yes")
    a, b = Vocabulary(["casa"]), Vocabulary(["house"])
    assert Translator(make("gru", 5), a, a, "whitespace", device="cpu").tgt_vocab == a
    with pytest.raises(ValueError, match="shares its embeddings .* both need one vocabulary"):
        Translator(make("gru", 5), a, b, "whitespace", device="cpu")
