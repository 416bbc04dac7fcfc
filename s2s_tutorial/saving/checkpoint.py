"""Checkpoints: one safetensors file, its JSON in the header. No pickle, so safe to open."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint_model import as_saved, build_anew, differences, modules
from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary

FORMAT = "s2s-tutorial checkpoint 1"


class CheckpointError(ValueError):
    """A file that is not a checkpoint, is damaged, or belongs to another model.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "m.safetensors").write_bytes(b"half a fi")
        ...     load_checkpoint(Path(folder, "m.safetensors"))
        Traceback (most recent call last):
        s2s_tutorial.saving.checkpoint.CheckpointError: ... is not a complete safetensors file ...
    """


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

    >>> import tempfile
    >>> model = s2s.build_model("gru", src_vocab_size=5, tgt_vocab_size=6)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(f"{folder}/m.safetensors", model, info={"step": 7})
    ...     load_checkpoint(f"{folder}/m.safetensors").info
    {'step': 7}
    """
    header = {
        "format": FORMAT,
        "config": as_saved(model.config),
        "src_vocab": None if src_vocab is None else list(src_vocab.tokens[len(SPECIALS) :]),
        "tgt_vocab": None if tgt_vocab is None else list(tgt_vocab.tokens[len(SPECIALS) :]),
        "info": info or {},
        "modules": modules(model),
    }
    everything = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    everything |= {f"extra.{name}": tensor for name, tensor in (tensors or {}).items()}
    content = {name: t.detach().cpu().contiguous().clone() for name, t in everything.items()}
    header["sha256"] = _digest(header, content)
    write_atomically(path, save(content, metadata={"s2s": json.dumps(header)}))


def check_vocabularies(
    model: Seq2Seq, src_vocab: Vocabulary | None, tgt_vocab: Vocabulary | None
) -> None:
    """Raise ValueError unless the vocabularies given are of the size the model was built for."""
    for side, vocab in (("src", src_vocab), ("tgt", tgt_vocab)):
        size = getattr(model, "config", {}).get(f"{side}_vocab_size")
        if None not in (vocab, size) and len(vocab) != size:
            raise ValueError(
                f"{side}_vocab has {len(vocab)} tokens, but the model was built for {size}; "
                "they do not belong together"
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
    header, tensors = _read(Path(path))
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


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise CheckpointError(
            f"{path} is not a complete safetensors file ({error}); "
            "if it was downloaded or copied, fetch it again"
        ) from error
    try:
        header = json.loads(metadata.get("s2s", "{}"))
    except (ValueError, RecursionError):
        header = {}
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} is a safetensors file but not one of our checkpoints; "
            "save_checkpoint writes those"
        )
    sound = all(isinstance(header.get(name), dict) for name in ("config", "info"))
    sound &= isinstance(header.get("modules", {}), dict)
    sound &= header.keys() >= {"src_vocab", "tgt_vocab"}
    saved = header.pop("sha256", None)  # files of older versions have none
    if not sound or saved not in (None, _digest(header, tensors)):
        raise CheckpointError(
            f"{path} is damaged: what it holds is not what was saved; if it was downloaded or "
            "copied, fetch it again"
        )
    return header, tensors


def _digest(header: dict[str, Any], tensors: dict[str, Tensor]) -> str:
    """The sha256 of all that a file holds."""
    digest = hashlib.sha256(json.dumps(header).encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].dtype} {tuple(tensors[name].shape)}".encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
