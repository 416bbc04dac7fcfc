# ruff: noqa
# One try of a large language model at each function, from its prompt alone (book/assistants.md); test_assistants.py grades them.
# %% lstm_step
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=-1)
    c_new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h_new = torch.sigmoid(o) * torch.tanh(c_new)
    return h_new, c_new


# %% run_layers
def run_layers(inputs, states, cells):
    states = list(states)
    top = []
    for t in range(inputs.shape[1]):
        x = inputs[:, t]
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        top.append(x)
    return torch.stack(top, dim=1), states


# %% penalised
def penalised(log_p, n, alpha):
    return float(log_p / ((5 + n) / 6) ** alpha)


# %% beam
def beam(step, state, width, max_length, alpha):
    unfinished = [([s2s.BOS_ID], 0.0, state)]
    finished = []
    for _ in range(max_length):
        candidates = []
        for tokens, log_p, state in unfinished:
            log_probs, new_state = step(tokens[-1], state)
            for token, value in enumerate(log_probs.tolist()):
                candidates.append(([*tokens, token], log_p + value, new_state))
        candidates.sort(key=lambda candidate: candidate[1], reverse=True)
        unfinished = []
        for candidate in candidates[:width]:
            if candidate[0][-1] == s2s.EOS_ID:
                finished.append(candidate)
            else:
                unfinished.append(candidate)
        if not unfinished:
            break

    def score(candidate):
        return penalised(candidate[1], len(candidate[0]) - 1, alpha)

    best = max(finished or unfinished, key=score)
    tokens = [t for t in best[0][1:] if t != s2s.EOS_ID]
    return tokens, score(best)


# %% matches
def matches(translation, reference, n):
    def grams(tokens):
        counts = {}
        for k in range(len(tokens) - n + 1):
            gram = tuple(tokens[k : k + n])
            counts[gram] = counts.get(gram, 0) + 1
        return counts

    ours, theirs = grams(translation), grams(reference)
    matched = sum(min(count, theirs.get(gram, 0)) for gram, count in ours.items())
    return matched, sum(ours.values())


# %% corpus_bleu
def corpus_bleu(translations, references):
    m, t = [0] * 4, [0] * 4
    c = r = 0
    for translation, reference in zip(translations, references):
        c += len(translation)
        r += len(reference)
        for n in range(1, 5):
            matched, total = matches(translation, reference, n)
            m[n - 1] += matched
            t[n - 1] += total
    if min(m) == 0:
        return 0.0
    penalty = min(1.0, math.exp(1 - r / c))
    return 100 * penalty * math.exp(sum(math.log(a / b) for a, b in zip(m, t)) / 4)


# %% outcome
def outcome(translation, reference):
    if list(translation) == list(reference):
        return "right"
    if len(translation) != len(reference):
        return "length"
    if sorted(translation) == sorted(reference):
        return "order"
    return "word"
