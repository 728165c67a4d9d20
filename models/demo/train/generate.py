"""Training utterances: shards of 400, each made by its own process (see speech.py for why).

A shard is a pickle of tuples (text, voice, narrow band?, log-mel float16, frames int16, syllables).
"""
import argparse
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

PER_SHARD = 400
RANDOM_VOICES = 8


def make_shard(seed, path, dictionary, cache):
    """One shard; everything in it follows from the seed, the corpus and the vocabulary."""
    import speech
    import text
    import vocabulary
    rng = random.Random(seed)
    source = text.TextSource(dictionary, set(vocabulary.load()), cache)
    with tempfile.TemporaryDirectory() as folder:
        invented = speech.data_with_variants(folder, rng, RANDOM_VOICES)
        items = speak(speech.Speaker(folder), source, rng, invented, seed)
    with open(path + ".part", "wb") as file:
        pickle.dump(items, file, protocol=4)
    os.replace(path + ".part", path)


def speak(speaker, source, rng, invented, seed):
    """The utterances of a shard: runs of one voice, of espeak-ng or invented."""
    import speech
    import text
    items, voice, name, left = [], None, None, 0
    while len(items) < PER_SHARD:
        if left == 0:
            if invented and rng.random() < 0.2:       # the runs of invented voices are longer
                voice, left = invented.pop(), 40
                name = "%s-%d" % (voice, seed)
            else:
                voice, left = rng.choice(speech.TRAINING_VOICES), 8
                name = voice
        left -= 1
        sentence = source.sentence(rng)
        rate = rng.choice(speech.TRAINING_RATES)
        pitch = rng.choice(speech.TRAINING_PITCHES)
        narrow = rng.random() < 0.85
        mel, frames, syllables = speech.utterance(speaker, sentence, voice, rate, pitch, rng, narrow)
        timed = sum(1 for f, c in zip(frames, sentence) if f[0] < 0 and c not in text.PUNCTUATION)
        if timed or len(mel) > 1400:
            continue
        items.append((sentence, name, narrow, mel, frames, syllables))
    return items


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dictionary", required=True, help="jieba.dict.utf8")
    parser.add_argument("--out", required=True, help="folder for the shards")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard, also its seed")
    parser.add_argument("--shards", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    cache = os.path.join(options.out, "words.cache")
    if options.one:
        make_shard(1000 + options.first, options.one, options.dictionary, cache)
        return
    waiting = list(range(options.first, options.first + options.shards))
    running = []
    start = time.time()
    while waiting or running:
        for job in running[:]:
            if job[0].poll() is not None:
                running.remove(job)
                if job[0].returncode:            # espeak-ng died: this shard is simply not there
                    print("shard", job[1], "failed with", job[0].returncode, flush=True)
        while waiting and len(running) < options.jobs:
            number = waiting.pop(0)
            path = os.path.join(options.out, "shard-%04d.pickle" % number)
            if os.path.exists(path):
                continue
            command = [sys.executable, os.path.abspath(__file__), "--dictionary", options.dictionary,
                       "--out", options.out, "--first", str(number), "--one", path]
            running.append((subprocess.Popen(command), number))
        time.sleep(0.1)
    print("done in %.0f s" % (time.time() - start))


if __name__ == "__main__":
    main()
