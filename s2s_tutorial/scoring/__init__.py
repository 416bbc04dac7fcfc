"""How good a model is: the loss, and the measures of the field. Open :mod:`loss` first."""
