"""Character error rate of the model through the product, on sentences and voices not used in training.

  evaluate.py make DIR            the evaluation set: 8 kHz A-law WAVs and refs.json (seeded)
  evaluate.py score DIR [...]     transcribes them with `zhijian transcribe --json` and prints the CER table

Sets: `single` (one sentence of corpus/evaluation.txt each), `channel` (20 to 40 s of several sentences
with pauses, as one channel of a call), `dialogue` (60 to 90 s, short turns and long silences). All use
held-out voices, and rates and pitches off the training grid. Punctuation is not counted.
"""
import argparse
import json
import os
import random
import re
import struct
import subprocess
import sys

import numpy as np

import speech
import text

RATES = (152, 158, 163, 171, 177, 185, 193, 199)
PITCHES = (35, 38, 43, 47, 51, 54, 58, 62, 66, 70)


# -- making --------------------------------------------------------------------------------------
def a_law_bytes(samples):
    """G.711 A-law of samples in -1..1."""
    pcm = np.clip(np.round(samples * 32768), -32768, 32767).astype(int) >> 3
    sign = np.where(pcm >= 0, 0xD5, 0x55)
    size = np.where(pcm >= 0, pcm, -pcm - 1)
    exponent = np.zeros_like(size)
    for bits in range(5, 12):
        exponent += size >= (1 << bits)
    exponent = np.minimum(exponent, 7)
    mantissa = np.where(exponent > 1, size >> np.maximum(exponent, 1), size >> 1) & 15
    return ((exponent << 4 | mantissa) ^ sign).astype(np.uint8).tobytes()


def write_wav(path, samples):
    """Mono 8 kHz A-law WAV."""
    data = a_law_bytes(samples)
    data += b"\xd5" * (len(data) & 1)
    head = struct.pack("<4sI4s4sIHHIIHHH4sII4sI", b"RIFF", 4 + 26 + 12 + 8 + len(data), b"WAVE", b"fmt ", 18, 6, 1,
                       8000, 8000, 1, 8, 0, b"fact", 4, len(data), b"data", len(data))
    with open(path, "wb") as file:
        file.write(head + data)


def narrow(samples):
    """22,050 Hz to 8 kHz, 200 to 3,500 Hz."""
    blocks = -(-len(samples) // 882) * 2
    spectrum = np.fft.rfft(samples, 441 * blocks)[:80 * blocks + 1]
    hertz = np.maximum(np.arange(len(spectrum)) * 8000 / (160 * blocks), 1e-3)
    spectrum = spectrum / np.sqrt((1 + (200 / hertz) ** 4) * (1 + (hertz / 3500) ** 24))
    return (np.fft.irfft(spectrum, 160 * blocks) * (160 / 441))[:len(samples) * 160 // 441]


class Maker:
    """Writes recordings and remembers their references."""

    def __init__(self, folder, seed):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.rng, self.noise = folder, random.Random(seed), np.random.default_rng(seed)
        self.speaker, self.refs = speech.Speaker(), {}

    def speaker_choice(self):
        rng = self.rng
        return {"voice": rng.choice(speech.HELD_OUT_VOICES), "rate": rng.choice(RATES), "pitch": rng.choice(PITCHES)}

    def say(self, sentence, choice, level):
        samples, _ = speech.trim(*self.speaker.say(sentence, choice["voice"], choice["rate"], choice["pitch"]))
        samples = narrow(samples)
        return samples * (level / (np.abs(samples).max() + 1e-9))

    def put(self, name, kind, pieces, choice, sentences, snr):
        samples = np.concatenate(pieces)
        loud = samples[np.abs(samples) > 0.01]
        power = np.sqrt(np.mean(loud ** 2))
        samples = samples + self.noise.normal(0, 1, len(samples)) * power * 10 ** (-snr / 20)
        write_wav(os.path.join(self.folder, name), samples)
        self.refs[name] = dict(choice, set=kind, text="".join(sentences), seconds=round(len(samples) / 8000, 1))

    def silence(self, low, high):
        return np.zeros(int(8000 * self.rng.uniform(low, high)))

    def single(self, index, sentence):
        choice = self.speaker_choice()
        level = self.rng.uniform(0.15, 0.8)
        self.put("single-%03d.wav" % index, "single",
                 [self.silence(0.2, 0.6), self.say(sentence, choice, level), self.silence(0.2, 0.6)],
                 choice, [sentence], self.rng.uniform(25, 45))

    def several(self, name, kind, sentences, low, high, gaps, short):
        """Sentences with pauses, until `low` to `high` seconds are full; short answers now and then."""
        choice, level = self.speaker_choice(), self.rng.uniform(0.2, 0.7)
        wanted, pieces, used = self.rng.uniform(low, high), [self.silence(0.2, 2.0)], []
        while sum(map(len, pieces)) < wanted * 8000 and sentences:
            sentence = short.pop() if short and self.rng.random() < 0.25 else sentences.pop()
            pieces.append(self.say(sentence, choice, level * self.rng.uniform(0.8, 1.2)))
            pieces.append(self.silence(*self.rng.choice(gaps)))
            used.append(sentence)
        self.put(name, kind, pieces, choice, used, self.rng.uniform(25, 40))

    def close(self):
        with open(os.path.join(self.folder, "refs.json"), "w", encoding="utf-8") as file:
            json.dump(self.refs, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")


def make(folder, seed, singles, channels, dialogues):
    """The evaluation set; singles: how many of the sentences (0: all)."""
    sentences = text.read_lines("evaluation.txt")
    maker = Maker(folder, seed)
    chosen = list(sentences)
    maker.rng.shuffle(chosen)
    for index, sentence in enumerate(chosen[:singles] if singles else chosen):
        maker.single(index, sentence)

    def deck(short):
        stack = []
        for _ in range(6):
            part = [s for s in sentences if (len(s) < 9) == short]
            maker.rng.shuffle(part)
            stack += part
        return stack

    long, short = deck(False), deck(True)
    for index in range(channels):
        maker.several("channel-%02d.wav" % index, "channel", long, 20, 36, ((0.3, 1.0), (0.5, 2.5)), short)
    for index in range(dialogues):
        maker.several("dialogue-%02d.wav" % index, "dialogue", long, 60, 85, ((0.4, 1.2), (2.0, 7.0)), short)
    maker.close()
    print("%d recordings in %s" % (len(maker.refs), folder))


# -- scoring -------------------------------------------------------------------------------------
_OTHER = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")


def distance(reference, heard):
    """Edit distance of two strings."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(reference, 1):
        above, row[0] = row[:], i
        for j, got in enumerate(heard, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (wanted != got))
    return row[-1]


def transcribe(program, model, folder, names):
    """{name: text} by `zhijian transcribe --json`, which prints one JSON object a line."""
    command = [program, "transcribe", "--json", "--unmasked", "--data-dir", os.path.join(folder, "data")]
    if model:
        command += ["--model", os.path.abspath(model)]
    result = subprocess.run(command + [os.path.join(folder, n) for n in names], stdout=subprocess.PIPE, text=True,
                            check=False)
    heard = {}
    for line in result.stdout.splitlines():
        if not line.startswith("{"):
            continue
        record = json.loads(line)
        path = record["recording"]["path"]
        transcript = record.get("transcript") or {}
        heard[os.path.basename(path)] = "".join(u["text"] for u in transcript.get("utterances") or [])
    return heard


def score(folder, program, model, show, by_voice=False):
    """Print the CER table; returns {set: CER}."""
    with open(os.path.join(folder, "refs.json"), encoding="utf-8") as file:
        refs = json.load(file)
    names = sorted(refs)
    heard = transcribe(program, model, folder, names)
    missing = [n for n in names if n not in heard]
    if missing:
        print("no transcript of", len(missing), "files:", missing[:3], file=sys.stderr)
    totals, worst = {}, []
    for name in names:
        reference, got = _OTHER.sub("", refs[name]["text"]), _OTHER.sub("", heard.get(name, ""))
        errors = distance(reference, got)
        for key in (refs[name]["set"], "all") + (("voice " + refs[name]["voice"],) if by_voice else ()):
            entry = totals.setdefault(key, [0, 0, 0, 0])
            entry[0] += 1
            entry[1] += errors
            entry[2] += len(reference)
            entry[3] += errors == 0
        worst.append((errors / max(1, len(reference)), name, reference, got))
    print("| set | recordings | characters | CER | without a fault |\n| --- | --- | --- | --- | --- |")
    for key, (count, errors, characters, perfect) in totals.items():
        print("| %s | %d | %d | %.1f %% | %d |" % (key, count, characters, 100 * errors / characters, perfect))
    for rate, name, reference, got in sorted(worst, reverse=True)[:show]:
        print("%.0f%% %s %s\n   REF %s\n   GOT %s" % (100 * rate, name, refs[name]["voice"], reference, got))
    return {key: entry[1] / entry[2] for key, entry in totals.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    part = commands.add_parser("make")
    part.add_argument("folder")
    part.add_argument("--seed", type=int, default=20)
    part.add_argument("--singles", type=int, default=0, help="how many sentences (0: all)")
    part.add_argument("--channels", type=int, default=20)
    part.add_argument("--dialogues", type=int, default=8)
    part = commands.add_parser("score")
    part.add_argument("folder")
    part.add_argument("--program", default=os.path.join(text.HERE, "..", "..", "..", "bin", "zhijian"))
    part.add_argument("--model", help="weights to use instead of the embedded ones")
    part.add_argument("--by-voice", action="store_true")
    part.add_argument("--show", type=int, default=0, help="print the worst recordings")
    options = parser.parse_args()
    if options.command == "make":
        make(options.folder, options.seed, options.singles, options.channels, options.dialogues)
    else:
        score(options.folder, options.program, options.model, options.show, options.by_voice)


if __name__ == "__main__":
    main()
