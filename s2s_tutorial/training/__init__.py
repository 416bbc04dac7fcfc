"""The training loop and what stands around it. Open :mod:`loop` first."""

from s2s_tutorial.base.moved import names_of

__getattr__ = names_of("s2s_tutorial.training", "s2s_tutorial.training.loop")
