"""Checkpoints: one safetensors file, its JSON in the header. No pickle, so safe to open."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint_file import CheckpointError, check_file_name, packed, unpacked
from s2s_tutorial.saving.checkpoint_model import as_saved, build_anew, differences, modules
from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary


@dataclass
class Checkpoint:
    """What :func:`load_checkpoint` found.

    Attributes:
        model: the model with the saved weights.
        src_vocab: the source vocabulary, if one was saved.
        tgt_vocab: the target vocabulary, if one was saved.
        tensors: further tensors by name (the optimiser's, in a training checkpoint).
        info: further JSON (the step, the history).

    Example:
        >>> import tempfile
        >>> vocab = Vocabulary(["a", "b"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model = s2s.build_model("gru", 6, 6)
        ...     save_checkpoint(f"{folder}/m.safetensors", model, vocab, vocab)
        ...     found = load_checkpoint(f"{folder}/m.safetensors")
        >>> found.model.config["preset"], found.tgt_vocab.decode([4, 5])
        ('gru', ['a', 'b'])
    """

    model: Seq2Seq
    src_vocab: Vocabulary | None = None
    tgt_vocab: Vocabulary | None = None
    tensors: dict[str, Tensor] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)


def save_checkpoint(
    path: str | Path,
    model: Seq2Seq,
    src_vocab: Vocabulary | None = None,
    tgt_vocab: Vocabulary | None = None,
    tensors: dict[str, Tensor] | None = None,
    info: dict[str, Any] | None = None,
) -> None:
    """Save a model, and all that is needed to use it, in one file.

    With it goes a sha256 of its content, which loading compares: a file that was altered or
    damaged on its way is refused, and never translates a little worse.

    Args:
        path: the file, by custom ``something.safetensors``. An existing one is replaced only
            once the new one is complete.
        model: the model; its ``config`` is saved with its weights.
        src_vocab: the vocabularies that its ids refer to.
        tgt_vocab: likewise.
        tensors: anything else to keep, by name.
        info: anything else to keep that JSON can say.

    Raises:
        OSError: if the path cannot be written; nothing is changed then.
        TypeError: if JSON cannot say the model's ``config``.
        ValueError: if its name is not UTF-8, so that safetensors could not open it again.

    >>> import tempfile
    >>> model = s2s.build_model("gru", src_vocab_size=5, tgt_vocab_size=6)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(f"{folder}/m.safetensors", model, info={"step": 7})
    ...     load_checkpoint(f"{folder}/m.safetensors").info
    {'step': 7}
    """
    check_file_name(path)
    write_atomically(path, checkpoint_bytes(model, src_vocab, tgt_vocab, tensors, info))


def checkpoint_bytes(
    model: Seq2Seq,
    src_vocab: Vocabulary | None = None,
    tgt_vocab: Vocabulary | None = None,
    tensors: dict[str, Tensor] | None = None,
    info: dict[str, Any] | None = None,
) -> bytes:
    """What :func:`save_checkpoint` writes into the file."""
    header = {
        "config": as_saved(model.config),
        "src_vocab": None if src_vocab is None else list(src_vocab.tokens[len(SPECIALS) :]),
        "tgt_vocab": None if tgt_vocab is None else list(tgt_vocab.tokens[len(SPECIALS) :]),
        "info": info or {},
        "modules": modules(model),
    }
    everything = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    everything |= {f"extra.{name}": tensor for name, tensor in (tensors or {}).items()}
    return packed(header, everything)


def check_vocabularies(
    model: Seq2Seq, src_vocab: Vocabulary | None, tgt_vocab: Vocabulary | None
) -> None:
    """Raise ValueError unless the vocabularies given are those the model was built for.

    They have its sizes, and are one and the same where it shares its embeddings or copies words.
    """
    for side, vocab in (("src", src_vocab), ("tgt", tgt_vocab)):
        size = getattr(model, "config", {}).get(f"{side}_vocab_size")
        if None not in (vocab, size) and len(vocab) != size:
            raise ValueError(
                f"{side}_vocab has {len(vocab)} tokens, but the model was built for {size}; "
                "they do not belong together"
            )
    shares = getattr(model, "config", {}).get("share_embeddings")
    copies = getattr(model, "copies", False)
    if (shares or copies) and None not in (src_vocab, tgt_vocab) and src_vocab != tgt_vocab:
        does = "shares its embeddings between source and target" if shares else "copies words"
        raise ValueError(
            f"the model {does}, so both need one vocabulary: "
            "Vocabulary.build([*src_sentences, *tgt_sentences])"
        )


def load_checkpoint(path: str | Path, model: Seq2Seq | None = None) -> Checkpoint:
    """Load what :func:`save_checkpoint` saved, onto the CPU.

    Args:
        path: the file.
        model: a model to load the weights into; None builds the model anew, by its
            configuration and with weights of the saved type.

    Returns:
        A :class:`Checkpoint`.

    Raises:
        FileNotFoundError: if there is no such file.
        CheckpointError: if the file is damaged, is no checkpoint of ours, belongs to a
            model of another configuration (the message lists the differences), or to one that
            ``build_model`` did not make, and none is given. A given ``model`` is left untouched
            then.

    Example:
        >>> import tempfile
        >>> model = s2s.build_model("gru", src_vocab_size=5, tgt_vocab_size=7)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_checkpoint(f"{folder}/m.safetensors", model)
        ...     copy = load_checkpoint(f"{folder}/m.safetensors").model
        >>> all(torch.equal(a, b) for a, b in zip(copy.parameters(), model.parameters()))
        True
    """
    header, tensors = unpacked(Path(path))
    config = header["config"]
    given = config if model is None else as_saved(model.config)
    if given != config:
        raise CheckpointError(f"{path} holds another model: {differences(config, given)}")
    try:
        vocabularies = [
            None if header[name] is None else Vocabulary(header[name])
            for name in ("src_vocab", "tgt_vocab")
        ]
        built = model or build_anew(header)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be used here: {error}") from error
    weights = {n[len("model.") :]: t for n, t in tensors.items() if n.startswith("model.")}
    expected = {name: tuple(t.shape) for name, t in built.state_dict().items()}
    saved = {name: tuple(t.shape) for name, t in weights.items()}
    if expected != saved and model is not None:
        raise CheckpointError(
            f"{path} does not hold the weights of the model given: {differences(saved, expected)}"
        )
    if expected != saved:
        raise CheckpointError(
            f"{path} does not hold the weights that its configuration asks for; "
            "was it written by another version?"
        )
    if model is None:
        for name, own in built.state_dict(keep_vars=True).items():
            own.data = own.data.to(weights[name].dtype)
    built.load_state_dict(weights)
    extra = {n[len("extra.") :]: t for n, t in tensors.items() if n.startswith("extra.")}
    return Checkpoint(built, *vocabularies, tensors=extra, info=header["info"])
