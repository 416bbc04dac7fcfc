import json
import math
import os

import pytest
import torch
from oracles import LENGTHS, random_source
from safetensors.torch import save_file
from tiny_models import sizes_of

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.saving.checkpoint import (
    CheckpointError,
    check_vocabularies,
    load_checkpoint,
    save_checkpoint,
)
from s2s_tutorial.saving.checkpoint_file import is_checkpoint
from s2s_tutorial.text.vocabulary import Vocabulary

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}
TGT_IN = torch.tensor([[2, 4, 5], [2, 6, 12], [2, 4, 4]])


def logits(model):
    return model.eval()(random_source(), LENGTHS, TGT_IN).logits


CHANGED = [  # options that only some presets take
    ("lstm", {"num_layers": 2}),
    ("luong_dot", {"input_feeding": True}),
    ("luong_local_p", {"window": 2}),
    ("bahdanau", {"readout_size": 5, "readout": "tanh", "tie_embeddings": True}),
]


@pytest.mark.parametrize(
    ("preset", "options"), [(preset, {}) for preset in list_presets()] + CHANGED
)
def test_a_model_comes_back_the_same(preset, options, tmp_path):
    model = build_model(preset, **sizes_of(preset), **options)
    save_checkpoint(tmp_path / "m.safetensors", model)
    loaded = load_checkpoint(tmp_path / "m.safetensors").model
    assert loaded.config == model.config
    assert torch.equal(logits(loaded), logits(model))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_weights_come_back_in_their_type(dtype, tmp_path):
    model = build_model("bahdanau", **SIZES).to(dtype)
    save_checkpoint(tmp_path / "m.safetensors", model)
    loaded = load_checkpoint(tmp_path / "m.safetensors").model
    assert {p.dtype for p in loaded.parameters()} == {dtype}
    assert torch.equal(logits(loaded), logits(model))


@pytest.mark.parametrize("part", ["encoder", "decoder.attention"])
def test_each_weight_comes_back_in_its_own_type(part, tmp_path):
    model = build_model("bahdanau", **SIZES)
    model.get_submodule(part).bfloat16()
    save_checkpoint(tmp_path / "m.safetensors", model)
    loaded = load_checkpoint(tmp_path / "m.safetensors").model.state_dict()
    for name, weight in model.state_dict().items():
        assert loaded[name].dtype is weight.dtype and torch.equal(loaded[name], weight)


def test_loading_draws_nothing_from_the_reader_s_seed(tmp_path):
    save_checkpoint(tmp_path / "m.safetensors", build_model("gru", **SIZES))
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    load_checkpoint(tmp_path / "m.safetensors")
    assert torch.equal(torch.rand(3), expected)


def test_everything_else_comes_back_too(tmp_path):
    path = tmp_path / "m.safetensors"
    vocab = Vocabulary.build([["là", "<b>", "可以"]])
    extra = {"moments": torch.arange(3.0), "step": torch.tensor(5)}
    info = {"step": 7, "name": "né"}
    save_checkpoint(path, build_model("gru", **SIZES), vocab, vocab, extra, info)
    checkpoint = load_checkpoint(path)
    assert checkpoint.src_vocab == vocab and checkpoint.tgt_vocab == vocab
    assert checkpoint.info == info
    assert checkpoint.tensors.keys() == extra.keys()
    assert all(torch.equal(checkpoint.tensors[k], extra[k]) for k in extra)


def test_each_vocabulary_keeps_its_side(tmp_path):
    path, model = tmp_path / "m.safetensors", build_model("gru", **SIZES)
    src_vocab, tgt_vocab = Vocabulary(["a", "b"]), Vocabulary(["c", "d", "e"])
    for given in [(src_vocab, tgt_vocab), (src_vocab, None), (None, tgt_vocab)]:
        save_checkpoint(path, model, *given)
        checkpoint = load_checkpoint(path)
        assert (checkpoint.src_vocab, checkpoint.tgt_vocab) == given


def test_views_of_one_storage_are_saved_each_for_itself(tmp_path):
    path, whole = tmp_path / "m.safetensors", torch.arange(15.0).view(3, 5)
    extra = {"whole": whole, "again": whole, "turned": whole.T, "part": whole[1:, ::2]}
    save_checkpoint(path, build_model("gru", **SIZES), tensors=extra)
    loaded = load_checkpoint(path).tensors
    assert all(torch.equal(loaded[name], extra[name]) for name in extra)


def test_a_given_model_takes_the_weights(tmp_path):
    path, model = tmp_path / "m.safetensors", build_model("gru", **SIZES)
    save_checkpoint(path, model)
    other = build_model("gru", **SIZES)
    assert not torch.equal(logits(other), logits(model))
    assert load_checkpoint(path, other).model is other
    assert torch.equal(logits(other), logits(model))


def test_the_file_is_json_and_plain_numbers_nothing_that_could_run(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES))
    content = path.read_bytes()
    header_size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + header_size])
    numbers = sum(math.prod(t["shape"]) for n, t in header.items() if n != "__metadata__")
    assert len(content) == 8 + header_size + 4 * numbers


def test_a_checkpoint_of_another_model_is_refused_and_nothing_changes(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("lstm", **SIZES))
    other = build_model("gru", **{**SIZES, "hidden_size": 8})
    before = logits(other)
    message = "preset is 'lstm' there and 'gru' here; hidden_size is 7 there and 8 here"
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(path, other)
    assert torch.equal(logits(other), before)


def test_a_setting_that_the_saved_model_lacks_is_named(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES))
    other = build_model("gru", **SIZES)
    other.config["attention"] = "additive"
    with pytest.raises(CheckpointError, match="attention is None there and 'additive' here"):
        load_checkpoint(path, other)


def test_an_empty_vocabulary_stays_a_vocabulary(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES), src_vocab=Vocabulary([]))
    checkpoint = load_checkpoint(path)
    assert checkpoint.src_vocab == Vocabulary([]) and checkpoint.tgt_vocab is None


@pytest.mark.parametrize("damage", ["cut", "text", "empty"])
def test_damage_is_explained(tmp_path, damage):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES))
    content = path.read_bytes()
    path.write_bytes({"cut": content[:-40], "text": b"<html>404</html>" * 9, "empty": b""}[damage])
    with pytest.raises(CheckpointError, match="not a complete safetensors file.*fetch it again"):
        load_checkpoint(path)


def test_a_few_altered_bytes_are_noticed(tmp_path):
    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES), Vocabulary(["a", "b"]))
    content = path.read_bytes()
    for at in (len(content) - 5, content.index(b'\\"b\\"') + 2):  # in a weight, in a vocabulary
        path.write_bytes(content[:at] + bytes([content[at] ^ 2]) + content[at + 1 :])
        with pytest.raises(CheckpointError, match="damaged.*fetch it again"):
            load_checkpoint(path)
    path.write_bytes(content)
    load_checkpoint(path)


@pytest.mark.parametrize(
    "change", [{"config": None}, {"info": 5}, {"info": None}, {"modules": [1]}, "tgt_vocab"]
)
def test_a_header_of_another_form_is_refused(tmp_path, change):
    from safetensors import safe_open
    from safetensors.torch import save_file

    path = tmp_path / "m.safetensors"
    save_checkpoint(path, build_model("gru", **SIZES))
    with safe_open(path, framework="pt") as file:
        header = json.loads(file.metadata()["s2s"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    del header["sha256"]  # as older versions wrote it
    if isinstance(change, str):
        del header[change]
    else:
        header |= change
    save_file(tensors, path, metadata={"s2s": json.dumps(header)})
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(path)


def test_a_foreign_or_missing_file_is_explained(tmp_path):
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(2)}, tmp_path / "foreign.safetensors")
    with pytest.raises(CheckpointError, match="not one of our checkpoints"):
        load_checkpoint(tmp_path / "foreign.safetensors")
    later = {"s2s": json.dumps({"format": "s2s-tutorial checkpoint 99"})}
    save_file({"weight": torch.zeros(2)}, tmp_path / "later.safetensors", metadata=later)
    with pytest.raises(CheckpointError, match="not one of our checkpoints"):
        load_checkpoint(tmp_path / "later.safetensors")
    for content in ("no JSON", "[1]", "[" * 100_000):
        save_file({"w": torch.zeros(2)}, tmp_path / "odd.safetensors", metadata={"s2s": content})
        with pytest.raises(CheckpointError, match="not one of our checkpoints"):
            load_checkpoint(tmp_path / "odd.safetensors")
    with pytest.raises(FileNotFoundError, match="no checkpoint at .*nowhere"):
        load_checkpoint(tmp_path / "nowhere.safetensors")


def test_vocabularies_of_another_size_do_not_belong_to_a_model():
    model = build_model("gru", **SIZES)
    eleven = Vocabulary(list("abcdefg"))
    check_vocabularies(model, eleven, None)
    with pytest.raises(ValueError, match="tgt_vocab has 11 tokens.*built for 13.*not belong"):
        check_vocabularies(model, eleven, eleven)


def test_weights_that_do_not_fit_their_configuration_are_refused(tmp_path):
    path = tmp_path / "m.safetensors"
    model = build_model("gru", **SIZES)
    model.config["hidden_size"] = 9
    save_checkpoint(path, model)
    with pytest.raises(CheckpointError, match="does not hold the weights that its config"):
        load_checkpoint(path)
    other = build_model("gru", **SIZES | {"hidden_size": 4})
    other.config = model.config
    with pytest.raises(CheckpointError, match="of the model given: .*weight_ih_l0 is .* there and"):
        load_checkpoint(path, other)


def test_a_configuration_of_ones_own_comes_back_or_is_refused(tmp_path):
    path, model = tmp_path / "m.safetensors", build_model("gru", **SIZES)
    model.config = {"kind": "mine", "kernel": (3, 5), 7: 0.5}
    save_checkpoint(path, model)
    assert load_checkpoint(path, model).model is model
    model.config = {"kind": "mine", "cell": torch.nn.GRUCell}
    before = path.read_bytes()
    with pytest.raises(TypeError, match="config must be what JSON can say.* but .*type"):
        save_checkpoint(path, model)
    assert path.read_bytes() == before


def test_a_model_that_this_version_cannot_build_is_explained(tmp_path):
    path, model = tmp_path / "m.safetensors", build_model("gru", **SIZES)
    for change, message in [({"preset": "hopfield"}, "no preset"), ({"heads": 8}, "heads")]:
        config = model.config
        model.config = config | change
        save_checkpoint(path, model)
        model.config = config
        with pytest.raises(
            CheckpointError, match=f"m.safetensors cannot be used here: .*{message}"
        ):
            load_checkpoint(path)


def test_an_unwritable_path_is_explained(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="could not write .*m.safetensors"):
        save_checkpoint(tmp_path / "file" / "m.safetensors", build_model("gru", **SIZES))
    assert os.listdir(tmp_path) == ["file"]


def test_a_save_that_fails_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path, model = tmp_path / "m.safetensors", build_model("gru", **SIZES)
    save_checkpoint(path, model)

    def full_disk(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="could not write .*m.safetensors"):
        save_checkpoint(path, build_model("gru", **SIZES))
    assert torch.equal(logits(load_checkpoint(path).model), logits(model))
    assert os.listdir(tmp_path) == ["m.safetensors"]


@pytest.mark.parametrize("action", [save_checkpoint, load_checkpoint])
def test_a_name_that_safetensors_cannot_open_is_refused(tmp_path, action):
    path = tmp_path / "caf\udce9.safetensors"
    if action is load_checkpoint:
        path.touch()
    before = list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="is not UTF-8, and safetensors opens no other"):
        action(path, build_model("gru", 5, 6))
    assert list(tmp_path.iterdir()) == before


def test_what_is_ours_is_known_by_its_header(tmp_path):
    path = tmp_path / "m.safetensors"
    assert not is_checkpoint(path)
    for content in (b"", b"text"):
        path.write_bytes(content)
        assert not is_checkpoint(path)
    save_file({"w": torch.ones(2)}, path, metadata={"s2s": "[]"})
    assert not is_checkpoint(path)
    save_checkpoint(path, build_model("gru", 5, 6))
    assert is_checkpoint(path)
