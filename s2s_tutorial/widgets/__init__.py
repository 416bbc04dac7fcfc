"""Figures the reader steps through: with a kernel, without one, and as a picture."""

from s2s_tutorial.widgets.attention_explorer import AttentionExplorer
from s2s_tutorial.widgets.step_figure import StepFigure
from s2s_tutorial.widgets.trace import bahdanau_trace, encoder_decoder_trace

__all__ = ["AttentionExplorer", "StepFigure", "bahdanau_trace", "encoder_decoder_trace"]
