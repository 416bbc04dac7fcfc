"""Corpora made from a seed, in seconds and without a network. Open :mod:`symbols` first."""
