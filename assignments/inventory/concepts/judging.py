"""Search, scores and seeds: chapters 6 and 9."""

from collections import Counter
from itertools import product

from assignments.inventory.concept import Concept, Wrong, number

TWO_WORDS = """Birds fly, Fish swim, Cats sleep; Rain falls, Snow melts, Wind blows; Lions roar, Dogs bark, Bees hum;
    Cars stop, Trains leave, Ships sail; Boys laugh, Girls dance, Men sing; Bells ring, Clocks tick, Doors creak"""
ENDS = (
    (1, 3, 7),
    (1, 3, 8),
    (2, 4, 7),
    (2, 4, 8),
)  # tenths: after 0.5, 0.3 and 0.2 each sentence beats the one before


def trees() -> list[dict[str, object]]:
    """Three first words with 0.5, 0.3 and 0.2, each with its best end: three searches find three sentences."""
    found = []
    for words, tenths in product(TWO_WORDS.split(";"), ENDS):
        surface = dict(zip("xyz", (number(each / 10) for each in tenths)))
        for name, sentence in zip("abc", words.split(",")):
            surface[name] = " ".join(sentence.split())
            surface[f"{name}1"], surface[f"{name}2"] = sentence.split()
        found.append(surface)
    return found


BEAM = Concept(
    name="beam",
    says="A beam of k keeps k beginnings: more than greedy search, and less than all, so it can miss the most probable.",
    section="6, Three ways to search",
    stem="A model writes sentences of two words. As the first word *$a1* has the probability 0.5, *$b1* 0.3 and *$c1* 0.2. The "
    "most probable second word is *$a2* after *$a1* with $x, *$b2* after *$b1* with $y, and *$c2* after *$c1* with $z. Which "
    "sentence does greedy search find, and which one a beam of two?",
    right="Greedy search *$a*, the beam *$b*",
    wrong={
        "beam-keeps-the-first-word": Wrong(
            "Both *$a*",
            "The first word is settled once it is chosen, in a beam as in greedy search.",
        ),
        "beam-finds-the-most-probable": Wrong(
            "Greedy search *$a*, the beam *$c*",
            "A beam finds the most probable sentence there is.",
        ),
        "greedy-finds-the-best": Wrong(
            "Both *$c*", "Every search finds the most probable sentence."
        ),
    },
    surfaces=trees(),
)

MODEL_ERROR = Concept(
    name="model-error",
    says="A search can only find what the model prefers; where the model prefers a worse translation, no search helps.",
    section="6, Whose mistake was it?",
    stem="With a beam of $beam a model writes a translation that lacks a word. The model gives it a log-probability of −$own, and "
    "the complete reference one of −$reference. There is no length penalty. Whose mistake is it?",
    right="The model's: a perfect search would not choose the reference either",
    wrong={
        "wrong-output-is-a-search-error": Wrong(
            "The search's: a perfect search would choose the reference",
            "A beam that is wide enough finds the right translation.",
        ),
        "probable-is-wanted": Wrong(
            "Nobody's: the more probable translation is the better one",
            "The model's probability is the quality of a translation.",
        ),
        "search-changes-the-model": Wrong(
            "Not known: in a wider beam the reference gets a larger probability",
            "The probability of a sentence depends on the search.",
        ),
    },
    surfaces=[
        {"beam": beam, "own": f"{own / 10:.1f}", "reference": f"{(own + more) / 10:.1f}"}
        for beam, own, more in product((4, 5, 6, 8), (52, 61, 64, 73), (17, 22, 26))
    ],
)

REPEATED = """she reads books at home/now; he writes letters at night/soon; they play chess on Sunday/again; you hear music from
    below/here; we drink tea with cold milk/again today; birds build nests under old roofs/now there; men sold fish by the
    harbour/here again; boys learn songs for our feast/there now"""


def repetitions() -> list[dict[str, object]]:
    """References of five or six words, and outputs that say the first two words twice and end in others."""
    found = []
    for each in REPEATED.split(";"):
        sentence, ends = each.split("/")
        reference = sentence.split()
        output = reference[:2] + reference[:3] + ends.split()
        clipped = sum((Counter(output) & Counter(reference)).values())
        known = sum(word in reference for word in output)
        types = len(set(output))
        found.append(
            {
                "output": " ".join(output),
                "reference": " ".join(reference),
                "clipped": f"{clipped}/{len(output)}",
                "unclipped": f"{known}/{len(output)}",
                "recall": f"{clipped}/{len(reference)}",
                "types": f"{clipped}/{types}",
            }
        )
    return found


BLEU = Concept(
    name="bleu",
    says="BLEU counts what of the output stands in the reference, no word more often than the reference has it.",
    section="6, How good? BLEU by hand",
    stem="BLEU multiplies precisions, of single words, pairs, triples and quadruples. The output is *$output*, the reference "
    "*$reference*. What is the precision of single words?",
    right="$clipped",
    wrong={
        "precision-without-clip": Wrong(
            "$unclipped", "Every word of the output that the reference has counts, however often."
        ),
        "precision-is-recall": Wrong(
            "$recall", "BLEU counts how much of the reference was written."
        ),
        "precision-of-types": Wrong("$types", "A word of the output counts once, above and below."),
    },
    surfaces=repetitions(),
)

SEEDS = Concept(
    name="seeds",
    says="Two means of a few seeds decide nothing by themselves: neither that one system is better nor that both are alike.",
    section="9, Four hundred and eighty differences",
    stem="Two systems were trained with three seeds each. The first gets $first of a hundred test sentences right, the second "
    "$second. What do these runs show?",
    right="Neither that one system is better nor that they are alike",
    wrong={
        "means-decide": Wrong(
            "The second is better: its mean is higher", "The system with the higher mean is better."
        ),
        "best-run-counts": Wrong(
            "The second is better: it has the best single run",
            "What a system can do is its best run.",
        ),
        "overlap-is-a-tie": Wrong(
            "They are alike: their ranges overlap", "Where ranges overlap, two systems are equal."
        ),
    },
    surfaces=[
        {
            "first": f"{low}, {low + spread} and {low + 2 * spread}",
            "second": f"{low + more}, {low + spread + more} and {low + 2 * spread + more + 1}",
        }
        for low, spread, more in product((62, 65, 68, 71, 74), (5, 6), (3, 4))
    ],
)
