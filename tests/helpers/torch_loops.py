"""What PyTorch has of what Backscope understands, to draw training loops from."""

from typing import Any

import torch
from torch import nn

ACTIVATIONS = [nn.Tanh, nn.Sigmoid, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.Mish, nn.Hardswish, nn.Softplus]
LOSSES: list[tuple[Any, Any, bool]] = [  # a loss, the last activation, whether targets are classes
    (nn.MSELoss, None, False),
    (nn.MSELoss, nn.Sigmoid, False),
    (nn.BCELoss, nn.Sigmoid, False),
    (nn.BCEWithLogitsLoss, None, False),
    (nn.CrossEntropyLoss, None, True),
    (nn.L1Loss, nn.Tanh, False),
    (nn.HuberLoss, None, False),
    (nn.SmoothL1Loss, None, False),
]
OPTIMIZERS: list[tuple[Any, dict[str, Any]]] = [
    (torch.optim.SGD, {"lr": 0.1}),
    (torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    (torch.optim.SGD, {"lr": 0.05, "momentum": 0.8, "nesterov": True}),
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.01}),
    (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}),
    (torch.optim.Adam, {"lr": 0.01}),
    (torch.optim.Adam, {"lr": 0.01, "weight_decay": 0.1}),
    (torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.1}),
    (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9}),
    (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "weight_decay": 0.05}),
    (torch.optim.Adagrad, {"lr": 0.1}),
    (torch.optim.Adagrad, {"lr": 0.1, "weight_decay": 0.05}),
]
