"""SubwordTokenizer: nothing of the text is lost, the same pieces every time, errors in words."""

from __future__ import annotations

import builtins
import unicodedata

import pytest
import sentencepiece
import torch
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED
from small_subwords import LINES, MODELS, SIZE, TRAINED, both

from s2s_tutorial.text.subwords import SPACE, SubwordTokenizer
from s2s_tutorial.text.vocabulary import EOS_ID, SPECIALS, UNK_ID, Vocabulary

MULTI30K = SHARED / "multi30k/data/task1/tok"
SEED_11 = (
    "▁ein ▁m a nn ▁ g e h t ▁ m i t ▁ e i ne m ▁hund ▁s p a z i e r e n ▁ .",
    "▁ ei n ▁ m a n n ▁ g e h t ▁mit ▁ei ne m ▁ h u nd ▁s p a z i e r en ▁.",
)
texts = st.text(max_size=40).filter(lambda text: text.replace(SPACE, " ").strip())
sentences = st.lists(
    st.text("eimnadhugt.&ä☃<>" + SPACE, min_size=1, max_size=7), min_size=1, max_size=7
).map(" ".join)


def canonical(text):
    """What is promised to come back: composed, one space between words, the sign a space too."""
    return " ".join(unicodedata.normalize("NFC", text).replace(SPACE, " ").split())


@pytest.mark.parametrize("kind", MODELS)
@given(text=st.one_of(texts, sentences), data=st.data())
def test_the_text_comes_back(kind, text, data):
    tokenizer = TRAINED[kind]
    assert tokenizer.detokenize(tokenizer.tokenize(text)) == canonical(text)
    alpha = data.draw(st.floats(0, 1))
    drawn = tokenizer.tokenize(text, sample=True, alpha=alpha)
    assert tokenizer.detokenize(drawn) == canonical(text)


@pytest.fixture(scope="module")
def multi30k():
    if not MULTI30K.is_dir():
        pytest.skip(f"Multi30k is not in {MULTI30K}, where the tests look for real corpora")
    read = (MULTI30K / "train.lc.norm.tok.de").read_text(encoding="utf-8").splitlines()
    held_out = (MULTI30K / "val.lc.norm.tok.de").read_text(encoding="utf-8").splitlines()
    return read, held_out


@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
def test_multi30k_comes_back(kind, multi30k):
    train, valid = multi30k
    tokenizer = SubwordTokenizer.train(train[::5], 1500, kind)
    vocab = Vocabulary(tokenizer.pieces)
    assert len(tokenizer) == 1500 and len(vocab) == 1503
    unknown = 0
    for line in valid[::2] + train[1::60]:
        pieces = tokenizer.tokenize(line)
        assert tokenizer.detokenize(pieces) == line
        unknown += vocab.encode(pieces).count(UNK_ID)
        drawn = tokenizer.tokenize(line, sample=True)
        assert tokenizer.detokenize(drawn) == line
    words = Vocabulary.build([line.split() for line in train[::5]])
    unknown_words = sum(words.encode(line.split()).count(UNK_ID) for line in valid[::2])
    assert unknown <= 3 < 300 < unknown_words


@pytest.mark.parametrize("kind", MODELS)
def test_the_same_text_gives_the_same_pieces(kind, capfd):
    again = SubwordTokenizer.train(iter(LINES), SIZE, kind)
    assert again == TRAINED[kind] and hash(again) == hash(TRAINED[kind])
    assert again.to_bytes() == TRAINED[kind].to_bytes()
    assert capfd.readouterr() == ("", "")


def test_the_two_ways_differ():
    assert TRAINED["unigram"] != TRAINED["bpe"]
    assert TRAINED["bpe"] != TRAINED["bpe"].pieces


def test_unigram_finds_the_most_probable_way():
    # Kudo 2018, eq. 3, by trying every way of cutting.
    tokenizer = TRAINED["unigram"]
    processor = sentencepiece.SentencePieceProcessor()
    processor.LoadFromSerializedProto(tokenizer._model)
    scores = {piece: processor.GetScore(processor.PieceToId(piece)) for piece in tokenizer.pieces}

    def ways(text):
        if not text:
            yield 0.0, []
        for end in range(1, len(text) + 1):
            if text[:end] in scores:
                for score, rest in ways(text[end:]):
                    yield scores[text[:end]] + score, [text[:end], *rest]

    for word in ("hunden", "spielen", "geht mit", "schneemann"):
        _, best = max(ways(SPACE + word.replace(" ", SPACE)))
        assert tokenizer.tokenize(word) == best


def test_pieces_and_vocabulary():
    tokenizer = TRAINED["unigram"]
    assert len(tokenizer.pieces) == len(tokenizer) - 1 == len(set(tokenizer.pieces)) == SIZE - 1
    vocab = Vocabulary(tokenizer.pieces)
    assert vocab.tokens == (*SPECIALS, *tokenizer.pieces)
    used = Vocabulary.build(map(tokenizer.tokenize, LINES))
    assert set(used.tokens) <= set(vocab.tokens)
    pieces = tokenizer.tokenize(LINES[0])
    assert vocab.decode(vocab.encode(pieces)) == pieces and UNK_ID not in vocab.encode(pieces)


@both
def test_words_that_look_like_special_tokens_are_text(tokenizer):
    text = "mit <pad> <s> </s> <unk> <eos>"
    pieces = tokenizer.tokenize(text)
    assert not set(pieces) & {*SPECIALS, "<s>", "</s>"}
    assert tokenizer.detokenize(pieces) == text
    assert EOS_ID not in Vocabulary(tokenizer.pieces).encode(pieces)


def test_unknown_characters():
    tokenizer = TRAINED["bpe"]
    pieces = tokenizer.tokenize("ein ☃ hund")
    assert "☃" in pieces
    assert Vocabulary(tokenizer.pieces).encode(pieces).count(UNK_ID) == 1


def test_lower_case():
    tokenizer = SubwordTokenizer.train([line.upper() for line in LINES], SIZE, lowercase=True)
    assert tokenizer.detokenize(tokenizer.tokenize("Ein MÄNNERHUND")) == "ein männerhund"
    assert all(piece == piece.lower() for piece in tokenizer.pieces)
    # Capital H with a macron below has no sign of its own, its small letter has one.
    assert tokenizer.detokenize(tokenizer.tokenize("H\u0331")) == "\u1e96"


def test_normalization():
    text = "ＡＢＣ ﬁn"
    plain = SubwordTokenizer.train(["ABC fin", text], 12)
    assert plain.detokenize(plain.tokenize(text)) == text
    nfkc = SubwordTokenizer.train(["ABC fin", text], 9, normalization="nfkc")
    assert nfkc.detokenize(nfkc.tokenize(text)) == "ABC fin" == unicodedata.normalize("NFKC", text)


def test_long_sentences_are_not_left_out():
    long = " ".join(["zebra"] * 2000)
    assert len(long) > 4192  # SentencePiece's own limit
    tokenizer = SubwordTokenizer.train([long, "ab"], 12, "bpe")
    assert SPACE + "zebra" in tokenizer.tokenize("zebra")


def test_blank_lines_are_passed_over():
    assert SubwordTokenizer.train(["", *LINES, " \n"], SIZE) == TRAINED["unigram"]


class TestSampling:
    @both
    def test_many_spellings(self, tokenizer):
        torch.manual_seed(0)
        drawn = {tuple(tokenizer.tokenize("spielen im schnee", True, 0.3)) for _ in range(50)}
        assert len(drawn) > 4

    @both
    def test_the_seed_decides(self, tokenizer):
        def draw(seed):
            generator = torch.Generator().manual_seed(seed)
            return [tokenizer.tokenize(line, True, 0.4, generator) for line in LINES]

        assert draw(3) == draw(3) != draw(4)
        torch.manual_seed(3)
        first = [tokenizer.tokenize(line, True) for line in LINES]
        torch.manual_seed(3)
        assert first == [tokenizer.tokenize(line, True) for line in LINES]

    def test_without_sampling_no_number_is_drawn(self):
        state = torch.get_rng_state()
        assert len({tuple(TRAINED["unigram"].tokenize(LINES[0])) for _ in range(5)}) == 1
        assert torch.get_rng_state().equal(state)

    def test_bpe_leaves_out_nothing_or_everything(self):
        tokenizer = TRAINED["bpe"]
        assert tokenizer.tokenize(LINES[0], True, 0.0) == tokenizer.tokenize(LINES[0])
        letters = list(SPACE + LINES[0].replace(" ", SPACE))
        assert tokenizer.tokenize(LINES[0], True, 1.0) == letters

    @both
    def test_another_run_draws_the_same(self, tokenizer):
        # Draws depend on the seed and on nothing that differs from process to process.
        drawn = tokenizer.tokenize(LINES[0], True, 0.3, torch.Generator().manual_seed(11))
        assert " ".join(drawn) == SEED_11[tokenizer is TRAINED["bpe"]]

    @pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan"), float("inf")])
    def test_alpha(self, alpha):
        with pytest.raises(ValueError, match="alpha must be from 0 to 1"):
            TRAINED["bpe"].tokenize("ein", True, alpha)


class TestBadInput:
    def test_the_name_of_a_model_is_no_model(self, tmp_path):
        for name in ("de.model", tmp_path / "de.model"):
            with pytest.raises(
                TypeError, match="not of the name .*de.model.*SubwordTokenizer.load"
            ):
                SubwordTokenizer(name)

    @pytest.mark.parametrize("lines", [[], ["", "  "], [SPACE]])
    def test_nothing_to_learn_from(self, lines):
        with pytest.raises(ValueError, match="no sentences to learn pieces from"):
            SubwordTokenizer.train(lines, SIZE)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"sentences": "one string"}, TypeError, "many sentences, not the one string"),
            ({"sentences": [["a", "list"]]}, TypeError, "one text .str., not a list"),
            ({"vocab_size": 1}, ValueError, "vocab_size must be at least 2, not 1"),
            ({"vocab_size": 45.0}, TypeError, "vocab_size must be a whole number, not 45.0"),
            ({"vocab_size": True}, TypeError, "vocab_size must be a whole number"),
            ({"model_type": "wordpiece"}, ValueError, "no model_type 'wordpiece'.*unigram, bpe"),
            ({"normalization": "nfd"}, ValueError, "no normalization 'nfd'.*identity, nfkc"),
            ({"character_coverage": 0.5}, ValueError, "from 0.98 to 1, not 0.5"),
        ],
    )
    def test_training(self, arguments, error, message):
        with pytest.raises(error, match=message):
            SubwordTokenizer.train(**{"sentences": LINES, "vocab_size": SIZE} | arguments)

    @both
    def test_texts_and_tokens(self, tokenizer):
        with pytest.raises(ValueError, match="the text is empty"):
            tokenizer.tokenize("  ")
        with pytest.raises(TypeError, match="one text .str., not a list"):
            tokenizer.tokenize(["a", "list"])
        with pytest.raises(TypeError, match="list of tokens, not the string"):
            tokenizer.detokenize("ciao")
        assert tokenizer.detokenize([]) == ""

    def test_sentencepiece_is_missing(self, monkeypatch):
        real = builtins.__import__

        def without(name, *rest, **named):
            if name == "sentencepiece":
                raise ImportError("none here")
            return real(name, *rest, **named)

        content = TRAINED["bpe"].to_bytes()
        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(ImportError, match="pip install sentencepiece"):
            SubwordTokenizer.train(LINES, SIZE)
        with pytest.raises(ImportError, match="pip install sentencepiece"):
            SubwordTokenizer.from_bytes(content)
