# ruff: noqa
# Wrong solutions of exercise 1.4, one of which a course is given to explain in 2.9: each is right at some batches with padding.
# %% suspect zero_is_padding
# line: `real = (embedded[:, j] != 0).any(dim=1, keepdim=True)`
# belief: Padding is what is zero, and nothing else is: no word is embedded as zeros, and nothing but zeros ever stands at padding.
def suspect(embedded, mask, W_x, W_h, b):
    h = torch.zeros(len(embedded), len(b))
    memory = []
    for j in range(embedded.shape[1]):
        real = (embedded[:, j] != 0).any(dim=1, keepdim=True)
        new = (embedded[:, j] @ W_x.T + h @ W_h.T + b).tanh()
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, 0.0))
    return torch.stack(memory, dim=1), h


# %% pair zero_is_padding
def pair():
    mask = torch.tensor([[True, True, False]])
    return (
        (torch.tensor([[[1.0], [2.0], [0.0]]]), mask),
        (torch.tensor([[[1.0], [2.0], [3.0]]]), mask),
    )


# %% suspect first_decides
# line: `length = int(mask[0].sum())`
# belief: One number can be the length of a whole batch: all its sentences end where the first one ends.
def suspect(embedded, mask, W_x, W_h, b):
    length = int(mask[0].sum())
    h = torch.zeros(len(embedded), len(b))
    memory = torch.zeros(*mask.shape, len(b))
    for j in range(length):
        h = (embedded[:, j] @ W_x.T + h @ W_h.T + b).tanh()
        memory[:, j] = h
    return memory, h


# %% pair first_decides
def pair():
    embedded = torch.ones(2, 3, 1)
    return (
        (embedded, torch.tensor([[True, True, False], [True, True, False]])),
        (embedded, torch.tensor([[True, True, False], [True, False, False]])),
    )


# %% suspect longest_decides
# line: `for j in range(int(mask.sum(dim=1).max())):`
# belief: What a loop does beyond a sentence's end does no harm to it, as long as the loop ends with the longest sentence and
# the memory is set to zero afterwards: the last state of the loop is everybody's last state.
def suspect(embedded, mask, W_x, W_h, b):
    h = torch.zeros(len(embedded), len(b))
    memory = torch.zeros(*mask.shape, len(b))
    for j in range(int(mask.sum(dim=1).max())):
        h = (embedded[:, j] @ W_x.T + h @ W_h.T + b).tanh()
        memory[:, j] = h
    return memory.masked_fill(~mask[:, :, None], 0.0), h


# %% pair longest_decides
def pair():
    embedded = torch.ones(2, 3, 1)
    return (
        (embedded, torch.tensor([[True, True, False], [True, True, False]])),
        (embedded, torch.tensor([[True, True, False], [True, False, False]])),
    )


# %% suspect longest_first
# line: `going_on = int(mask[:, j].sum())`
# belief: The sentences of a batch are sorted, the longest first, so those that go on at step j are the first ones of the batch.
def suspect(embedded, mask, W_x, W_h, b):
    h = torch.zeros(len(embedded), len(b))
    memory = torch.zeros(*mask.shape, len(b))
    for j in range(embedded.shape[1]):
        going_on = int(mask[:, j].sum())
        new = (embedded[:going_on, j] @ W_x.T + h[:going_on] @ W_h.T + b).tanh()
        h = torch.cat([new, h[going_on:]])
        memory[:going_on, j] = new
    return memory, h


# %% pair longest_first
def pair():
    embedded = torch.ones(2, 3, 1)
    return (
        (embedded, torch.tensor([[True, True, False], [True, True, False]])),
        (embedded, torch.tensor([[True, True, False], [True, True, True]])),
    )


# %% suspect first_padding
# line: `lengths = mask.long().argmin(dim=1)`
# belief: The length of a sentence is the place of its first padding. (Where there is none, argmin finds the first of many
# equal numbers, place 0.)
def suspect(embedded, mask, W_x, W_h, b):
    lengths = mask.long().argmin(dim=1)
    h = torch.zeros(len(embedded), len(b))
    memory = []
    for j in range(embedded.shape[1]):
        real = (j < lengths)[:, None]
        new = (embedded[:, j] @ W_x.T + h @ W_h.T + b).tanh()
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, 0.0))
    return torch.stack(memory, dim=1), h


# %% pair first_padding
def pair():
    embedded = torch.ones(2, 3, 1)
    return (
        (embedded, torch.tensor([[True, True, False], [True, False, False]])),
        (embedded, torch.tensor([[True, True, True], [True, False, False]])),
    )
