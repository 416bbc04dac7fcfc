"""The eighteen concepts, in the order of the book. A concept is data: see ``concept.py``."""

from assignments.inventory.concepts.judging import BEAM, BLEU, MODEL_ERROR, SEEDS
from assignments.inventory.concepts.looking import (
    CONTEXT,
    EXPLANATION,
    INPUT_FEEDING,
    MASKED_WEIGHTS,
    WHO_ASKS,
)
from assignments.inventory.concepts.reading import (
    FINAL_STATE,
    LOSS_PER_TOKEN,
    ONE_VECTOR,
    SHIFT,
    TEACHER_FORCING,
)
from assignments.inventory.concepts.stacking import (
    CAUSAL_MASK,
    CELL_GRADIENT,
    HAND_OVER,
    WHOM_IT_ASKS,
)

CONCEPTS = (
    FINAL_STATE,
    SHIFT,
    LOSS_PER_TOKEN,
    ONE_VECTOR,
    TEACHER_FORCING,
    MASKED_WEIGHTS,
    CONTEXT,
    WHO_ASKS,
    INPUT_FEEDING,
    CELL_GRADIENT,
    HAND_OVER,
    BEAM,
    MODEL_ERROR,
    BLEU,
    EXPLANATION,
    SEEDS,
    CAUSAL_MASK,
    WHOM_IT_ASKS,
)
