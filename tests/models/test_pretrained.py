"""Word vectors of others: the forms they come in, and what is said of those that do not fit."""

import gzip

import pytest
import torch
from torch import nn

from s2s_tutorial.models.pretrained import load_embeddings
from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary

VOCAB = Vocabulary(["casa", "Cane", "gatto", "."])
GLOVE = "casa 0.5 -1 2e-3\nuccello 7 7 7\ncane 0 1 2\nCane 3 4 5\n. 1 1 1\n"


def embedding(size=3):
    torch.manual_seed(0)
    return nn.Embedding(len(VOCAB), size, padding_idx=0)


@pytest.mark.parametrize("head", ["", "5 3\n"])
@pytest.mark.parametrize("ends", ["\n", " \n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_each_token_has_the_vector_of_its_name(tmp_path, head, ends, packed):
    data = (head + GLOVE).replace("\n", ends).encode()
    path = tmp_path / ("vectors.txt.gz" if packed else "vectors.vec")
    path.write_bytes(gzip.compress(data) if packed else data)
    before, after = embedding().weight.detach().clone(), embedding()
    assert load_embeddings(after, VOCAB, path) == (3, 4)
    first = len(SPECIALS)
    torch.testing.assert_close(after.weight[first], torch.tensor([0.5, -1, 2e-3]))
    assert after.weight[first + 1].tolist() == [3, 4, 5], "as it is written, before lower case"
    assert torch.equal(after.weight[:first], before[:first])
    assert torch.equal(after.weight[first + 2], before[first + 2]), "gatto is not in the file"
    assert after.weight.requires_grad


def test_a_capital_takes_the_lower_case_vector_where_it_has_none(tmp_path):
    (tmp_path / "v").write_text("cane 0 1 2\n")
    table = embedding()
    assert str(load_embeddings(table, VOCAB, tmp_path / "v")) == "1 of 4 tokens have a vector"
    assert table.weight[len(SPECIALS) + 1].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"casa 1 2\n", "line 1: its vectors have 2 numbers, .* embedding_size=2"),
        (b"uccello 1 2\ncasa 1 2 x\n", "line 2: .* not only numbers"),
        (b"uccello 1 2 3\n", "none of the vocabulary's 4 tokens"),
        (b"", "none of the vocabulary's 4 tokens"),
        (b"casa \xff\xfe\n", "saved as text"),
    ],
)
def test_what_does_not_fit_is_explained_and_changes_nothing(tmp_path, data, message):
    (tmp_path / "v").write_bytes(data)
    table = embedding()
    with pytest.raises(ValueError, match=message):
        load_embeddings(table, VOCAB, tmp_path / "v")
    assert torch.equal(table.weight, embedding().weight)


def test_a_file_that_is_not_there_or_cut_off_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*nowhere.txt"):
        load_embeddings(embedding(), VOCAB, tmp_path / "nowhere.txt")
    (tmp_path / "v.gz").write_bytes(gzip.compress(GLOVE.encode())[:-9])
    with pytest.raises(ValueError, match="not a whole gzip file"):
        load_embeddings(embedding(), VOCAB, tmp_path / "v.gz")


def test_another_vocabulary_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has 5 tokens, but the embedding 8"):
        load_embeddings(embedding(), Vocabulary(["casa"]), tmp_path / "never read")
