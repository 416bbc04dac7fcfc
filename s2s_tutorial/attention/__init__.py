"""Attention: a query is scored against keys, and the weights weigh the values.

Open :mod:`base` first (masked softmax, context), then :mod:`scores`.
"""

from s2s_tutorial.base.moved import names_of

__getattr__ = names_of("s2s_tutorial.attention", "s2s_tutorial.attention.base")
