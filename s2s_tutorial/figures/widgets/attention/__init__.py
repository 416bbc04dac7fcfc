"""The attention explorer. Open :mod:`explorer` first."""
