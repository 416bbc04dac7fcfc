"""From probabilities to a translation. Open :mod:`greedy` first, then :mod:`beam`."""

from s2s_tutorial.base.moved import names_of

__getattr__ = names_of("s2s_tutorial.search", "s2s_tutorial.search.corpus")
