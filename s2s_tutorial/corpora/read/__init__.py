"""Corpora read from files, the reader's own among them. Open :mod:`tsv` first."""
