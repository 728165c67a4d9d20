"""Saving, loading and growing of weights."""
import os

import torch

import model as whisper


def save(path, state, shape, characters):
    """Write a checkpoint in one step (a cut-off file never replaces a good one)."""
    torch.save({"state": {k: v.clone() for k, v in state.items()}, "shape": shape, "characters": characters},
               path + ".part")
    os.replace(path + ".part", path)


def read(path):
    """(state, characters) of a checkpoint or of a ggml file (.bin, .bin.gz)."""
    if path.endswith((".bin", ".gz")):
        import ggml
        return ggml.read(path)
    data = torch.load(path, map_location="cpu")
    if "sd" in data:                          # the format of the first model
        return data["sd"], data["chars"]
    return data["state"], data["characters"]


def adopt(net, tokens, state, characters, readings, seed=0):
    """Take over weights whose vocabulary may be another one.

    Characters new to the weights start as the mean of those with the same reading, a little off and
    less likely; parts with another shape (the frame classifier) stay as they are.
    """
    generator = torch.Generator().manual_seed(seed)
    own = net.state_dict()
    for name, value in state.items():
        if name in own and own[name].shape == value.shape and name != "decoder.token_embedding.weight":
            own[name].copy_(value.float())
    old = state["decoder.token_embedding.weight"].float()
    table = own["decoder.token_embedding.weight"]
    number = {c: i for i, c in enumerate(characters)}
    by_reading = {}
    for character, index in number.items():
        by_reading.setdefault(readings.get(character), []).append(index)
    mean = old[:len(characters)].mean(0)
    fresh = 0
    for index, character in enumerate(tokens.characters):
        if character in number:
            table[index] = old[number[character]]
            continue
        fresh += 1
        same = by_reading.get(readings.get(character))
        row = old[same].mean(0) if same and readings.get(character) else mean.clone()
        row = row + torch.randn(row.shape, generator=generator) * 0.05
        row[0] = (old[same, 0].min() if same and readings.get(character) else mean[0]) - 1.0
        table[index] = row
    table[tokens.count:] = old[len(characters):]
    net.load_state_dict(own, strict=False)
    return fresh


def load(path, device="cpu"):
    """A network ready for use, and its tokens."""
    data = torch.load(path, map_location=device)
    net = whisper.Whisper(**data["shape"])
    net.load_state_dict(data["state"], strict=False)
    return net.eval(), whisper.Tokens(data["characters"])
