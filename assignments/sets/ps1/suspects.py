# ruff: noqa
# Wrong ways to average a loss (equation 1.3), one of which a course is given to explain in 1.9: each is right at some batches with padding.
# %% suspect mean_of_means
# line: `return float(means.mean())`
# belief: The mean of the sentences' means is the mean over their words: but then a word counts more the shorter its sentence is.
def suspect(losses, mask):
    totals = losses.masked_fill(~mask, 0.0).sum(dim=1)
    means = totals / mask.sum(dim=1)
    return float(means.mean())


# %% pair mean_of_means
def pair():
    losses = torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]])
    return (
        (losses, torch.tensor([[True, True, False], [True, True, False]])),
        (losses, torch.tensor([[True, True, False], [True, False, False]])),
    )


# %% suspect all_positions
# line: `return float(losses.mean())`
# belief: The mean of a batch is the mean of its rectangle, padding is a word like any other and does no harm.
def suspect(losses, mask):
    assert losses.shape == mask.shape
    return float(losses.mean())


# %% pair all_positions
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 3.0, 2.0]]), mask), (torch.tensor([[1.0, 3.0, 8.0]]), mask)


# %% suspect zero_is_padding
# line: `real = losses > 0`
# belief: The loss at padding is zero, and at a word it never is, so the mask is not needed.
def suspect(losses, mask):
    real = losses > 0
    return float(losses[real].sum() / real.sum())


# %% pair zero_is_padding
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 3.0, 0.0]]), mask), (torch.tensor([[1.0, 3.0, 5.0]]), mask)


# %% suspect first_decides
# line: `length = int(mask[0].sum())`
# belief: One number can be the length of a whole batch: all its sentences end where the first one ends.
def suspect(losses, mask):
    length = int(mask[0].sum())
    return float(losses[:, :length].mean())


# %% pair first_decides
def pair():
    losses = torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]])
    return (
        (losses, torch.tensor([[True, True, False], [True, True, False]])),
        (losses, torch.tensor([[True, True, False], [True, False, False]])),
    )


# %% suspect by_sentence
# line: `return float(totals.sum() / len(totals))`
# belief: The loss of a batch is a mean over its sentences: but a sentence twice as long has twice the loss, and says nothing worse of the model.
def suspect(losses, mask):
    totals = losses.masked_fill(~mask, 0.0).sum(dim=1)
    return float(totals.sum() / len(totals))


# %% pair by_sentence
def pair():
    losses = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    return (
        (losses, torch.tensor([[True, False], [True, False]])),
        (losses, torch.tensor([[True, False], [True, True]])),
    )


# %% suspect padding_in_the_sum
# line: `total = losses.sum()`
# belief: It is enough to count the real words below the line: above it padding adds nothing, since its loss is zero.
def suspect(losses, mask):
    total = losses.sum()
    return float(total / mask.sum())


# %% pair padding_in_the_sum
def pair():
    mask = torch.tensor([[True, True, False]])
    return (torch.tensor([[1.0, 3.0, 0.0]]), mask), (torch.tensor([[1.0, 3.0, 5.0]]), mask)
