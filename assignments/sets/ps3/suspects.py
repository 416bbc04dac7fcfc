# ruff: noqa
# Wrong solutions of exercise 2.1, one of which a course is given to explain in 3.9: each is right at some rows with padding.
# %% suspect after_softmax
# line: `return scores.softmax(dim=1) * mask`
# belief: A weight of zero is all that padding should have: what the others lose to it in the softmax does not matter, or comes back.
def suspect(scores, mask):
    return scores.softmax(dim=1) * mask


# %% pair after_softmax
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 2.0, -90.0]]), mask), (torch.tensor([[1.0, 2.0, 2.0]]), mask)


# %% suspect score_zero
# line: `return (scores * mask).softmax(dim=1)`
# belief: A score of zero is no score: the exponential of 0 was taken for 0, and it is 1.
def suspect(scores, mask):
    return (scores * mask).softmax(dim=1)


# %% pair score_zero
def pair():
    mask = torch.tensor([[True, False]])
    return (torch.tensor([[30.0, 1.0]]), mask), (torch.tensor([[2.0, 1.0]]), mask)


# %% suspect zero_is_padding
# line: `real = scores != 0`
# belief: The score of padding is zero, since its embedding is, and no word has a score of zero: so the mask is not needed.
def suspect(scores, mask):
    real = scores != 0
    return scores.masked_fill(~real, -torch.inf).softmax(dim=1)


# %% pair zero_is_padding
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 2.0, 0.0]]), mask), (torch.tensor([[1.0, 2.0, 3.0]]), mask)


# %% suspect first_mask
# line: `e = (scores - highest).exp() * mask[0]`
# belief: A mask says which columns of the batch are padding, so one row of it is enough.
def suspect(scores, mask):
    highest = scores.masked_fill(~mask, -torch.inf).max(dim=1, keepdim=True).values
    e = (scores - highest).exp() * mask[0]
    return e / e.sum(dim=1, keepdim=True)


# %% pair first_mask
def pair():
    scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    return (
        (scores, torch.tensor([[True, True, False], [True, True, False]])),
        (scores, torch.tensor([[True, True, False], [True, False, False]])),
    )


# %% suspect highest_of_all
# line: `e = (scores - scores.max()).exp() * mask`
# belief: Which number is taken away before the exponential never matters, since it cancels: but the exponential of a number far below
# zero is rounded to 0, and then there is nothing left to divide.
def suspect(scores, mask):
    e = (scores - scores.max()).exp() * mask
    return e / e.sum(dim=1, keepdim=True)


# %% pair highest_of_all
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 2.0, 3.0]]), mask), (torch.tensor([[1.0, 2.0, 900.0]]), mask)


# %% suspect lowest_score
# line: `low = scores.min()`
# belief: The lowest score there is gets no weight: but a softmax knows differences only, and the lowest may be close to the others.
def suspect(scores, mask):
    low = scores.min()
    return scores.masked_fill(~mask, low).softmax(dim=1)


# %% pair lowest_score
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 2.0, -90.0]]), mask), (torch.tensor([[1.0, 2.0, 5.0]]), mask)
