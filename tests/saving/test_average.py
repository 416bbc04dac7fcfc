import numpy as np
import pytest
import torch
from oracles import LENGTHS, random_source

from s2s_tutorial.models.build import build_model
from s2s_tutorial.saving.average import average_checkpoints
from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from s2s_tutorial.text.vocabulary import Vocabulary

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}
TGT_IN = torch.tensor([[2, 4, 5], [2, 6, 12], [2, 4, 4]])


def saved(folder, number=3, preset="bahdanau", **options):
    paths, models = [], []
    for k in range(number):
        torch.manual_seed(k)
        models.append(build_model(preset, **{**SIZES, **options}))
        paths.append(folder / f"{k}.safetensors")
        save_checkpoint(paths[-1], models[-1], info={"step": k}, tensors={"m": torch.ones(2)})
    return paths, models


def test_it_is_the_mean_of_the_tensors(tmp_path):
    paths, models = saved(tmp_path)
    mean = average_checkpoints(paths)
    for name, tensor in mean.model.state_dict().items():
        each = [model.state_dict()[name].double().numpy() for model in models]
        np.testing.assert_allclose(tensor.numpy(), np.mean(each, axis=0), rtol=1e-6, atol=1e-8)
    assert mean.info == {"step": 0} and mean.tensors == {}
    assert mean.model(random_source(), LENGTHS, TGT_IN).logits.isfinite().all()


def test_one_file_is_itself_and_one_that_stands_twice_counts_twice(tmp_path):
    paths, models = saved(tmp_path, 2)
    alone = average_checkpoints(paths[:1]).model.state_dict()
    assert all(torch.equal(alone[name], t) for name, t in models[0].state_dict().items())
    twice = average_checkpoints([paths[0], paths[1], paths[1]]).model.decoder.output.weight
    first, second = (model.decoder.output.weight for model in models)
    torch.testing.assert_close(twice, (first + 2 * second) / 3)


def test_shared_matrices_stay_shared_and_types_stay(tmp_path):
    options = {"tgt_vocab_size": 11, "share_embeddings": True, "tie_embeddings": True}
    paths, _ = saved(tmp_path, 2, readout_size=5, **options)
    model = average_checkpoints(paths).model
    assert model.decoder.output.weight is model.encoder.embedding.weight
    half = load_checkpoint(paths[0]).model.bfloat16()
    save_checkpoint(tmp_path / "half.safetensors", half)
    mean = average_checkpoints([tmp_path / "half.safetensors"] * 3).model
    assert {p.dtype for p in mean.parameters()} == {torch.bfloat16}
    assert torch.equal(mean.encoder.embedding.weight, half.encoder.embedding.weight)


def test_other_models_are_refused(tmp_path):
    paths, models = saved(tmp_path, 1)
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, build_model("bahdanau", **{**SIZES, "hidden_size": 6}))
    with pytest.raises(CheckpointError, match="other.*no mean: hidden_size is 7 there and 6 here"):
        average_checkpoints([*paths, other])
    save_checkpoint(other, build_model("gru", **SIZES))
    with pytest.raises(CheckpointError, match="preset is 'bahdanau' there and 'gru' here"):
        average_checkpoints([*paths, other])
    words = Vocabulary([f"{k}" for k in range(9)])
    save_checkpoint(other, models[0], tgt_vocab=words)
    with pytest.raises(CheckpointError, match="their vocabularies differ"):
        average_checkpoints([*paths, other])
    other.write_bytes(b"half a fi")
    with pytest.raises(CheckpointError, match="not a complete safetensors file"):
        average_checkpoints([*paths, other])


def test_bad_input_is_explained(tmp_path):
    with pytest.raises(ValueError, match="no checkpoints to average"):
        average_checkpoints([])
    with pytest.raises(TypeError, match="takes a list of files, not one: 'run.safetensors'"):
        average_checkpoints("run.safetensors")
    with pytest.raises(FileNotFoundError, match="no checkpoint at"):
        average_checkpoints([tmp_path / "none.safetensors"])
