"""Names of version 0.1: the same module and the same objects, with a warning that says where they are."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

import s2s_tutorial as s2s

# The modules of version 0.1, as its files were called, and something that each of them had.
OLD = """
batch:Batch batches:make_batches corpora.base:ParallelCorpus corpora.numbers:number_pair
corpora.download:download corpora.cache:locate corpora.tsv:make_tsv vocabulary:Vocabulary
subwords:SubwordTokenizer word_splitter:split_words torchtext_adapters:torchtext_ids
device:pick_device precision:autocast distributed:start scores:DotAttention
local_attention:LocalAttention location_aware:LocationAwareAttention encoder:Encoder
decoder:RNNDecoder bahdanau:BahdanauDecoder luong:LuongDecoder presets:list_presets
context_feeding:ContextFeedingDecoder seq2seq:build_model checkpoint:save_checkpoint
greedy:greedy_decode beam:beam_search beam_tree:SearchNode forced_decoding:force_target
loss:sequence_loss metrics:bleu evaluation:evaluate train_config:TrainConfig
training_state:TrainingState history:History scheduled_sampling:Decay gradients:gradient_reach
style:use_style notebook:show_source translator:Translator translation:Translation
unknown:replace_unknown alignment_html:save_alignment_page
"""


@pytest.mark.parametrize(("old", "name"), [entry.split(":") for entry in OLD.split()])
def test_an_old_module_is_the_new_one(old, name, monkeypatch):
    old = f"s2s_tutorial.{old}"
    monkeypatch.delitem(sys.modules, old, raising=False)
    with pytest.warns(DeprecationWarning, match=f"{old} is s2s_tutorial.* now"):
        module = import_module(old)
    assert module is import_module(module.__name__) and module.__name__ != old, "not a copy"
    assert hasattr(module, name)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("attention", "masked_softmax"),
        ("text", "WordTokenizer"),
        ("search", "decode_corpus"),
        ("training", "fit"),
    ],
)
def test_a_module_that_became_a_folder_still_has_its_names(folder, name):
    with pytest.warns(DeprecationWarning, match=f"{name} is in s2s_tutorial.{folder}"):
        found = getattr(import_module(f"s2s_tutorial.{folder}"), name)
    assert found is getattr(s2s, name)


def test_what_was_never_there_is_not_found():
    with pytest.raises(ModuleNotFoundError, match="s2s_tutorial.metric"):
        import_module("s2s_tutorial.metric")
    with pytest.raises(AttributeError, match="attension"):
        s2s.attention.attension  # noqa: B018
