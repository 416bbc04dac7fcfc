"""Readers of the five tasks' real formats: what they give, and what they say of a bad line."""

import gzip
import json

import pytest

import s2s_tutorial as s2s

CONLL = """-DOCSTART- -X- -X- O

EU NNP B-NP I-ORG
rejects VBZ B-VP O
German JJ B-NP I-MISC
call NN I-NP O

Peter NNP B-NP I-PER
Blackburn NNP I-NP I-PER
"""
PENN = """( (S
    (NP-SBJ-1 (NNP Mr.) (NNP Vinken) )
    (VP (VBZ is)
      (NP-PRD (NP (NN chairman) )
        (PP (IN of) (NP (NNP Elsevier) ))))
    (NP (-NONE- *-1) )
    (. .) ))
(S (NP (PRP It)) (VP (VBZ works)))
"""
BABI = """1 Mary got the milk there.
2 Mary went to the hall.
3 Where is the milk?\thall\t1 2
4 Mary left.
5 What does Mary carry?\tmilk,apple\t1
1 John slept.
2 Who slept?\tJohn\t1
"""


def written(tmp_path, text, name="file.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return {"train": path}


def one_file(tmp_path, text):
    return written(tmp_path, text)["train"]


class TestLabelled:
    def test_label_and_text(self, tmp_path):
        path = written(tmp_path, "neg\tA dull film.\npos\tNot dull at all !\n")
        corpus = s2s.load_corpus("labelled", path=path)
        assert [pair.tgt for pair in corpus] == [("neg",), ("pos",)]
        assert corpus[0].src == ("A", "dull", "film", ".")

    def test_text_first_with_a_header_as_sst2_has_it(self, tmp_path):
        path = written(tmp_path, "sentence\tlabel\nhide new secretions \t0\n")
        (pair,) = s2s.load_corpus("labelled", path=path, label_first=False, header=True)
        assert pair == s2s.Pair(("hide", "new", "secretions"), ("0",))

    def test_packed(self, tmp_path):
        (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(b"1\tfine\n"))
        assert len(s2s.load_corpus("labelled", path={"train": tmp_path / "a.tsv.gz"})) == 1

    def test_one_file_is_dealt_out_by_text(self, tmp_path):
        path = one_file(tmp_path, "".join(f"{k % 2}\tfilm number {k}\n" for k in range(200)))
        parts = [
            s2s.load_corpus("labelled", split, path=path) for split in ("train", "valid", "test")
        ]
        assert sum(map(len, parts)) == 200
        assert len(parts[0]) > 130
        assert not set(parts[0].src_sentences) & set(parts[2].src_sentences)

    @pytest.mark.parametrize(
        ("text", "options", "message"),
        [
            ("1\tfine\nbad\n", {}, r"file.txt, line 2: 1 cell between '\\t', but line 1 has 2"),
            ("1\tfine\tx\n", {}, "file.txt, line 1: 3 cells between tabs, but a label and a text"),
            ("1\tfine\n \tbad\n", {}, "file.txt, line 2: the label is empty"),
            ("1\tfine\n0\t \n", {}, "file.txt, line 2: the text is empty"),
            (
                "pos\tfine\npso\tgood\n",
                {"labels": ["pos", "neg"]},
                "file.txt, line 2: unknown label 'pso'; the labels are pos, neg. Is the label the f",
            ),
            ("1\tfine\n", {"size": 3}, "size=3 asks for more than there is"),
            ("", {}, "is empty"),
        ],
    )
    def test_bad_lines(self, text, options, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            s2s.load_corpus("labelled", path=written(tmp_path, text), **options)


class TestConll:
    def test_columns_and_iob1(self, tmp_path):
        corpus = s2s.load_corpus("conll", path=written(tmp_path, CONLL))
        assert corpus[0].src == ("EU", "rejects", "German", "call")
        assert corpus[0].tgt == ("B-ORG", "O", "B-MISC", "O")
        assert corpus[1].tgt == ("B-PER", "I-PER")
        assert len(corpus) == 2

    def test_another_column_and_the_list(self, tmp_path):
        path = written(tmp_path, CONLL)
        chunks = s2s.load_corpus("conll", path=path, tag_column=2)
        assert chunks[0].tgt == ("B-NP", "B-VP", "B-NP", "I-NP")
        listed = s2s.load_corpus("conll", path=path, form="list")
        assert " ".join(listed[1].tgt) == "PER Peter Blackburn ;"

    def test_it_trains_a_tagger(self, tmp_path):
        path = written(tmp_path, CONLL)["train"]
        task = s2s.Task.load("conll", path=dict.fromkeys(("train", "valid", "test"), path))
        model, _ = task.fit(s2s.build_tagger, 0, 30, 3e-2, embedding_size=5, hidden_size=7)
        tags = [task.tgt_vocab.decode(ids) for ids in task.decode(model).ids]
        assert s2s.entity_f1(tags, task.test.tgt_sentences).f1 == 1

    @pytest.mark.parametrize(
        ("text", "options", "message"),
        [
            (
                "Anna B-PER\nleft\n",
                {},
                "line 2: 'left' has 1 column, so there is no token_column 0",
            ),
            ("Anna PER\n", {}, "file.txt, line 1: the tag is 'PER'; tags are written O, B-LABEL"),
            (
                "a X O\n\nb X\n",
                {"tag_column": 2},
                "line 3: 'b X' has 2 columns, so there is no tag_",
            ),
            ("\n\n", {}, "has nothing for the 'train' split"),
        ],
    )
    def test_bad_lines(self, text, options, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            s2s.load_corpus("conll", path=written(tmp_path, text), **options)


class TestPenn:
    def test_phrases_without_functions_and_traces(self, tmp_path):
        corpus = s2s.load_corpus("penn", path=written(tmp_path, PENN))
        assert corpus[0].src == ("Mr.", "Vinken", "is", "chairman", "of", "Elsevier", ".")
        expected = "(S (NP XX XX ) (VP XX (NP (NP XX ) (PP XX (NP XX ) ) ) ) XX )"
        assert " ".join(corpus[0].tgt) == expected
        assert " ".join(corpus[1].tgt) == "(S (NP XX ) (VP XX ) )"
        assert [corpus[0].tgt[i] for _, i in sorted(corpus[0].alignment)] == ["XX"] * 7

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (PENN + "(S (NP (PRP It))\n", r"file.txt, line 9: the tree \(S ... is never closed; 1"),
            ("(S (NN a) (NN b))\n)", "file.txt, line 2: a bracket closes that none opened"),
            ("hello\n", "file.txt, line 1: 'hello' stands outside of a tree"),
            ("(NN cat)\n", "file.txt, line 1: the tree has a word at most, no phrase"),
        ],
    )
    def test_bad_brackets(self, text, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            s2s.load_corpus("penn", path=written(tmp_path, text))


class TestBabi:
    def test_facts_so_far_and_the_question(self, tmp_path):
        corpus = s2s.load_corpus("babi", path=written(tmp_path, BABI))
        assert " ".join(corpus[0].src) == (
            "Mary got the milk there . Mary went to the hall . Where is the milk ?"
        )
        assert corpus[0].tgt == ("hall",)
        assert {j for j, _ in corpus[0].alignment} == set(range(12))
        assert "Where" not in corpus[1].src  # a question is no fact
        assert corpus[1].tgt == ("milk", "apple")
        assert corpus[2].src == ("John", "slept", ".", "Who", "slept", "?")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Mary went.\n", "file.txt, line 1: 'Mary went.' does not begin with a number"),
            ("1 Mary went.\n3 John went.\n", "line 2: number 3 follows 1; a story counts on, or"),
            ("1 Where?\t\t1\n", "line 1: a question needs its answer and the numbers"),
            ("1 Mary went.\n2 Where?\thall\n", "line 2: a question needs its answer and the numb"),
            ("1 Mary went.\n2 Where?\thall\t7\n", "line 2: the supporting fact '7' is no fact of"),
        ],
    )
    def test_bad_lines(self, text, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            s2s.load_corpus("babi", path=written(tmp_path, text))


class TestDialogues:
    @staticmethod
    def line(*turns):
        return json.dumps({"turns": [dict(zip(("speaker", "text", "target"), t)) for t in turns]})

    def test_a_reply_for_each_turn_of_the_system(self, tmp_path):
        turns = [
            ("user", "hi"),
            ("system", "hello !"),
            ("user", "bye"),
            ("system", "so long", "END"),
        ]
        corpus = s2s.load_corpus("dialogues", path=written(tmp_path, self.line(*turns) + "\n\n"))
        assert [(" ".join(p.src), " ".join(p.tgt)) for p in corpus] == [
            ("user: hi", "hello !"),
            ("user: hi system: hello ! user: bye", "END"),
        ]

    def test_the_last_turns_alone_and_another_speaker(self, tmp_path):
        path = written(tmp_path, self.line(("a", "one"), ("b", "two"), ("a", "three")))
        assert s2s.load_corpus("dialogues", path=path, speaker="a", turns=1)[0].src == ("b:", "two")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{}\n", r"file.txt, line 1: no dialogue, which is written .* \(KeyError: 'turns'\)"),
            ("[1]\n", "line 1: no dialogue"),
            ('{"turns": [\n', r"line 1: no dialogue.*JSONDecodeError"),
            ('{"turns": 3}\n', "line 1: its turns must be a list, not 3"),
            ('{"turns": [{"text": "hi"}]}', "line 1: turn 0 needs a speaker, a text that is not"),
            ('{"turns": [{"speaker": "user", "text": " "}]}', "line 1: turn 0 needs a text"),
            ('{"turns": [3]}', "line 1: turn 0 needs a speaker"),
            ('{"turns": [{"speaker": "u", "text": "a", "target": 3}]}', "turn 0 needs a target"),
        ],
    )
    def test_bad_lines(self, text, message, tmp_path):
        with pytest.raises(ValueError, match=message):
            s2s.load_corpus("dialogues", path=written(tmp_path, text))


@pytest.mark.parametrize("name", ["labelled", "conll", "penn", "babi", "dialogues"])
def test_a_file_that_is_not_there(name, tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*gone.txt"):
        s2s.load_corpus(name, path=tmp_path / "gone.txt")
