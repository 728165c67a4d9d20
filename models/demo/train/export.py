"""Checkpoint -> ggml file for whisper.cpp (.bin or .bin.gz; the same bytes for the same weights)."""
import argparse
import hashlib

import checkpoint
import ggml


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("out", help="file to write; .gz packs it")
    parser.add_argument("--kind", choices=("q8_0", "f16"), default="q8_0")
    options = parser.parse_args()
    net, tokens = checkpoint.load(options.checkpoint)
    ggml.write(options.out, net, tokens, options.kind)
    with open(options.out, "rb") as file:
        data = file.read()
    print("%s: %d bytes, SHA-256 %s" % (options.out, len(data), hashlib.sha256(data).hexdigest()))


if __name__ == "__main__":
    main()
