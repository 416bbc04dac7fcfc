"""torchtext's vocabularies and datasets: the same ids, embeddings and sentences on both sides.

These tests run beside two versions: 0.6.0, which the test environment has, and 0.18.0, which
`make test-torchtext` sets up; what needs the other one's names is skipped. Stand-ins with the shape
of each are read everywhere.
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter, OrderedDict
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.corpora import corpus_from_torchtext, list_corpora, load_corpus, maker_of
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.tokenizers import CharacterTokenizer
from s2s_tutorial.text.torchtext_adapters import torchtext_ids
from s2s_tutorial.text.vocabulary import PAD_ID, SPECIALS, UNK_ID, Vocabulary

try:
    from torchtext import vocab as vocab_module
except ImportError:
    vocab_module = None

LATER = hasattr(vocab_module, "vocab")
needs_torchtext = pytest.mark.skipif(
    vocab_module is None,
    reason="torchtext is not installed: pip install 's2s-tutorial[torchtext]'",
)
needs_old = pytest.mark.skipif(
    vocab_module is None or LATER, reason="needs torchtext 0.6: pip install torchtext==0.6.0"
)
needs_later = pytest.mark.skipif(
    not LATER, reason="needs torchtext 0.18, which `make test-torchtext` sets up"
)
# 0.18 says at every import that it was the last.
pytestmark = pytest.mark.filterwarnings(r"ignore:[\s\S]*Torchtext is deprecated")

SRC = ["ein Mann geht", "eine Frau", "ein Hund läuft im Schnee"]
TGT = ["a man walks", "a woman", "a dog runs in the snow"]
words = st.text(alphabet="abcde<>ä", min_size=1, max_size=3).filter(lambda w: w not in SPECIALS)
token_lists = st.lists(words, unique=True, max_size=12)


class OldShape:
    """What torchtext 0.6 offers of a vocabulary."""

    def __init__(self, tokens):
        self.itos = list(tokens)
        self.stoi = {token: i for i, token in enumerate(tokens)}


class LaterShape:
    """What torchtext 0.10 and later offer."""

    def __init__(self, tokens, default=None):
        self._tokens, self._default = list(tokens), default

    def get_itos(self):
        return list(self._tokens)

    def get_stoi(self):
        return {token: i for i, token in enumerate(self._tokens)}

    def get_default_index(self):
        return self._default


def real(tokens, unk="<unk>"):
    """The installed torchtext's own vocabulary of these tokens, in this order."""
    if not LATER:
        return vocab_module.Vocab(Counter(), specials=list(tokens))
    vocab = vocab_module.vocab(OrderedDict((token, 1) for token in tokens))
    if unk in tokens:
        vocab.set_default_index(tokens.index(unk))
    return vocab


def all_tokens(vocab):
    """Its tokens in the order of their ids, by the version's own names."""
    return list(vocab.get_itos() if hasattr(vocab, "get_itos") else vocab.itos)


every_shape = pytest.mark.parametrize(
    "make", [OldShape, LaterShape, pytest.param(real, marks=needs_torchtext)]
)


@every_shape
@pytest.mark.parametrize(
    "special",
    [
        ["<unk>", "<pad>"],
        ["<unk>", "<pad>", "<bos>", "<eos>"],
        ["<unk>", "<pad>", "<sos>", "<eos>"],
        ["<pad>", "<unk>", "<s>", "</s>"],
        ["<eos>", "<sos>", "<unk>", "<pad>"],
        ["[PAD]", "<unk>"],
        [],
    ],
)
def test_ordinary_tokens_keep_their_order(make, special):
    ours = Vocabulary.from_torchtext(make([*special, "b", "a", "<x>"]))
    assert ours.tokens == (*SPECIALS, "b", "a", "<x>")


@every_shape
def test_special_tokens_need_not_come_first(make):
    ours = Vocabulary.from_torchtext(make(["b", "<pad>", "a", "<unk>"]))
    assert ours.tokens == (*SPECIALS, "b", "a")


@every_shape
def test_special_tokens_by_name(make):
    names = {"pad": "_", "unk": "?", "bos": "<go>", "eos": "."}
    vocab = make(["a", "?", "_", ".", "b", "<go>"])
    ours = Vocabulary.from_torchtext(vocab, **names)
    assert ours.tokens == (*SPECIALS, "a", "b")
    assert torchtext_ids(vocab, ours, **names).tolist() == [2, 1, 5, 3, 0, 4]


def test_the_default_index_says_what_is_unknown():
    vocab = LaterShape(["a", "@", "b"], default=1)
    assert Vocabulary.from_torchtext(vocab).tokens == (*SPECIALS, "a", "b")
    assert torchtext_ids(vocab, Vocabulary(["b", "c"])).tolist() == [1, 1, 1, 1, 2, 1]
    assert Vocabulary.from_torchtext(vocab, unk="b").tokens == (*SPECIALS, "a", "@")


@every_shape
def test_embeddings_are_carried_over(make):
    theirs = make(["<unk>", "<pad>", "hund", "mann", "<sos>", "</s>"])
    ours = Vocabulary.from_torchtext(theirs)
    trained, fresh = torch.nn.Embedding(6, 3), torch.nn.Embedding(len(ours), 3)
    with torch.no_grad():
        fresh.weight.copy_(trained.weight[torchtext_ids(theirs, ours)])
    sentence = ["mann", "nie gesehen", "hund"]
    assert fresh(torch.tensor(ours.encode(sentence))).equal(trained(torch.tensor([3, 0, 2])))
    assert fresh(torch.tensor([2, 3])).equal(trained(torch.tensor([4, 5])))


@every_shape
def test_tokens_that_it_does_not_have_are_unknown_to_it(make):
    ids = torchtext_ids(make(["<pad>", "a", "<unk>"]), Vocabulary(["z", "a"]))
    assert ids.tolist() == [0, 2, 2, 2, 2, 1] and ids.dtype == torch.int64


@needs_torchtext
@given(token_lists)
def test_to_torchtext_keeps_every_id(tokens):
    ours = Vocabulary(tokens)
    theirs = ours.to_torchtext()
    assert isinstance(theirs, vocab_module.Vocab)
    assert all_tokens(theirs) == list(ours.tokens) and len(theirs) == len(ours)
    assert [theirs[token] for token in ours.tokens] == list(range(len(ours)))
    assert theirs["never seen"] == UNK_ID
    assert Vocabulary.from_torchtext(theirs) == ours
    assert torchtext_ids(theirs, ours).tolist() == list(range(len(ours)))


@needs_torchtext
@given(token_lists, st.randoms())
def test_ids_say_where_each_token_was(tokens, random):
    theirs = ["<unk>", "<pad>", "<sos>", "<eos>", *tokens]
    random.shuffle(theirs)
    vocab = real(theirs)
    ours = Vocabulary.from_torchtext(vocab)
    where = torchtext_ids(vocab, ours).tolist()
    assert sorted(where) == list(range(len(theirs)))
    assert [theirs[i] for i in where[:4]] == ["<pad>", "<unk>", "<sos>", "<eos>"]
    assert [theirs[i] for i in where[4:]] == list(ours.tokens[4:])


@needs_old
class TestOldVersion:
    """torchtext 0.6 as courses use it: Field, Example, Dataset, BucketIterator."""

    def fields(self):
        from torchtext.data import Field

        options = {"batch_first": True, "include_lengths": True}
        return Field(**options), Field(init_token="<sos>", eos_token="<eos>", **options)

    def dataset(self):
        from torchtext.data import Dataset, Example

        fields = list(zip(("src", "trg"), self.fields()))
        examples = [Example.fromlist(pair, fields) for pair in zip(SRC, TGT)]
        return Dataset(examples, fields)

    def test_a_course_moves_over(self):
        dataset = self.dataset()
        for name in ("src", "trg"):
            dataset.fields[name].build_vocab(dataset, min_freq=1)
        theirs = [dataset.fields[name].vocab for name in ("src", "trg")]
        ours = [Vocabulary.from_torchtext(vocab) for vocab in theirs]
        corpus = corpus_from_torchtext(dataset)
        (batch,) = make_batches(corpus, *ours, batch_size=3, bucket=False)
        src, lengths = dataset.fields["src"].process([e.src for e in dataset])
        trg, _ = dataset.fields["trg"].process([e.trg for e in dataset])
        assert torchtext_ids(theirs[0], ours[0])[batch.src].equal(src)
        assert batch.src_lengths.equal(lengths)
        ids = torchtext_ids(theirs[1], ours[1])
        # Theirs is <sos> ... <eos> in one tensor; where ours feeds <eos>'s column it has padding.
        assert ids[batch.tgt_out].equal(trg[:, 1:])
        assert ids[batch.tgt_in][batch.tgt_mask].equal(trg[:, :-1][batch.tgt_mask])

    def test_buckets_hold_the_same_ids(self):
        from torchtext.data import BucketIterator

        dataset = self.dataset()
        corpus = corpus_from_torchtext(dataset)
        ours = Vocabulary.build(corpus.src_sentences), Vocabulary.build(corpus.tgt_sentences)
        for name, vocab in zip(("src", "trg"), ours):
            dataset.fields[name].vocab = vocab.to_torchtext()
        batches = BucketIterator(dataset, batch_size=2, sort_key=lambda e: len(e.src), train=False)
        rows = []
        for batch in batches:
            ids, lengths = batch.src
            rows += [row[:n].tolist() for row, n in zip(ids, lengths)]
            assert all((row[n:] == PAD_ID).all() for row, n in zip(ids, lengths))
        assert sorted(rows) == sorted(ours[0].encode(pair.src) for pair in corpus)

    def test_translation_dataset(self, tmp_path):
        from torchtext.datasets import TranslationDataset

        (tmp_path / "train.de").write_text("\n".join(SRC), encoding="utf-8")
        (tmp_path / "train.en").write_text("\n".join(TGT), encoding="utf-8")
        dataset = TranslationDataset(str(tmp_path / "train"), (".de", ".en"), self.fields())
        assert corpus_from_torchtext(dataset) == corpus_from_torchtext(zip(SRC, TGT))

    def test_its_splits_are_a_corpus_by_name(self, tmp_path):
        from torchtext.datasets import TranslationDataset

        for name, lines in (("train", slice(None)), ("val", slice(2)), ("test", slice(1))):
            (tmp_path / f"{name}.de").write_text("\n".join(SRC[lines]), encoding="utf-8")
            (tmp_path / f"{name}.en").write_text("\n".join(TGT[lines]), encoding="utf-8")
        splits = TranslationDataset.splits(
            path=str(tmp_path), exts=(".de", ".en"), fields=self.fields(),
            train="train", validation="val", test="test",
        )  # fmt: skip
        dataset = dict(zip(("train", "valid", "test"), splits))
        sizes = [len(load_corpus("torchtext", split, dataset=dataset)) for split in dataset]
        assert sizes == [3, 2, 1]
        corpus = load_corpus("torchtext", "train", dataset=dataset, size=2)
        assert corpus.src_sentences == [tuple(line.split()) for line in SRC[:2]]

    def test_counted_vocabularies_of_the_old_kind(self):
        counted = Counter({"selten": 1, "oft": 5, "b": 3, "a": 3})
        special = ["<unk>", "<pad>", "<sos>", "<eos>"]
        for first in (True, False):
            theirs = vocab_module.Vocab(
                counted.copy(), min_freq=2, specials=special, specials_first=first
            )
            assert Vocabulary.from_torchtext(theirs).tokens[4:] == ("oft", "a", "b")

    def test_a_field_is_no_vocabulary(self):
        field, _ = self.fields()
        field.build_vocab([["a"]])
        with pytest.raises(TypeError, match="but a Field.*take its .vocab"):
            Vocabulary.from_torchtext(field)


@needs_later
class TestLaterVersion:
    """torchtext 0.18: vocabularies from an iterator, datasets as data pipes."""

    def test_a_vocabulary_from_an_iterator(self):
        theirs = vocab_module.build_vocab_from_iterator(
            [line.split() for line in TGT], specials=["<unk>", "<pad>", "<bos>", "<eos>"]
        )
        theirs.set_default_index(theirs["<unk>"])
        ours = Vocabulary.from_torchtext(theirs)
        assert list(ours.tokens[4:]) == theirs.get_itos()[4:]
        line = ["a", "dog", "nie gesehen"]
        ids = torchtext_ids(theirs, ours)
        assert ids[torch.tensor(ours.encode(line))].tolist() == theirs(line)

    def test_a_transform_reads_ours(self):
        from torchtext.transforms import VocabTransform

        ours = Vocabulary.build([line.split() for line in TGT])
        line = ["a", "dog", "nie gesehen"]
        assert VocabTransform(ours.to_torchtext())([line]) == [ours.encode(line)]

    def test_a_data_pipe(self):
        from torch.utils.data.datapipes.iter import IterableWrapper

        pipe = IterableWrapper(list(zip(SRC, TGT))).shuffle().set_shuffle(False)
        corpus = corpus_from_torchtext(pipe, name="multi30k", split="valid")
        assert [" ".join(pair.src) for pair in corpus] == SRC
        assert [" ".join(pair.tgt) for pair in corpus] == TGT
        assert (corpus.name, corpus.split) == ("multi30k", "valid")

    def test_a_function_of_the_split_is_a_corpus_by_name(self):
        from torch.utils.data.datapipes.iter import IterableWrapper
        from torchtext.datasets import Multi30k

        def dataset(root="", split=("train", "valid", "test"), language_pair=("de", "en")):
            assert language_pair == ("de", "en")
            return IterableWrapper({"train": [], "valid": list(zip(SRC, TGT))}[split])

        assert list(inspect.signature(dataset).parameters) == list(
            inspect.signature(Multi30k).parameters
        )
        corpus = load_corpus("torchtext", "valid", dataset=dataset)
        assert [" ".join(pair.tgt) for pair in corpus] == TGT


@pytest.mark.parametrize(
    "dataset",
    [
        list(zip(SRC, TGT)),
        zip(SRC, TGT),
        [(f"{s}\n", f" {t}") for s, t in zip(SRC, TGT)],
        [[s.split(), tuple(t.split())] for s, t in zip(SRC, TGT)],
        [{"src": s, "trg": t} for s, t in zip(SRC, TGT)],
        [SimpleNamespace(src=s.split(), trg=t.split()) for s, t in zip(SRC, TGT)],
    ],
    ids=["pairs", "iterator", "lines", "tokens", "mappings", "examples"],
)
def test_every_kind_of_dataset(dataset):
    corpus = corpus_from_torchtext(dataset)
    assert corpus.src_sentences == [tuple(line.split()) for line in SRC]
    assert corpus.tgt_sentences == [tuple(line.split()) for line in TGT]


def test_fields_of_other_names_and_tokenizers():
    corpus = corpus_from_torchtext(
        [SimpleNamespace(de="ab c", en="x y")],
        src="de",
        tgt="en",
        src_tokenizer=CharacterTokenizer(),
    )
    assert corpus[0][:2] == (("a", "b", " ", "c"), ("x", "y"))


class TestBadInput:
    def test_no_vocabulary(self):
        with pytest.raises(TypeError, match="no torchtext vocabulary but a dict: .*itos"):
            Vocabulary.from_torchtext({"a": 0})

    @every_shape
    def test_a_name_that_it_does_not_have(self, make):
        with pytest.raises(ValueError, match="no token '<go>' to take for <bos>"):
            Vocabulary.from_torchtext(make(["<unk>", "a"]), bos="<go>")

    @every_shape
    def test_our_name_for_another_token(self, make):
        with pytest.raises(ValueError, match="'<bos>' besides '<go>', which is to be our '<bos>'"):
            Vocabulary.from_torchtext(make(["<unk>", "<go>", "<bos>"]), bos="<go>")

    @pytest.mark.parametrize("make", [OldShape, LaterShape])
    def test_no_unknown_token(self, make):
        with pytest.raises(ValueError, match="has no <unk>: say with unk="):
            torchtext_ids(make(["<pad>", "a"]), Vocabulary(["a"]))
        ids = torchtext_ids(make(["<pad>", "a"]), Vocabulary(["a", "b"]), unk="<pad>")
        assert ids.tolist() == [0, 0, 0, 0, 1, 0]

    @pytest.mark.parametrize("error", [ImportError, OSError])
    def test_torchtext_is_missing_or_does_not_load(self, error, monkeypatch):
        class Broken:
            def find_spec(self, name, *rest):
                if name.startswith("torchtext"):
                    raise error("not here")

        for name in [name for name in sys.modules if name.split(".")[0] == "torchtext"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
        with pytest.raises(ImportError, match=r"s2s-tutorial\[torchtext\]"):
            Vocabulary(["a"]).to_torchtext()

    @pytest.mark.parametrize("item", [("a", "b", "c"), "ab", 3, {"src": "a"}])
    def test_no_pair(self, item):
        with pytest.raises(TypeError, match="item 1 of the dataset is neither a pair nor"):
            corpus_from_torchtext([("a", "b"), item])

    def test_an_empty_sentence(self):
        with pytest.raises(ValueError, match="item 1 of the dataset has an empty sentence"):
            corpus_from_torchtext([("a", "b"), ("a", " \n")])

    def test_an_empty_dataset(self):
        with pytest.raises(ValueError, match="the corpus is empty"):
            corpus_from_torchtext([])


class TestByName:
    """``load_corpus("torchtext", split, dataset=...)``."""

    DATASET = {"train": list(zip(SRC, TGT)), "test": [("ein Haus", "a house")]}

    def test_a_dict_and_a_function_give_the_same(self):
        for split in self.DATASET:
            corpus = load_corpus("torchtext", split, dataset=self.DATASET)
            assert (corpus.name, corpus.split) == ("torchtext", split)
            asked = load_corpus("torchtext", split, dataset=lambda split: iter(self.DATASET[split]))
            assert asked[:] == corpus[:]

    def test_options(self):
        examples = {"train": [SimpleNamespace(de=s, en=t) for s, t in zip(SRC, TGT)]}
        corpus = load_corpus(
            "torchtext", dataset=examples, src="en", tgt="de", size=2,
            tokenizer=("whitespace", "character"),
        )  # fmt: skip
        assert corpus.src_sentences == [("a", "man", "walks"), ("a", "woman")]
        assert corpus[1].tgt == tuple(SRC[1])

    @pytest.mark.parametrize(
        "error, message, options",
        [
            (TypeError, "'torchtext' needs the option 'dataset'", {}),
            (TypeError, "takes no option 'fields'", {"dataset": DATASET, "fields": 2}),
            (TypeError, "a dict with the dataset of each split, .* not list", {"dataset": [1]}),
            (ValueError, "asks for more than there is: 'torchtext' has 3", {"size": 4}),
            (ValueError, "the corpus is empty", {"dataset": {"train": []}}),
            (TypeError, "item 0 .* neither a pair", {"dataset": {"train": [("a", "b", "c")]}}),
            (
                ValueError,
                "item 1 .* empty sentence",
                {"dataset": {"train": [("a", "b"), ("", "c")]}},
            ),
        ],
    )
    def test_bad_input(self, error, message, options):
        if "size" in options:
            options = {"dataset": self.DATASET, **options}
        with pytest.raises(error, match=message):
            load_corpus("torchtext", **options)

    def test_a_split_that_is_not_there(self):
        with pytest.raises(ValueError, match="no 'valid' split, only 'train', 'test'; its keys"):
            load_corpus("torchtext", "valid", dataset=self.DATASET)

    def test_the_command_line_has_no_such_corpus(self):
        assert "torchtext" not in list_corpora()
        with pytest.raises(ValueError, match="there is no corpus 'torchtext'"):
            maker_of("torchtext")
