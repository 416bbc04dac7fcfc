"""Figures the reader steps through: with a kernel, without one, and as a picture."""

from s2s_tutorial.figures.widgets.attention.explorer import AttentionExplorer
from s2s_tutorial.figures.widgets.batching.explorer import BatchExplorer
from s2s_tutorial.figures.widgets.beam.tree import BeamTree
from s2s_tutorial.figures.widgets.step_figure import StepFigure
from s2s_tutorial.figures.widgets.trace import (
    attention_orders,
    bahdanau_trace,
    encoder_decoder_trace,
    stacked_lstm_trace,
)

__all__ = [
    "AttentionExplorer",
    "BatchExplorer",
    "BeamTree",
    "StepFigure",
    "attention_orders",
    "bahdanau_trace",
    "encoder_decoder_trace",
    "stacked_lstm_trace",
]
