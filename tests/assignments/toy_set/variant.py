"""What a seed chooses in the toy set."""


def choose(rng):
    return {"number": rng.randrange(5, 1000)}
