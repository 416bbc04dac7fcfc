"""Sources that are frames: from pairs to batches, to a loss, and to a decoded corpus."""

import numpy as np
import pytest
import torch

import s2s_tutorial as s2s
from s2s_tutorial.text.frames import check_frames, pad_frames

LENGTHS, SIZE = [7, 2, 5, 3, 11], 3


def corpus(size=SIZE, seed=0):
    rng = np.random.default_rng(seed)
    pairs = [
        s2s.Pair(rng.standard_normal((n, size)).astype(np.float32), ("a",) * (1 + n % 3))
        for n in LENGTHS
    ]
    return s2s.ParallelCorpus(pairs, "noise")


VOCAB = s2s.Vocabulary(["a", "b"])


def batches(batch_size=2, pairs=None, **options):
    return s2s.make_batches(pairs or corpus(), None, VOCAB, batch_size, **options)


def test_frames_are_padded_with_zeros_and_masked():
    ids, lengths, mask = pad_frames([pair.src for pair in corpus()])
    assert ids.shape == (5, 11, SIZE) and ids.dtype == torch.float32
    assert lengths.tolist() == LENGTHS and mask.sum(dim=1).tolist() == LENGTHS
    for row, pair in enumerate(corpus()):
        assert torch.equal(ids[row, : LENGTHS[row]], torch.from_numpy(pair.src))
        assert (ids[row, LENGTHS[row] :] == 0).all()


def test_every_pair_comes_once_and_whole():
    seen = {}
    for batch in batches(shuffle=True, seed=3):
        for row, index in enumerate(batch.indices.tolist()):
            seen[index] = batch.src[row, : batch.src_lengths[row]].numpy()
            assert batch.tgt_mask[row].sum() == len(corpus()[index].tgt) + 1
    assert sorted(seen) == list(range(5))
    for index, src in seen.items():
        np.testing.assert_array_equal(src, corpus()[index].src)


def test_the_description_tells_other_frames_apart():
    found = [batches(pairs=corpus(seed=seed)).description() for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_longest_and_left_out():
    assert batches().longest_source == 11
    assert batches(max_length=5).dropped == 2


def test_corpora_of_frames_compare_by_their_numbers():
    assert corpus() == corpus() and hash(corpus()) == hash(corpus())
    assert corpus() != corpus(seed=1) and corpus()[:2] != corpus()[1:3]


def test_a_model_that_reads_tokens_is_told():
    model = s2s.build_model("gru", 7, len(VOCAB))
    with pytest.raises(TypeError, match="sources of these batches are frames.*feature_size=3"):
        s2s.evaluate(model, batches())
    with pytest.raises(TypeError, match="frames.*feature_size=3"):
        s2s.decode_corpus(model, batches(), 5)


def test_a_model_that_reads_frames_is_told():
    model = s2s.build_model("gru", None, len(VOCAB), feature_size=SIZE)
    tokens = s2s.make_batches([(["a"], ["b"])], VOCAB, VOCAB, 1)
    with pytest.raises(TypeError, match="are tokens, but the model reads frames"):
        s2s.evaluate(model, tokens)
    with pytest.raises(ValueError, match="frames of 5 numbers, but the model reads 3"):
        s2s.evaluate(model, batches(pairs=corpus(size=5)))


def test_it_trains_goes_on_and_decodes(tmp_path):
    model = s2s.build_model("location_aware", None, len(VOCAB), 4, 5, feature_size=SIZE)
    path = tmp_path / "run.safetensors"
    config = s2s.TrainConfig(4, 1e-2, evaluate_every=2, checkpoint=path, progress=False)
    history = s2s.fit(model, batches(), batches(), config)
    assert len(history.batch_loss) == 4 and np.isfinite(history.batch_loss).all()
    again = s2s.fit(model, batches(), batches(), config, resume=True)
    assert again.batch_loss == history.batch_loss
    with pytest.raises(s2s.CheckpointError, match="batches"):
        s2s.fit(model, batches(pairs=corpus(seed=1)), batches(), config, resume=True)
    decoded = s2s.decode_corpus(model.cpu(), batches(), 5)
    assert [w.shape[1] for w in decoded.weights] == [-(-n // 4) for n in LENGTHS]


@pytest.mark.parametrize(
    ("src", "error", "message"),
    [
        (
            ["a", "b"],
            TypeError,
            "NumPy array of frames, not a list; sentences of tokens need a src",
        ),
        (np.zeros((4, 3), dtype=int), TypeError, "floating-point numbers, not int64"),
        (np.zeros(4), ValueError, r"\(length, feature_size\), but its shape is \(4,\)"),
        (np.zeros((4, 3, 1)), ValueError, r"its shape is \(4, 3, 1\)"),
        (np.zeros((0, 3)), ValueError, "source sentence of row 1 is empty"),
        (np.full((4, 3), np.nan), ValueError, "damaged: its frame 0 holds NaN or infinity"),
        (np.zeros((4, 5)), ValueError, "frames of 5 numbers, those before have 3"),
    ],
)
def test_damaged_frames_are_named(src, error, message):
    good = corpus()[0]
    with pytest.raises(error, match=message) as caught:
        batches(pairs=[good, s2s.Pair(src, ("a",))])
    assert "the source sentence of row 1" in str(caught.value)


def test_one_bad_frame_is_found():
    frames = np.zeros((4, 3))
    frames[2, 1] = np.inf
    with pytest.raises(ValueError, match="x is damaged: its frame 2"):
        check_frames(frames, "x")


def test_frames_without_saying_so():
    with pytest.raises(TypeError, match="must be a list of tokens, not a ndarray"):
        s2s.make_batches(corpus(), VOCAB, VOCAB, 2)
    with pytest.raises(TypeError, match="tgt_vocab must be a Vocabulary"):
        s2s.make_batches(corpus(), None, None, 2)


def test_a_task_of_frames():
    task = s2s.Task.load("spoken_digits", {"train": 20, "valid": 4, "test": 4})
    assert task.src_vocab is None and "aɪ" in task.tgt_vocab
    model, history = task.fit("bahdanau", 0, 2, 1e-2, embedding_size=3, hidden_size=5)
    assert len(history.batch_loss) == 2 and 0 <= task.exact_match(model) <= 1
