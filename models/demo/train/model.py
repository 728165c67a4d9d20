"""The Whisper architecture in torch, with the names of the ggml file, plus training-only parts.

Three things differ from the original code, none of them seen by whisper.cpp:
- the convolutions are written as unfold + linear, since the bfloat16 backward of Conv1d in
  torch 1.13 / oneDNN 2.6 returns garbage;
- dimension 0 of the decoder's final LayerNorm is the constant 1, so that component 0 of each row of
  the tied embedding is that token's output bias (unused rows are exported as logit -40);
- the encoder can run its attention in independent chunks, a cheaper stand-in for long windows.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

N_VOCAB = 51865
EOT, SOT, ZH, TRANSCRIBE, PREV, NO_SPEECH, NO_TIMESTAMPS, TIMESTAMP_0 = \
    50257, 50258, 50260, 50359, 50361, 50362, 50363, 50364
N_TIMESTAMPS = 1501
AUDIO_CONTEXT, TEXT_CONTEXT, N_MELS = 1500, 448, 80


class Tokens:
    """Compact token ids (characters, specials, timestamps) and their ids in Whisper's vocabulary."""

    SPECIALS = (EOT, SOT, ZH, TRANSCRIBE, PREV, NO_SPEECH, NO_TIMESTAMPS)

    def __init__(self, characters):
        self.characters = list(characters)
        self.count = len(self.characters)
        self.ids = {c: i for i, c in enumerate(self.characters)}
        self.eot, self.sot, self.zh, self.transcribe, self.prev, self.no_speech, self.no_timestamps = \
            range(self.count, self.count + len(self.SPECIALS))
        self.time0 = self.count + len(self.SPECIALS)
        self.size = self.time0 + N_TIMESTAMPS
        self.to_whisper = list(range(self.count)) + list(self.SPECIALS) \
            + [TIMESTAMP_0 + i for i in range(N_TIMESTAMPS)]

    def encode(self, text):
        return [self.ids[c] for c in text]

    def decode(self, ids):
        return "".join(self.characters[i] for i in ids if i < self.count)


def sinusoids(length, channels):
    step = math.log(10000) / (channels // 2 - 1)
    inverse = torch.exp(-step * torch.arange(channels // 2))
    angle = torch.arange(length)[:, None] * inverse[None]
    return torch.cat([torch.sin(angle), torch.cos(angle)], 1)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.keep, self.weights = heads, False, None
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width, bias=False)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x, memory=None, mask=None):
        source = x if memory is None else memory
        batch, length, width = x.shape
        size = width // self.heads
        q = (self.query(x) * size ** -0.5).view(batch, length, self.heads, size).transpose(1, 2)
        k = self.key(source).view(batch, -1, self.heads, size).permute(0, 2, 3, 1)
        v = self.value(source).view(batch, -1, self.heads, size).transpose(1, 2)
        scores = q @ k
        if mask is not None:
            scores = scores + mask
        scores = torch.softmax(scores, -1)
        if self.keep:
            self.weights = scores[:, 0]        # the guided head
        return self.out((scores @ v).transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width, heads, cross=False):
        super().__init__()
        self.attn, self.attn_ln = Attention(width, heads), nn.LayerNorm(width)
        self.cross_attn = Attention(width, heads) if cross else None
        self.cross_attn_ln = nn.LayerNorm(width) if cross else None
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x, memory=None, mask=None):
        x = x + self.attn(self.attn_ln(x), None, mask)
        if self.cross_attn is not None:
            x = x + self.cross_attn(self.cross_attn_ln(x), memory)
        return x + self.mlp(self.mlp_ln(x))


class Encoder(nn.Module):
    def __init__(self, width, heads, layers):
        super().__init__()
        self.conv1 = nn.Conv1d(N_MELS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positional_embedding", sinusoids(AUDIO_CONTEXT, width))
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.ln_post = nn.LayerNorm(width)

    def forward(self, mel, offset=0, chunks=1):
        """mel (batch, 80, 2T) -> (batch, T, width); offset: position of the first frame."""
        batch, width = mel.shape[0], self.conv2.weight.shape[0]
        x = F.pad(mel, (1, 1)).unfold(2, 3, 1).permute(0, 2, 1, 3).reshape(batch, -1, 3 * N_MELS)
        x = F.gelu(F.linear(x, self.conv1.weight.view(width, -1), self.conv1.bias))
        x = F.pad(x, (0, 0, 1, 1)).unfold(1, 3, 2).reshape(batch, -1, 3 * width)
        x = F.gelu(F.linear(x, self.conv2.weight.view(width, -1), self.conv2.bias))
        x = x + self.positional_embedding[offset:offset + x.shape[1]]
        length = x.shape[1]
        if chunks > 1:
            x = x.reshape(batch * chunks, length // chunks, width)
        for block in self.blocks:
            x = block(x)
        return self.ln_post(x).reshape(batch, length, width)


class Decoder(nn.Module):
    def __init__(self, width, heads, layers, size):
        super().__init__()
        self.token_embedding = nn.Embedding(size, width)
        nn.init.normal_(self.token_embedding.weight, std=0.1)
        self.positional_embedding = nn.Parameter(torch.randn(TEXT_CONTEXT, width) * 0.02)
        self.blocks = nn.ModuleList([Block(width, heads, True) for _ in range(layers)])
        self.ln = nn.LayerNorm(width)
        scale, shift = torch.ones(width), torch.zeros(width)
        scale[0], shift[0] = 0, 1
        self.register_buffer("ln_scale", scale, persistent=False)
        self.register_buffer("ln_shift", shift, persistent=False)
        self.register_buffer("mask", torch.full((TEXT_CONTEXT, TEXT_CONTEXT), -1e9).triu(1), persistent=False)

    def final_norm(self):
        """Weight and bias of the final LayerNorm with the constant dimension."""
        return self.ln.weight * self.ln_scale, self.ln.bias * self.ln_scale + self.ln_shift

    def forward(self, tokens, memory):
        length = tokens.shape[1]
        x = self.token_embedding(tokens) + self.positional_embedding[:length]
        for block in self.blocks:
            x = block(x, memory, self.mask[:length, :length])
        weight, bias = self.final_norm()
        return F.layer_norm(x, (x.shape[-1],), weight, bias) @ self.token_embedding.weight.T


class Whisper(nn.Module):
    """Encoder and decoder, and the frame classifier that is used in training only."""

    def __init__(self, width, heads, encoder_layers, decoder_layers, size, frame_classes):
        super().__init__()
        self.shape = dict(width=width, heads=heads, encoder_layers=encoder_layers,
                          decoder_layers=decoder_layers, size=size, frame_classes=frame_classes)
        self.encoder = Encoder(width, heads, encoder_layers)
        self.decoder = Decoder(width, heads, decoder_layers, size)
        self.frame = nn.Linear(width, frame_classes)
