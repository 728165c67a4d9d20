"""Muon for the weight matrices, AdamW for the rest.

Muon replaces the momentum of a matrix by the nearest orthogonal matrix (five Newton-Schulz steps), so
that all directions learn at the same pace; with the scale used here its learning rate is AdamW's.
"""
import torch


def orthogonal(matrices, steps=5):
    """Nearest (semi-)orthogonal matrices of a batch (n, rows, columns), roughly."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (matrices / (matrices.flatten(1).norm(dim=1)[:, None, None] + 1e-7)).bfloat16()
    flipped = x.shape[1] > x.shape[2]
    if flipped:
        x = x.transpose(1, 2)
    for _ in range(steps):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.transpose(1, 2) if flipped else x).float()


class Muon:
    """Parameters of two or more dimensions, in batches of equal shape."""

    def __init__(self, parameters, momentum=0.95, weight_decay=0.01, scale=2.0):
        self.momentum, self.weight_decay, self.scale = momentum, weight_decay, scale
        self.groups = {}
        for parameter in parameters:
            self.groups.setdefault((len(parameter), parameter[0].numel()), []).append(parameter)
        self.speed = {shape: torch.zeros((len(group),) + shape) for shape, group in self.groups.items()}

    @torch.no_grad()
    def step(self, rate):
        for shape, group in self.groups.items():
            with_gradient = [i for i, p in enumerate(group) if p.grad is not None]
            if not with_gradient:
                continue
            gradient = torch.stack([group[i].grad.reshape(shape) for i in with_gradient])
            speed = self.speed[shape][with_gradient].lerp_(gradient, 1 - self.momentum)
            self.speed[shape][with_gradient] = speed
            update = orthogonal(gradient.lerp(speed, self.momentum))
            size = rate * self.scale * 0.2 * max(shape) ** 0.5
            for i, change in zip(with_gradient, update):
                group[i].mul_(1 - rate * self.weight_decay)
                group[i].add_(change.reshape(group[i].shape), alpha=-size)
