"""Recurrent cells: one update of the state, and stacks of layers. Open :mod:`cells` first."""
