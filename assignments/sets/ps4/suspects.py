# ruff: noqa
# Wrong solutions of exercise 3.7, one of which a course is given to explain in 4.9: each is right for some runs that scatter.
# %% suspect paired
# line: `differences = [x - y for x, y in zip(a, b)]`
# belief: Two models that were trained from the same seed are a pair, as one patient before and after: but a seed draws other numbers in
# another model, and runs that stand side by side in a list have nothing else in common.
def suspect(a, b):
    differences = [x - y for x, y in zip(a, b)]
    n = len(differences)
    mean = sum(differences) / n
    variance = sum((x - mean) ** 2 for x in differences) / (n - 1)
    return mean, t975(n - 1) * math.sqrt(variance / n)


# %% pair paired
def pair():
    return ([1.0, 2.0, 4.0], [0.0, 0.0, 0.0]), ([1.0, 2.0, 4.0], [0.0, 0.0, 3.0])


# %% suspect pooled
# line: `pooled = ((len(a) - 1) * spread(a) + (len(b) - 1) * spread(b)) / nu`
# belief: All models scatter alike, so that their variances are one number, measured twice: but one model can be steadier than the other.
def suspect(a, b):
    def spread(x):
        mean = sum(x) / len(x)
        return sum((each - mean) ** 2 for each in x) / (len(x) - 1)

    nu = len(a) + len(b) - 2
    pooled = ((len(a) - 1) * spread(a) + (len(b) - 1) * spread(b)) / nu
    width = t975(nu) * math.sqrt(pooled / len(a) + pooled / len(b))
    return sum(a) / len(a) - sum(b) / len(b), width


# %% pair pooled
def pair():
    return ([1.0, 2.0, 4.0], [5.0, 6.0, 8.0]), ([1.0, 2.0, 4.0], [5.0, 6.0, 30.0])


# %% suspect fewer_decide
# line: `nu = min(len(a), len(b)) - 1`
# belief: The degrees of freedom are those of one list, the shorter: but both lists tell something of the scatter, and how much each
# tells depends on how much it scatters.
def suspect(a, b):
    def error(x):
        mean = sum(x) / len(x)
        return sum((each - mean) ** 2 for each in x) / (len(x) - 1) / len(x)

    nu = min(len(a), len(b)) - 1
    width = t975(nu) * math.sqrt(error(a) + error(b))
    return sum(a) / len(a) - sum(b) / len(b), width


# %% pair fewer_decide
def pair():
    return ([1.0, 2.0, 4.0], [0.0, 0.0, 0.0]), ([1.0, 2.0, 4.0], [0.0, 0.0, 3.0])


# %% suspect whole_freedom
# line: `nu = math.floor(nu + 1e-9)`
# belief: Degrees of freedom are counted, so they are a whole number: but these are an estimate, and seldom whole.
def suspect(a, b):
    def error(x):
        mean = sum(x) / len(x)
        return sum((each - mean) ** 2 for each in x) / (len(x) - 1) / len(x)

    u, v = error(a), error(b)
    if u + v == 0:
        return sum(a) / len(a) - sum(b) / len(b), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    nu = math.floor(nu + 1e-9)
    width = t975(nu) * math.sqrt(u + v)
    return sum(a) / len(a) - sum(b) / len(b), width


# %% pair whole_freedom
def pair():
    return ([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]), ([1.0, 2.0, 4.0], [1.0, 2.0, 9.0])


# %% suspect errors_added
# line: `width = t975(nu) * (math.sqrt(u) + math.sqrt(v))`
# belief: The uncertainty of a difference is the sum of both uncertainties: but two errors that know nothing of each other seldom point
# the same way, so their squares add up.
def suspect(a, b):
    def error(x):
        mean = sum(x) / len(x)
        return sum((each - mean) ** 2 for each in x) / (len(x) - 1) / len(x)

    u, v = error(a), error(b)
    if u + v == 0:
        return sum(a) / len(a) - sum(b) / len(b), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    width = t975(nu) * (math.sqrt(u) + math.sqrt(v))
    return sum(a) / len(a) - sum(b) / len(b), width


# %% pair errors_added
def pair():
    return ([1.0, 2.0, 4.0], [0.0, 0.0, 0.0]), ([1.0, 2.0, 4.0], [0.0, 0.0, 3.0])


# %% suspect one_length
# line: `n = len(a)`
# belief: Both models have as many runs, so one number will do: but one list can be longer than the other.
def suspect(a, b):
    def error(x, n):
        mean = sum(x) / n
        return mean, sum((each - mean) ** 2 for each in x) / (n - 1) / n

    n = len(a)
    (mean_a, u), (mean_b, v) = error(a, n), error(b, n)
    if u + v == 0:
        return mean_a - mean_b, 0.0
    nu = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (n - 1))
    return mean_a - mean_b, t975(nu) * math.sqrt(u + v)


# %% pair one_length
def pair():
    return ([1.0, 2.0, 4.0], [5.0, 6.0, 8.0]), ([1.0, 2.0, 4.0], [5.0, 6.0, 8.0, 9.0])
