"""The kit that the interactive figures are drawn with. Open :mod:`shapes` first."""
