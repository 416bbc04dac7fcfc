"""Chapter 8's own checks, and what they are tried on: copies of a model with one part changed."""

import ast
import copy
import functools

import torch
from places import ROOT

import s2s_tutorial as s2s

NOTEBOOK = ROOT / "chapters" / "08_bug_zoo.ipynb"
PARTIALS = {"close", "free_running"}  # functions that an assignment makes
SIZES = {"train": 60, "valid": 20, "test": 40}


def definitions(source):
    """The imports, functions and classes of a cell, without what it computes."""
    for node in ast.parse(source).body:
        made = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in PARTIALS
        if made or isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
            yield node


def passes(check, *arguments):
    try:
        check(*arguments)
    except AssertionError:
        return False
    return True


def caught(check, disguises):
    """Those that the check lets through."""
    assert len(disguises) >= 3
    return [name for name, arguments in disguises.items() if passes(check, *arguments)]


def with_part(model, *, encoder=None, decoder=None, attention=None):
    """A copy of a model, one part of which has the methods of a subclass."""
    model = copy.deepcopy(model)
    parts = (model.encoder, encoder), (model.decoder, decoder), (model.decoder.attention, attention)
    for part, kind in parts:
        if kind:
            part.__class__ = kind
    return model


def changed(base, **methods):
    return type("Disguise", (base,), methods)


def encoding(change):
    """An encoder whose output is changed."""

    def forward(self, src, src_lengths):
        return change(s2s.Encoder.forward(self, src, src_lengths))

    return changed(s2s.Encoder, forward=forward)


def keys_from(change):
    """The general score with changed keys."""
    right = s2s.GeneralAttention.project_keys
    return changed(s2s.GeneralAttention, project_keys=lambda self, m: change(right(self, m)))


def aligned(change):
    """The general score with another way from scores to weights."""

    def align(self, query, keys, mask, position, previous_weights):
        return change(self.score(query, keys), mask)

    return changed(s2s.GeneralAttention, align=align)


def stepping(change):
    """Luong's decoder with another step; ``forward`` is as it was."""

    def step(self, token, state, encoded, keys=None):
        return change(functools.partial(s2s.LuongDecoder.step, self), token, state, encoded, keys)

    return changed(s2s.LuongDecoder, step=step)


def all_real(encoded):
    return encoded._replace(src_mask=torch.ones_like(encoded.src_mask))


def unmasked_step(step, token, state, encoded, keys):
    return step(token, state, all_real(encoded), keys)


def sentences(*texts):
    return [s2s.Pair(tuple(text.split()), ("x",)) for text in texts]
