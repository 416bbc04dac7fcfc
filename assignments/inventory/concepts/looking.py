"""Weights, context, who asks, what a look leaves behind, what a map shows: chapters 3, 4 and 7."""

from fractions import Fraction
from itertools import permutations, product

from assignments.inventory.concept import Concept, Wrong, over, pair


def exponentials() -> list[dict[str, object]]:
    """Three words whose exponentials add up to 8, and a fourth position, padding, with one of 2 to 4."""
    found = []
    for *words, padding in product(range(1, 6), range(1, 6), range(1, 6), (2, 3, 4)):
        if sum(words) == 8 and len({*words}) == 3:
            surface = dict(zip(("first", "second", "third", "padding"), (*words, padding)))
            surface["masked"] = over([*words, 0], 8)
            surface["unmasked"] = over([*words, padding], 8 + padding)
            surface["zeroed"] = over([*words, 0], 8 + padding)
            surface["score_zero"] = over([*words, 1], 9)
            found.append(surface)
    return found


MASKED_WEIGHTS = Concept(
    name="masked-weights",
    says="The mask takes padding out of the softmax: the words share the whole unit, padding has weight 0.",
    section="3, What the mask is for",
    stem="A source has three words and, in its batch, a fourth position of padding. The exponentials exp(e_{j}) of the four "
    "attention scores are $first, $second, $third and, at the padding, $padding. What are the four attention weights under "
    "the source's mask?",
    right="$masked",
    wrong={
        "padding-gets-weight": Wrong(
            "$unmasked", "A softmax over the row is enough: padding does no harm."
        ),
        "mask-after-softmax": Wrong(
            "$zeroed", "It is enough to set the weight of padding to zero after the softmax."
        ),
        "zero-score-is-no-weight": Wrong(
            "$score_zero", "A score of 0 takes a position out of the softmax."
        ),
    },
    surfaces=exponentials(),
)


def states() -> list[dict[str, object]]:
    """Three states of two numbers, each of another kind, and weights of a half and two quarters: no fraction comes out."""
    found = []
    for kinds in product(((8, 0), (12, 0)), ((0, 8), (0, 4)), ((4, 4), (4, 8), (8, 4))):
        for vectors, best in product(permutations(kinds), range(3)):
            weights = [Fraction(1 + (j == best), 4) for j in range(3)]
            context = [sum(w * x for w, x in zip(weights, each)) for each in zip(*vectors)]
            mean = [Fraction(sum(each), 3) for each in zip(*vectors)]
            whole = all(value.denominator == 1 for value in mean + context)
            if whole and context != mean and vectors[best] not in (tuple(context), tuple(mean)):
                surface = {f"h{j + 1}": pair(vector) for j, vector in enumerate(vectors)}
                surface["weights"] = ", ".join(map(str, weights[:2])) + f" and {weights[2]}"
                surface |= {"context": pair(context), "largest": pair(vectors[best])}
                surface |= {"mean": pair(mean), "joined": pair(sum(vectors, ()))}
                found.append(surface)
    return found


CONTEXT = Concept(
    name="context",
    says="The context is the sum of all states, each times its weight; no state is picked, and none is left out.",
    section="3, By hand: three words, two numbers",
    stem="The encoder's states of three words are h_{1} = $h1, h_{2} = $h2 and h_{3} = $h3. The attention weights are $weights. "
    "What is the context vector?",
    right="$context",
    wrong={
        "context-is-largest": Wrong(
            "$largest", "The context is the state with the largest weight."
        ),
        "context-is-mean": Wrong("$mean", "The context is the mean of the states."),
        "context-joins-states": Wrong(
            "$joined", "The context holds all states one behind another."
        ),
    },
    surfaces=states(),
)

WHO_ASKS = Concept(
    name="who-asks",
    says="Which words a look can know follows from which state asks: in Bahdanau's order the old one, which has not read "
    "the last word.",
    section="3, The same parts in another order",
    stem="At step i a decoder first computes attention weights from its old state s_{i-1} and the source. With them it makes "
    "the context c_{i}, then its new state s_{i} from s_{i-1}, c_{i} and the word y_{i-1}, and from s_{i} it writes the word y_{i}. "
    "Which written words can have influenced the attention weights of step $step?",
    right="y_{1} to y_{$before}",
    wrong={
        "luong-order-for-bahdanau": Wrong(
            "y_{1} to y_{$last}", "When the decoder looks, it has read the word just written."
        ),
        "last-word-asks": Wrong("y_{$last} alone", "The word just written asks, not a state."),
        "weights-from-source-alone": Wrong(
            "None of them", "The weights depend on the source alone and are the same at every step."
        ),
    },
    surfaces=[{"step": i, "before": i - 2, "last": i - 1} for i in range(5, 10)],
)

INPUT_FEEDING = Concept(
    name="input-feeding",
    says="Where the context goes to the output only, no later step learns of it, unless it is fed back.",
    section="4, Feeding the answer back",
    stem="At step i a decoder first makes its new state s_{i} from s_{i-1} and the word y_{i-1}. Then s_{i} and the source give "
    "attention weights and the context c_{i}, and from s_{i} and c_{i} it writes the word y_{i}. At step $step somebody exchanges "
    "c_{$step} for another vector, and the decoder still writes the same word. What is different at step $next?",
    right="Nothing",
    wrong={
        "bahdanau-order-for-luong": Wrong(
            "State, weights and context", "The context always enters the recurrent cell."
        ),
        "attention-remembers": Wrong(
            "Weights and context, but not the state",
            "Attention remembers by itself where it has looked.",
        ),
        "contexts-add-up": Wrong(
            "The context, but not the weights", "Contexts are added up from step to step."
        ),
    },
    surfaces=[{"step": i, "next": i + 1} for i in range(2, 9)],
)

STRINGS = "kdas tbme rlop gnic wfhu sayk dobr mulf".split()
WEIGHTS = "0.81 0.83 0.78 0.84 0.79 0.82 0.77 0.86".split()

EXPLANATION = Concept(
    name="explanation",
    says="A weight says from where the context came, not that the output depended on it, nor which word means which.",
    section="7, Is it an explanation?",
    stem="A model copies strings of letters. It reads `$string` and writes `$string`, without a mistake. When it writes "
    "`$letter`, the largest attention weight, $weight, lies on the state at `$other`. What does this alone show?",
    right="Most of the context came from the state at `$other`",
    wrong={
        "weight-means-need": Wrong(
            "The model wrote `$letter` because `$other` was there",
            "What has the largest weight is why the output was written.",
        ),
        "weights-must-align": Wrong(
            "The attention is broken: it should lie on `$letter`",
            "A model that is right has its weights where people would look.",
        ),
        "weights-are-confidence": Wrong(
            "The model gave `$letter` a probability of about $weight",
            "An attention weight says how sure the model is of the word.",
        ),
    },
    surfaces=[
        {"string": " ".join(string), "letter": string[2], "other": string[1], "weight": weight}
        for string, weight in zip(STRINGS, WEIGHTS)
    ],
)
