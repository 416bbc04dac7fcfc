"""From a string to a batch: tokens, their numbers, and rows padded to one length.

Open :mod:`vocabulary` first, then :mod:`batching` and :mod:`batches`.
"""

from s2s_tutorial.base.moved import names_of

__getattr__ = names_of("s2s_tutorial.text", "s2s_tutorial.text.tokenizers")
