"""Figures that follow one sentence: through the bottleneck, and through attention."""

from s2s_tutorial.widgets.trace.bahdanau import bahdanau_trace
from s2s_tutorial.widgets.trace.figure import encoder_decoder_trace

__all__ = ["bahdanau_trace", "encoder_decoder_trace"]
