"""Batches, the bottleneck, teacher forcing: chapters 1 and 2."""

from fractions import Fraction
from itertools import product

from assignments.inventory.concept import Concept, Wrong, number

FINAL_STATE = Concept(
    name="final-state",
    says="An encoder's final state is the state after the sentence's last word, not after the row's last column.",
    section="1, First: the encoder reads on",
    stem="A sentence of $words words stands in a batch, filled up with `<pad>` to $columns columns. A recurrent encoder reads "
    "the row from left to right. Which state stands for the sentence, if its translation must not depend on the other "
    "sentences of the batch?",
    right="The state after word $words",
    wrong={
        "last-column-is-last-token": Wrong(
            "The state after column $columns",
            "The last column of the row is the end of the sentence.",
        ),
        "zero-input-keeps-the-state": Wrong(
            "The state after word $words or after column $columns: they are equal",
            "Padding is zero, so it does not change a state.",
        ),
        "state-is-mean-of-columns": Wrong(
            "The mean of the states after all $columns columns",
            "A mean over the row evens padding out.",
        ),
    },
    surfaces=[
        {"words": words, "columns": columns}
        for words in range(3, 7)
        for columns in range(words + 3, 10)
    ],
)

SENTENCES = """Be careful Thomas; She reads books; We sleep here; They saw Anna; He sings well; You ran home;
    Call your brother; Birds fly south"""

SHIFT = Concept(
    name="shift",
    says="The decoder says the row that it is fed moved by one word, and `<eos>` follows the last word, before the padding.",
    section="1, Where a sentence begins and ends",
    stem="In training a decoder is fed the row `<bos> $sentence <pad> <pad>`. Which row should it learn to say, position by "
    "position?",
    right="`$sentence <eos> <pad> <pad>`",
    wrong={
        "eos-ends-the-row": Wrong(
            "`$sentence <pad> <pad> <eos>`",
            "`<eos>` belongs at the end of the row, behind the padding.",
        ),
        "no-shift-needed": Wrong(
            "`<bos> $sentence <pad> <pad>`",
            "The decoder learns to say the word that it is fed.",
        ),
        "the-end-needs-no-token": Wrong(
            "`$sentence <pad> <pad> <pad>`",
            "Padding says that the sentence is over; `<eos>` need not be learned.",
        ),
    },
    surfaces=[{"sentence": " ".join(each.split())} for each in SENTENCES.split(";")],
)


def losses() -> list[dict[str, object]]:
    """A batch of few words and an easy loss, and one of three times as many: all four averages can be had in the head."""
    found = []
    for few, (low, high) in product((2, 4, 5), ((1, 3), (2, 4), (3, 5))):
        many, columns = 3 * few, 4 * few
        total = few * low + many * high
        surface = {"few": few, "many": many, "columns": columns}
        surface |= {"few_loss": few * low, "many_loss": many * high}
        surface["per_token"] = number(Fraction(total, few + many))
        surface["of_means"] = number(Fraction(low + high, 2))
        surface["over_cells"] = number(Fraction(total, 2 * columns))
        surface["sum_of_means"] = number(low + high)
        found.append(surface)
    return found


LOSS_PER_TOKEN = Concept(
    name="loss-per-token",
    says="The loss of a corpus is one sum over real tokens and one division, however it was cut into batches.",
    section="1, Third: the mean of means",
    stem="A test set was scored in two batches. The first has $few real tokens, whose losses add up to $few_loss; the second "
    "has $many real tokens, whose losses add up to $many_loss. With padding each batch has $columns cells. What is the loss "
    "per token of the test set?",
    right="$per_token",
    wrong={
        "mean-of-means": Wrong("$of_means", "The mean of the batches' means is the mean."),
        "padding-counts-as-tokens": Wrong(
            "$over_cells", "A loss is divided by all cells, padding among them."
        ),
        "means-add-up": Wrong("$sum_of_means", "The means of batches add up to that of the whole."),
    },
    surfaces=losses(),
)

ONE_VECTOR = Concept(
    name="one-vector",
    says="Without attention the decoder gets one vector, as large for a long sentence as for a short one.",
    section="2, Two networks and one vector",
    stem="An encoder-decoder without attention has a GRU of $units units as its encoder. It reads a sentence of $short words "
    "and then one of $long words. How many numbers does it hand to the decoder for the first sentence, how many for the "
    "second?",
    right="$units, and $units",
    wrong={
        "all-states-cross": Wrong(
            "$all_short, and $all_long", "The decoder gets the states of all words."
        ),
        "vectors-grow-with-the-sentence": Wrong(
            "$units, and $double",
            "A sentence of twice the length makes a vector of twice the size.",
        ),
        "a-number-a-word": Wrong("$short, and $long", "Each word is one number of the vector."),
    },
    surfaces=[
        {
            "units": units,
            "short": short,
            "long": 2 * short,
            "double": 2 * units,
            "all_short": units * short,
            "all_long": 2 * units * short,
        }
        for units in (20, 30, 40, 50, 60)
        for short in (8, 9, 11, 12)
    ],
)

CONTINUED = """She reads books/sings; He drinks tea/eats; We found Anna/saw; They sold chairs/made; You wrote letters/sent;
    Birds eat seeds/fly"""

TEACHER_FORCING = Concept(
    name="teacher-forcing",
    says="Training feeds the reference's word whatever the model would have said; translating feeds the model's own.",
    section="2, Training hands over the true word, inference does not",
    stem="The reference is *$first $true $last*. After *$first* the model finds *$own* most probable. Which word does the "
    "decoder read next: in training with teacher forcing, and in greedy translation?",
    right="In training *$true*, in translation *$own*",
    wrong={
        "training-feeds-own-words": Wrong(
            "*$own* in both", "In training, too, the decoder reads what it has said."
        ),
        "translation-feeds-the-reference": Wrong(
            "*$true* in both", "In translation, too, the decoder reads the true word."
        ),
        "forcing-is-for-translation": Wrong(
            "In training *$own*, in translation *$true*",
            "Teacher forcing guides the translation; training runs freely.",
        ),
    },
    surfaces=[
        dict(zip(("first", "true", "last", "own"), each.replace("/", " ").split()))
        for each in CONTINUED.split(";")
    ],
)
