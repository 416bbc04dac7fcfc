"""Models as ONNX: the numbers of PyTorch in ONNX Runtime, and files that are whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys

import numpy as np
import pytest
import torch
from command_line import load, run, saved
from places import ROOT
from tiny_models import SYSTEMS, drawn, make_system, random_ids

import s2s_tutorial as s2s
from s2s_tutorial.live import onnx
from s2s_tutorial.live.onnx import check_exportable, export_onnx
from s2s_tutorial.live.onnx_check import ExportError, largest_difference, open_session
from s2s_tutorial.live.onnx_check import run as run_program
from s2s_tutorial.live.onnx_programs import first_given, given_step, programs, results
from s2s_tutorial.saving.checkpoint import CheckpointError, save_checkpoint
from s2s_tutorial.saving.tokenizer_state import load_tokenizer_state

REFUSED = [name for name in SYSTEMS if name.split(",")[0] in ("transformer", "pointer_generator")]
EXPORTED = [name for name in SYSTEMS if name not in REFUSED]
# An export takes ten seconds; the parts of these stand in others, and export_onnx compares every one it writes.
ALIKE = (
    """rnn gru lstm luong_concat luong_dot luong_general luong_location luong_local_m luong_local_p stacked_lstm_additive
stacked_lstm_dot stacked_lstm_general""".split()
    + ["luong_local_m, fed", "stacked_lstm_additive, fed"]
)
NAMES = ["decoder_step.onnx", "encoder.onnx", "model.json"]


@pytest.fixture(autouse=True)
def needs_packages():
    for name in ("onnx", "onnxscript", "onnxruntime"):
        pytest.importorskip(name)


def equal(found, expected):
    expected = torch.as_tensor(expected)
    torch.testing.assert_close(torch.as_tensor(found), expected, rtol=1e-5, atol=1e-5)


def carried(state):
    """What a step hands to the next one, by the names of the programs; independent of their code."""
    if not isinstance(state, s2s.AttentionState):
        state = s2s.AttentionState(state)
    pair = state.recurrent if isinstance(state.recurrent, tuple) else (state.recurrent,)
    found = dict(zip(("decoder_state", "decoder_cell"), pair)) | state._asdict()
    found["previous_weights"] = found.pop("weights")
    return {name: part for name, part in found.items() if part is not None}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EXPORTED if name not in ALIKE])
def test_the_numbers_are_those_of_pytorch_over_batches_of_unequal_lengths(name):
    model = make_system(name).float().eval()
    sessions = {part: open_session(content) for part, content in programs(model).items()}
    for lengths, width in (([3, 5, 7], 7), ([5, 1, 7, 3, 3], 9), ([1], 1)):
        vocab = model.encoder.embedding.num_embeddings
        src, src_lengths = random_ids(lengths, vocab, seed=3, width=width, garbage=9)
        given = run_program(
            sessions["encoder"], {"src": src.numpy(), "src_lengths": np.array(lengths)}
        )
        with torch.no_grad():
            encoded = model.encode(src, src_lengths)
            state = model.decoder.init_state(encoded)
            read = carried(state) | {"memory": encoded.memory, "src_mask": encoded.src_mask}
            for part in read.keys() & given.keys():
                equal(given[part], read[part])
            token = torch.full((len(lengths),), s2s.BOS_ID)
            for _ in range(5):
                said = model.decoder.step(token, state, encoded)
                found = run_program(sessions["decoder_step"], {"token": token.numpy(), **given})
                equal(found["logits"], said.logits)
                if said.weights is None:
                    assert "weights" not in found
                else:
                    equal(found["weights"], said.weights)
                new = {part: found[f"next_{part}"] for part in given if f"next_{part}" in found}
                assert new.keys() >= {"decoder_state"}
                for part, value in new.items():
                    equal(value, carried(said.state)[part])
                given |= new
                state, token = said.state, said.logits.argmax(dim=-1)


@pytest.mark.parametrize("name", EXPORTED)
def test_what_is_written_down_is_the_package_s_own_step(name):
    model = make_system(name).eval()
    decoder = model.decoder
    encoded = model.encode(*random_ids([5, 3, 7], model.encoder.embedding.num_embeddings, seed=4))
    state, token = decoder.init_state(encoded), torch.tensor([2, 2, 2])
    given = first_given(decoder, encoded)
    for _ in range(4):
        expected = decoder.step(token, state, encoded)
        said = given_step(decoder, {"token": token, **given})
        found = results(decoder, said, given)
        torch.testing.assert_close(found["logits"], expected.logits)
        torch.testing.assert_close(found.get("weights"), expected.weights)
        given |= {part: found[f"next_{part}"] for part in given if f"next_{part}" in found}
        state, token = expected.state, expected.logits.argmax(dim=-1)


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_of_other_parts_is_refused(name, tmp_path):
    model = make_system(name)
    with pytest.raises(ValueError, match="these presets can: rnn, gru, .*bahdanau"):
        check_exportable(model)
    vocab = s2s.Vocabulary(list("abcdefghi"))
    translator = s2s.Translator(model, *[vocab] * 2, "character") if name == REFUSED[0] else None
    if translator is not None:
        with pytest.raises(ValueError, match=f"the preset '{model.config['preset']}', as it is"):
            export_onnx(translator, tmp_path / "new")
        assert os.listdir(tmp_path) == []


def test_an_attention_put_in_later_is_refused_if_it_is_not_known():
    model = make_system("bahdanau")
    check_exportable(model)
    model.decoder.attention = s2s.FocusedAttention(model.decoder.attention, 2.0)
    with pytest.raises(ValueError, match="the preset 'bahdanau', as it is built here, cannot"):
        check_exportable(model)


@pytest.fixture(scope="module")
def characters(tmp_path_factory):
    """A checkpoint of dates by characters, and the folder of its export, ``dates``."""
    corpus = s2s.load_corpus("dates", "test", size=200)
    vocabularies = [
        s2s.Vocabulary.build(side) for side in (corpus.src_sentences, corpus.tgt_sentences)
    ]
    sizes = map(len, vocabularies)
    model = drawn(s2s.build_model("bahdanau", *sizes, embedding_size=8, hidden_size=12)).float()
    home = tmp_path_factory.mktemp("dates")
    translator = s2s.Translator(model, *vocabularies, "character", device="cpu")
    translator.info["longest_target"] = 10
    translator.save(home / "m.safetensors")
    said = run("export", home / "m.safetensors", "--to", "onnx", home / "dates")
    assert re.search(r"encoder.onnx  \d+\.\d kB", said) and "differs from PyTorch by" in said
    return home


@pytest.mark.slow
def test_the_loop_of_the_book_writes_what_greedy_decoding_writes(characters, monkeypatch, capsys):
    page = (ROOT / "book/command_line.md").read_text(encoding="utf-8")
    section = page.split("## Export to ONNX")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, flags=re.S)
    assert "torch" not in code and "s2s" not in code
    monkeypatch.chdir(characters)
    names: dict = {}
    exec(code, names)
    printed = capsys.readouterr().out

    translator = load(characters / "m.safetensors")
    texts = ["".join(pair.src) for pair in s2s.load_corpus("dates", "valid", size=50)]
    assert len(texts) == 50
    rows = [translator.src_vocab.encode(list(text)) for text in texts]
    src, src_lengths, _ = s2s.pad(rows)
    ids = s2s.greedy_decode(translator.model, src, src_lengths, max_length=100).ids
    expected = ["".join(translator.tgt_vocab.decode(row)) for row in ids]
    assert len(set(expected)) > 20 and len(set(map(len, expected))) > 5
    assert [names["translate"](text) for text in texts] == expected
    assert printed.strip() == translator("Friday, 3 April 2020", beam_size=1, max_length=100).text


@pytest.mark.slow
def test_the_description_says_what_is_in_the_files(characters):
    folder, translator = characters / "dates", load(characters / "m.safetensors")
    said = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert sorted(os.listdir(folder)) == NAMES
    assert (said["preset"], said["version"]) == ("bahdanau", s2s.__version__)
    assert said["config"] == translator.model.config
    assert said["special_ids"] == {"<pad>": 0, "<unk>": 1, "<bos>": 2, "<eos>": 3}
    assert (said["longest_target"], said["source_limit"]) == (10, None)
    assert 0 < said["largest_difference"] < 1e-4
    for side, vocab in (("src", translator.src_vocab), ("tgt", translator.tgt_vocab)):
        assert said[side]["tokens"] == list(vocab.tokens)
        tokenizer = load_tokenizer_state(said[side]["tokenizer"])
        assert tokenizer.tokenize("3 mai") == list("3 mai")
    ports = {}
    for name, described in said["files"].items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == described["sha256"]
        assert str(ROOT).encode() not in content, "the exporter's notes name folders"
        session = open_session(content)
        for way, given in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
            ports[name, way] = {each["name"]: each["shape"] for each in described[way]}
            assert ports[name, way] == {each.name: each.shape for each in given}
    assert ports["encoder.onnx", "inputs"] == {
        "src": ["batch", "src_len"],
        "src_lengths": ["batch"],
    }
    assert ports["encoder.onnx", "outputs"]["memory"] == ["batch", "src_len", 24]
    needed = {"token": ["batch"], **ports["encoder.onnx", "outputs"]}
    assert ports["decoder_step.onnx", "inputs"] == needed


@pytest.mark.slow
def test_an_earlier_export_is_replaced_only_where_it_is_asked_for(
    characters, tmp_path, monkeypatch
):
    folder, checkpoint = tmp_path / "dates", characters / "m.safetensors"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes((characters / "dates" / name).read_bytes())
    made = {name.split(".")[0]: (folder / name).read_bytes() for name in NAMES[:2]}
    monkeypatch.setattr(onnx, "programs", lambda model: made)  # they are the same again
    (folder / "encoder.onnx").write_bytes(b"old")
    assert "holds an export already: --overwrite" in run(
        "export", checkpoint, "--to", "onnx", folder, code=1
    )
    with monkeypatch.context() as patch:
        patch.setattr(onnx, "TOLERANCE", -1.0)
        with pytest.raises(ExportError, match="differ from PyTorch by .*; nothing was written"):
            export_onnx(checkpoint, folder, overwrite=True)
    assert (folder / "encoder.onnx").read_bytes() == b"old"
    run("export", checkpoint, "--to", "onnx", folder, "--overwrite")
    assert (folder / "encoder.onnx").read_bytes() == made["encoder"] and os.listdir(tmp_path) == [
        "dates"
    ]
    (folder / "model.json").write_text("{}")
    with pytest.raises(FileExistsError, match="was not written by s2s"):
        export_onnx(checkpoint, folder, overwrite=True)


@pytest.mark.slow
def test_the_check_sees_a_program_of_another_model(characters):
    model = load(characters / "m.safetensors").model
    sessions = {
        name: open_session((characters / "dates" / f"{name}.onnx").read_bytes())
        for name in ("encoder", "decoder_step")
    }
    assert largest_difference(model, sessions) < 1e-5
    with torch.no_grad():
        model.decoder.cell.weight_hh[0, 0] += 0.01
    assert largest_difference(model, sessions) > 1e-4
    with torch.no_grad():
        model.decoder.cell.weight_hh[0, 0] = torch.nan
    with pytest.raises(FloatingPointError, match="nothing was exported"):
        largest_difference(model, sessions)


def test_a_checkpoint_that_cannot_be_used_is_told_in_words(tmp_path):
    path, folder = saved(tmp_path / "m.safetensors"), tmp_path / "new"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "is damaged" in run("export", path, "--to", "onnx", folder, code=1)
    path.write_bytes(content[:100])
    assert "is not a complete safetensors file" in run(
        "export", path, "--to", "onnx", folder, code=1
    )
    save_checkpoint(path, s2s.build_model("gru", 7, 7))
    with pytest.raises(CheckpointError, match="no source vocabulary and no target vocabulary"):
        export_onnx(path, folder)
    missing = run("export", tmp_path / "no.safetensors", "--to", "onnx", folder, code=1)
    assert "there is no checkpoint at" in missing
    assert os.listdir(tmp_path) == ["m.safetensors"]


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(tmp_path):
    path = saved(tmp_path / "m.safetensors")
    message = run("export", path, "--to", "onnx", path / "below", code=1)
    assert "m.safetensors is no folder; name another" in message
    assert "is there already and is no folder" in run("export", path, "--to", "onnx", path, code=1)
    assert "holds 'm.safetensors', which was not" in run(
        "export", path, "--to", "onnx", tmp_path, "--overwrite", code=1
    )


@pytest.mark.parametrize("absent", [["onnxruntime"], ["onnx", "onnxscript"]])
def test_without_its_packages_it_says_what_to_install(absent, tmp_path, monkeypatch):
    path = saved(tmp_path / "m.safetensors")
    for name in absent:
        monkeypatch.setitem(sys.modules, name, None)
    message = run("export", path, "--to", "onnx", tmp_path / "new", code=1)
    assert f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed" in message
    assert "pip install 's2s-tutorial[onnx]'" in message


def test_the_command_names_the_formats(tmp_path):
    assert "'--to'" in run("export", "m.safetensors", tmp_path / "new", code=2)
    assert "onnx" in run("export", "m.safetensors", "--to", "paper", tmp_path / "new", code=2)
