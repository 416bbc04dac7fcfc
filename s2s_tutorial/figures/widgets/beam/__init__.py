"""The tree of a beam search. Open :mod:`tree` first."""
