"""Figures that follow one sentence: through the bottleneck, attention, a stack of layers."""

from s2s_tutorial.figures.widgets.trace.bahdanau import bahdanau_trace
from s2s_tutorial.figures.widgets.trace.bottleneck import encoder_decoder_trace
from s2s_tutorial.figures.widgets.trace.orders import attention_orders
from s2s_tutorial.figures.widgets.trace.stacked import stacked_lstm_trace

__all__ = ["attention_orders", "bahdanau_trace", "encoder_decoder_trace", "stacked_lstm_trace"]
