"""The figure of padding, mask and batches by length. Open :mod:`explorer` first."""
