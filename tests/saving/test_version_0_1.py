"""Files that version 0.1 wrote: its models decode as they did, its runs go on as they would have."""

import json
import shutil
from pathlib import Path

import pytest

import s2s_tutorial as s2s

FOLDER = Path(__file__).with_name("version_0_1")
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def batches():
    corpus = s2s.load_corpus("reverse", size=23, symbols=3, max_length=4)
    vocab = s2s.Vocabulary.build(corpus.src_sentences)
    return vocab, s2s.make_batches(corpus, vocab, vocab, batch_size=7, shuffle=True)


@pytest.mark.parametrize("preset", EXPECTED)
def test_a_model_is_read_and_decodes_as_it_did(preset):
    checkpoint = s2s.load_checkpoint(FOLDER / f"{preset}.safetensors")
    vocab, data = batches()
    assert checkpoint.model.config["preset"] == preset and checkpoint.src_vocab == vocab
    batch = next(iter(data))
    src, src_lengths = batch.src, batch.src_lengths
    found = s2s.greedy_decode(checkpoint.model, src, src_lengths, max_length=5, min_length=1)
    assert found.ids == EXPECTED[preset]["greedy"]
    assert found.scores == pytest.approx(EXPECTED[preset]["scores"], abs=1e-4)


@pytest.mark.parametrize("preset", EXPECTED)
def test_a_run_that_was_stopped_half_way_goes_on(preset, tmp_path):
    path = shutil.copy(FOLDER / f"{preset}.safetensors", tmp_path / "run.safetensors")
    vocab, data = batches()
    model = s2s.load_checkpoint(path).model
    config = s2s.TrainConfig(
        steps=6, evaluate_every=3, device="cpu", progress=False, checkpoint=path
    )
    history = s2s.fit(model, data, data, config, resume=True, src_vocab=vocab, tgt_vocab=vocab)
    assert history.batch_loss == pytest.approx(EXPECTED[preset]["batch_loss"], rel=1e-4)
