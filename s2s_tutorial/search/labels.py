"""The labels of a tagger or classifier: there is nothing to search for, each is the most probable."""

from __future__ import annotations

from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import inference
from s2s_tutorial.search.decoded import Decoded
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.vocabulary import SPECIALS


def predict_labels(model: Labeller, batches: Batches) -> Decoded:
    """The most probable labels of a whole corpus, in the corpus's own order.

    $$ \\hat y_i = \\arg\\max_y\\, p(y_i = y \\mid x) $$

    over the labels alone: a special token is none.

    Args:
        model: a :class:`Tagger` or :class:`Classifier`, on any device.
        batches: from :func:`make_batches` with ``targets=model.targets``, without ``max_length``.

    Returns:
        A :class:`Decoded`; entry k belongs to pair k of the corpus. Its ``scores`` are the labels'
        summed log-probabilities, its ``weights`` ``(tgt_len, src_len)`` each, or None.

    Raises:
        TypeError: if the model writes sentences.
        ValueError: if the batches leave pairs out, or their targets are of another kind.

    Example:
        >>> pairs = [s2s.Pair(("so", "good"), ("positive",)), s2s.Pair(("bad",), ("negative",))]
        >>> src_vocab = s2s.Vocabulary(["so", "good", "bad"])
        >>> labels = s2s.Vocabulary(["negative", "positive"])
        >>> model = s2s.build_classifier(len(src_vocab), len(labels), 3, 5)
        >>> batches = s2s.make_batches(pairs, src_vocab, labels, batch_size=2, targets="labels")
        >>> found = predict_labels(model, batches)
        >>> [len(ids) for ids in found.ids], tuple(found.weights[0].shape)
        ([1, 1], (1, 2))
    """
    if not isinstance(model, Labeller):
        raise TypeError(
            f"a {type(model).__name__} writes sentences: decode_corpus or greedy_decode finds them"
        )
    if not isinstance(batches, Batches):
        raise TypeError(f"batches must be what make_batches gives, not {type(batches).__name__}")
    if batches.targets != model.targets:
        raise ValueError(
            f"batches has {batches.targets} for targets, but a {type(model).__name__} needs "
            f"{model.targets}: make_batches(..., targets={model.targets!r})"
        )
    if batches.dropped:
        raise ValueError(
            f"these batches leave out {batches.dropped} long pairs, so no order can be kept; "
            "make them without max_length"
        )
    device = next(model.parameters()).device
    found: list[tuple] = []
    with inference(model):
        for batch in batches:
            batch = batch.to(device)
            output = model(batch.src, batch.src_lengths)
            log_probabilities = output.logits.float().log_softmax(dim=-1)
            best = log_probabilities[..., len(SPECIALS) :].max(dim=-1)
            for row, index in enumerate(batch.indices.tolist()):
                real, words = batch.tgt_mask[row], int(batch.src_lengths[row])
                ids = (best.indices[row][real] + len(SPECIALS)).tolist()
                score = best.values[row][real].sum().item()
                weights = None if output.weights is None else output.weights[row][real][:, :words]
                found.append((index, ids, score, weights))
    found.sort(key=lambda row: row[0])
    _, ids, scores, weights = map(list, zip(*found))
    return Decoded(ids, scores, None if weights[0] is None else weights)
