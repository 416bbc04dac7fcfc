"""The figure of the bottleneck."""

from s2s_tutorial.widgets.trace.figure import encoder_decoder_trace

__all__ = ["encoder_decoder_trace"]
