"""The recipes whose translations are scored: what is trained, on what, and how."""

from __future__ import annotations

# No dropout, no smoothing, plain Adam: what a first tutorial trains.
PLAIN = {
    "batch_size": 128,
    "epochs": 6,
    "train": {"learning_rate": 1e-3, "schedule": "constant", "clip": 1.0, "fused": True},
}
TUNED = {
    "batch_size": 128,
    "epochs": 18,
    "evaluate_epochs": 2,
    "train": {
        "learning_rate": 1.5e-3,
        "warmup_steps": 300,
        "clip": 1.0,
        "label_smoothing": 0.1,
        "betas": (0.9, 0.98),
        "fused": True,
    },
}
REGULARISED = {
    "dropout": 0.3,
    "word_dropout": 0.1,
    "embedding_size": 256,
    "tie_embeddings": True,
    "scale_embeddings": True,
    "readout_size": 256,
}
# As small as Wu et al. (2021) found best on this corpus: deeper and wider ones learn it by heart.
TINY_TRANSFORMER = {
    "dropout": 0.3,
    "embedding_size": 128,
    "hidden_size": 128,
    "heads": 4,
    "feedforward_size": 256,
    "num_layers": 4,
    "tie_embeddings": True,
}
ADDITIVE = {**REGULARISED, "attention_size": 256, "readout": "tanh"}

RECIPES = {
    "words": {
        "preset": "bahdanau",
        "units": "words",
        "model": {**ADDITIVE, "hidden_size": 384},
        **TUNED,
    },
    "subwords": {
        "preset": "bahdanau",
        "units": "subwords",
        "model": {**ADDITIVE, "hidden_size": 512},
        **TUNED,
    },
    "subwords, drawn anew": {
        "preset": "bahdanau",
        "units": "subwords",
        "vocabulary": {"alpha": 0.5},
        "model": {**ADDITIVE, "hidden_size": 512},
        **TUNED,
        "epochs": 24,
    },
    "transformer": {
        "preset": "transformer",
        "units": "subwords",
        "model": TINY_TRANSFORMER,
        **TUNED,
        "epochs": 30,
        "train": {**TUNED["train"], "learning_rate": 3e-3, "warmup_steps": 1000},
    },
    "plain": {
        "preset": "bahdanau",
        "units": "words",
        "model": {"embedding_size": 256, "hidden_size": 384, "attention_size": 256},
        **PLAIN,
    },
    "plain, no attention": {
        "preset": "gru",
        "units": "words",
        "model": {"embedding_size": 256, "hidden_size": 512},
        **PLAIN,
    },
}
