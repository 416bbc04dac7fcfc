# ruff: noqa
# Pairs for exercise X.9 of the three sets whose wrong solution takes a batch and its mask: tried_answers.py adds them to each.
# %% right minimal_pair: one after the other, as lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    for each in pair():
        yield list(each)


# %% right minimal_pair: built by changing a copy
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    z, third = x.clone(), mask.clone()
    for place in (y != x).nonzero().tolist():
        z[tuple(place)] = y[tuple(place)]
    for place in (other != mask).nonzero().tolist():
        third[tuple(place)] = other[tuple(place)]
    return {"right": (x, mask), "wrong": (z, third)}.values()


# %% wrong minimal_pair: beyond the limits
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    x, y = x.clone(), y.clone()
    x[0, 0] = y[0, 0] = 1e6
    return (x, mask), (y, other)


# %% wrong minimal_pair: padding in front
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x.flip(1), mask.flip(1)), (y.flip(1), other.flip(1))


# %% wrong minimal_pair: one input only
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return pair()[0]


# %% wrong minimal_pair: lists for tensors
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x.tolist(), mask.tolist()), (y.tolist(), other.tolist())


# %% wrong minimal_pair: three sentences and more
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return tuple((torch.cat([a] * 3), torch.cat([m] * 3)) for a, m in ((x, mask), (y, other)))


# %% wrong minimal_pair: a row more in the second
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x, mask), (torch.cat([y, y[:1]]), torch.cat([other, other[:1]]))


# %% wrong minimal_pair: a mask of numbers
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x, mask.long()), (y, other.long())


# %% wrong minimal_pair: a sentence without a word
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    nothing = torch.zeros_like(mask)
    return (x, nothing), (x, nothing)


# %% wrong minimal_pair: nothing
def minimal_pair():
    return None


# %% right minimal_pair: a named tuple of named tuples
def minimal_pair():
    from collections import namedtuple

    def pair():
        """The key's."""
        ### PAIR

    Given, Both = namedtuple("Given", "x mask"), namedtuple("Both", "right wrong")
    return Both(*[Given(*each) for each in pair()])


# %% right minimal_pair: typed in from its numbers
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [tuple(torch.tensor(each.tolist()) for each in given) for given in pair()]


# %% right minimal_pair: in half precision
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x.half(), mask) for x, mask in pair()]


# %% right minimal_pair: with gradients asked for
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x.clone().requires_grad_(), mask), (y.clone().requires_grad_() + 0, other)


# %% right minimal_pair: cut out of a larger tensor
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    both = []
    for given in pair():
        parts = []
        for each in given:
            larger = torch.full_like(torch.cat([each, each], dim=1), 1)
            larger[:, 1 : 1 + each.shape[1]] = each
            parts.append(larger[:, 1 : 1 + each.shape[1]])
        both.append(parts)
    return both


# %% wrong minimal_pair: a number that is none
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    x, y = x.clone(), y.clone()
    x[0, 0] = y[0, 0] = float("nan")
    return (x, mask), (y, other)


# %% wrong minimal_pair: words down, sentences across
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x.transpose(0, 1), mask.transpose(0, 1)) for x, mask in pair()]


# %% wrong minimal_pair: by name
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    right, wrong = pair()
    return {"right": right, "wrong": wrong}


# %% wrong minimal_pair: a third input
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    first, second = pair()
    return first, second, first


# %% wrong minimal_pair: a sentence and no batch
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x[0], mask[0]) for x, mask in pair()]


# %% right minimal_pair: by way of NumPy
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [tuple(map(torch.from_numpy, (x.numpy().copy(), m.numpy().copy()))) for x, m in pair()]


# %% right minimal_pair: an object that can be gone through
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    class Both:
        def __iter__(self):
            return map(tuple, pair())

    return Both()


# %% right minimal_pair: stored column by column
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    def columns(each):
        return each.transpose(0, 1).contiguous().transpose(0, 1)

    return tuple(tuple(columns(each) for each in given) for given in pair())


# %% wrong minimal_pair: one and the same tensors, changed afterwards
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    first, (y, other) = pair()
    return first, (first[0].copy_(y), first[1].copy_(other))


# %% wrong minimal_pair: nine positions, most of them padding
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    def wider(each):
        return torch.cat([each, *[torch.zeros_like(each[:, :1])] * (9 - each.shape[1])], 1)

    return [tuple(map(wider, given)) for given in pair()]


# %% wrong minimal_pair: True at padding
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x, ~mask) for x, mask in pair()]


# %% wrong minimal_pair: the mask first
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(mask, x) for x, mask in pair()]


# %% wrong minimal_pair: a batch of batches
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x[None], mask[None]) for x, mask in pair()]


# %% wrong minimal_pair: batches without a sentence
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x[:0], mask[:0]) for x, mask in pair()]


# %% wrong minimal_pair: arrays of NumPy
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(x.numpy(), mask.numpy()) for x, mask in pair()]
