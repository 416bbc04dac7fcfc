"""Word vectors that others have learned, as GloVe, fastText and word2vec write them in text."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary


class Coverage(NamedTuple):
    """How much of a vocabulary has a vector.

    Attributes:
        found: tokens that have one.
        tokens: tokens that could, the four special ones not counted.
    """

    found: int
    tokens: int

    def __str__(self) -> str:
        return f"{self.found:,} of {self.tokens:,} tokens have a vector"


@torch.no_grad()
def load_embeddings(embedding: nn.Embedding, vocab: Vocabulary, path: str | Path) -> Coverage:
    """Put pretrained vectors into an embedding; tokens that have none keep what they had.

    The file is text in UTF-8, a token and its numbers on each line, with spaces between them; a
    first line of two whole numbers (fastText's and word2vec's: how many, how long) is passed over,
    and a name in ``.gz`` is unpacked on the way. A token that is not in the file as it is written
    takes the vector of its lower-case form, if that is there. Training goes on changing the
    vectors; ``embedding.weight.requires_grad_(False)`` keeps them.

    Args:
        embedding: ``model.encoder.embedding`` or ``model.decoder.embedding``, for instance.
        vocab: its vocabulary.
        path: the file. It is read line by line, so its size does not matter.

    Returns:
        How many of the vocabulary's tokens have a vector now.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the vocabulary is not of the embedding's size, the file's vectors are of
            another length, a line is no token with numbers, or no token of the vocabulary is in
            it. The embedding is as it was.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "vectors.txt"
    >>> _ = path.write_text("casa 0.5 -1.0\\ncane 0.25 2.0\\n")
    >>> vocab, embedding = Vocabulary(["Casa", "gatto"]), nn.Embedding(6, 2)
    >>> print(load_embeddings(embedding, vocab, path))
    1 of 2 tokens have a vector
    >>> embedding.weight[vocab.encode(["Casa"])[0]].tolist()
    [0.5, -1.0]
    """
    if embedding.num_embeddings != len(vocab):
        raise ValueError(
            f"the vocabulary has {len(vocab)} tokens, but the embedding {embedding.num_embeddings}"
        )
    ordinary = vocab.tokens[len(SPECIALS) :]
    wanted = set(ordinary) | {token.lower() for token in ordinary}
    vectors = {
        token: _numbers(numbers, embedding.embedding_dim, path, line)
        for line, token, numbers in _lines(Path(path))
        if token in wanted
    }
    rows = {
        token_id: vectors.get(token) or vectors[token.lower()]
        for token_id, token in enumerate(ordinary, start=len(SPECIALS))
        if token in vectors or token.lower() in vectors
    }
    if not rows:
        raise ValueError(f"{path} has a vector for none of the vocabulary's {len(ordinary)} tokens")
    weight = embedding.weight
    weight[list(rows)] = torch.tensor(list(rows.values()), dtype=weight.dtype, device=weight.device)
    return Coverage(len(rows), len(ordinary))


def _lines(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Of each line its number, token and numbers as text."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                token, *numbers = line.decode("utf-8").rstrip("\r\n ").split(" ")
                if number > 1 or len(numbers) != 1 or not (token + numbers[0]).isdecimal():
                    yield number, token, numbers
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise ValueError(
            f"{path} is not text in UTF-8; vectors in a binary form (.bin) have to be saved as text"
        ) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path} is not a whole gzip file ({error}); copy or download it again"
        ) from error


def _numbers(texts: list[str], size: int, path: str | Path, line: int) -> list[float]:
    """A line's vector.

    Raises:
        ValueError: if it is of another length than the embedding's, or holds no numbers.
    """
    try:
        vector = [float(text) for text in texts]
    except ValueError:
        raise ValueError(f"{path}, line {line}: after the token stand not only numbers") from None
    if len(vector) != size:
        raise ValueError(
            f"{path}, line {line}: its vectors have {len(vector)} numbers, but the embedding has "
            f"{size}; build the model with embedding_size={len(vector)}"
        )
    return vector
