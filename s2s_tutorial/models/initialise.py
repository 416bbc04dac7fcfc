"""The weights a model starts from."""

from __future__ import annotations

import math

import torch
from torch import nn

from s2s_tutorial.models.embedding import TokenEmbedding


@torch.no_grad()
def initialise(model: nn.Module) -> None:
    """Start weights that keep signals and gradients of even size.

    Input matrices are Xavier-uniform (Glorot & Bengio, 2010), each recurrent matrix orthogonal
    gate by gate (Saxe et al., 2014), biases zero, except the LSTM's forget gate, whose bias
    is one so that a fresh cell remembers (Gers et al., 2000). Embeddings keep PyTorch's
    standard normal, scaled to a standard deviation of 0.1; those that are multiplied by
    $\\sqrt E$ when looked up, to $1 / \\sqrt E$. An output layer that shares its matrix with an
    embedding leaves it so.
    """
    embeddings = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            scaled = isinstance(module, TokenEmbedding) and module.scaled
            module.weight.mul_(1 / math.sqrt(module.embedding_dim) if scaled else 0.1)
        elif isinstance(module, nn.Linear):
            if id(module.weight) not in embeddings:
                nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, (nn.RNNBase, nn.RNNCellBase)):
            for name, weight in module.named_parameters():
                gates = weight.split(module.hidden_size)
                if "weight_ih" in name:
                    for gate in gates:
                        nn.init.xavier_uniform_(gate)
                elif "weight_hh" in name:
                    for gate in gates:
                        nn.init.orthogonal_(gate)
                else:
                    nn.init.zeros_(weight)
                    if "bias_ih" in name and isinstance(module, nn.LSTM):
                        gates[1].fill_(1.0)  # PyTorch's order: input, forget, cell, output
