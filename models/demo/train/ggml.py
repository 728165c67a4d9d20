"""The whisper.cpp file format: writing (f16 and q8_0) and reading back into torch."""
import gzip
import io
import struct

import numpy as np
import torch

import model as whisper
from mel import FILTERS, N_MELS

MAGIC = 0x67676D6C
F32, F16, Q8_0 = 0, 1, 8
UNUSED_BIAS = -40.0            # logit of the vocabulary rows that no token uses
END_BIAS = -1.5                # added to the end token's logit: a small model ends full windows too soon
_BLOCK = 32


def _quantise(values):
    """ggml's q8_0: blocks of 32 values, an f16 scale and 32 signed bytes each."""
    blocks = values.astype(np.float32).reshape(-1, _BLOCK)
    scale = np.abs(blocks).max(1) / 127
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    # roundf: halves away from zero
    scaled = blocks * inverse[:, None]
    numbers = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(np.int8)
    out = np.empty((len(blocks), 2 + _BLOCK), np.uint8)
    out[:, :2] = scale.astype(np.float16)[:, None].view(np.uint8).reshape(-1, 2)
    out[:, 2:] = numbers.view(np.uint8)
    return out.tobytes()


def _dequantise(data, count):
    raw = np.frombuffer(data, np.uint8).reshape(-1, 2 + _BLOCK)
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    return (raw[:, 2:].view(np.int8).astype(np.float32) * scale).reshape(-1)[:count]


def _tensors(net, tokens):
    """(name, array, may be packed) of everything whisper.cpp wants, in a fixed order."""
    state = dict(net.state_dict())
    weight, bias = net.decoder.final_norm()
    state["decoder.ln.weight"], state["decoder.ln.bias"] = weight, bias
    table = np.zeros((whisper.N_VOCAB, net.shape["width"]), np.float32)
    table[:, 0] = UNUSED_BIAS
    table[np.array(tokens.to_whisper)] = state["decoder.token_embedding.weight"].float().numpy()
    table[whisper.EOT, 0] += END_BIAS
    for name, value in state.items():
        if name.startswith("frame.") or name in ("decoder.ln_scale", "decoder.ln_shift", "decoder.mask"):
            continue
        array = table if name == "decoder.token_embedding.weight" else value.detach().float().numpy()
        if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
            array = array.reshape(-1, 1)
        packed = array.ndim >= 2 and not name.endswith("positional_embedding") and not name.endswith(".bias")
        yield name, array, packed


def write(path, net, tokens, kind="q8_0"):
    """Write net as a ggml file of kind f16 or q8_0."""
    shape = net.shape
    file = io.BytesIO()
    file.write(struct.pack("i", MAGIC))
    file.write(struct.pack("11i", whisper.N_VOCAB, whisper.AUDIO_CONTEXT, shape["width"], shape["heads"],
                           shape["encoder_layers"], whisper.TEXT_CONTEXT, shape["width"], shape["heads"],
                           shape["decoder_layers"], N_MELS, {"f16": 1, "q8_0": 2007}[kind]))
    file.write(struct.pack("2i", *FILTERS.shape))
    file.write(FILTERS.tobytes())
    # Fewer names than n_vocab: whisper.cpp makes up the rest. " " must exist (suppress_blank).
    names = [c.encode() for c in tokens.characters] + [b" "]
    file.write(struct.pack("i", len(names)))
    for name in names:
        file.write(struct.pack("i", len(name)) + name)
    for name, array, packed in _tensors(net, tokens):
        # The convolutions are 3 wide: they stay f16, their rows are no whole blocks.
        code = F32 if not packed else Q8_0 if kind == "q8_0" and array.shape[-1] % _BLOCK == 0 else F16
        array = np.ascontiguousarray(array)
        file.write(struct.pack("3i", array.ndim, len(name), code))
        file.write(struct.pack("%di" % array.ndim, *array.shape[::-1]))
        file.write(name.encode())
        file.write(_quantise(array) if code == Q8_0 else
                   array.astype(np.float16 if code == F16 else np.float32).tobytes())
    data = file.getvalue()
    if path.endswith(".gz"):
        # As `gzip -9n`: no name, no time.
        with open(path, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed_out:
            packed_out.write(data)
    else:
        with open(path, "wb") as out:
            out.write(data)


def read(path):
    """(state, characters) of a file written by write(), in the form that checkpoint.adopt takes."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        data = io.BytesIO(file.read())

    def ints(count):
        return struct.unpack("%di" % count, data.read(4 * count))

    if ints(1)[0] != MAGIC:
        raise ValueError(path + " is no ggml file")
    ints(11)
    rows, columns = ints(2)
    data.read(4 * rows * columns)
    names = [data.read(ints(1)[0]).decode() for _ in range(ints(1)[0])]
    characters = [n for n in names if n != " "]
    state = {}
    while True:
        head = data.read(12)
        if len(head) < 12:
            break
        dimensions, size, code = struct.unpack("3i", head)
        shape = ints(dimensions)[::-1]
        name = data.read(size).decode()
        count = int(np.prod(shape))
        if code == Q8_0:
            array = _dequantise(data.read(count // _BLOCK * (2 + _BLOCK)), count)
        else:
            kind = np.float16 if code == F16 else np.float32
            array = np.frombuffer(data.read(count * np.dtype(kind).itemsize), kind).astype(np.float32)
        array = array.reshape(shape)
        if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
            array = array.reshape(-1)
        state[name] = torch.from_numpy(np.array(array))
    tokens = whisper.Tokens(characters)
    state["decoder.token_embedding.weight"] = state["decoder.token_embedding.weight"][torch.tensor(tokens.to_whisper)]
    state["decoder.token_embedding.weight"][tokens.eot, 0] -= END_BIAS
    return state, characters
