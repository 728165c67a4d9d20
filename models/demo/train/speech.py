"""Synthetic telephone speech: espeak-ng in process, with the time of every character.

espeak-ng 1.51 must be driven with the voice `cmn-latn-pinyin`: plain `cmn` reads the pinyin of most
characters as English. The library crashes after some thousands of utterances with changing voices,
so generate.py never makes more than a few hundred in one process.
"""
import ctypes
import os
import subprocess

import numpy as np

import mel

LANGUAGE = "cmn-latn-pinyin"
# Voice variants used for training; those held out appear in evaluation only, and their near twins
# (steph2, steph3, edward2) nowhere.
TRAINING_VOICES = (
    "m1 m2 m3 m4 m5 m7 m8 f1 f2 f3 f5 Alex Andy Annie Andrea adam antonio aunty belinda benjamin boris "
    "caleb david Denis Diogo ed Gene Gene2 Henrique iven iven2 iven3 iven4 Jacky john "
    "kaukovalta klatt klatt2 klatt3 klatt4 Lee linda marcelo Marco Mario max michel miguel Mike "
    "Nguyen norbert pablo paul pedro quincy rob robert sandro shelby Storm "
    "travis Tweaky zac grandma grandpa gustave AnxiousAndy announcer anika").split()
HELD_OUT_VOICES = "m6 f4 steph victor Michael Alicia edward Hugo".split()
# Training grid; evaluation uses values off it.
TRAINING_RATES = tuple(range(140, 218, 7))
TRAINING_PITCHES = tuple(range(24, 81, 4))

_RATE, _PITCH, _RANGE = 1, 3, 4            # espeak_PARAMETER
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7


def data_folder():
    """Where espeak-ng's voices are, as it says itself."""
    said = subprocess.run(["espeak-ng", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return said.split("Data at:")[1].strip()


def random_variant(rng):
    """The text of a voice variant of another throat: formants, pitch, colour, breath and so on."""
    female = rng.random() < 0.5
    size = rng.uniform(100, 132) if female else rng.uniform(86, 108)
    low = rng.uniform(120, 205) if female else rng.uniform(62, 105)
    lines = ["language variant", "pitch %d %d" % (low, low * rng.uniform(1.2, 1.65))]
    for number in range(9):
        height = size * rng.uniform(0.92, 1.08) if number else rng.uniform(95, 112)
        if number == 2 and rng.random() < 0.3:
            height *= rng.uniform(0.9, 1.15)
        loudness = rng.uniform(65, 150) if number < 3 else rng.uniform(20, 130)
        lines.append("formant %d %d %d %d" % (number, height, loudness, rng.uniform(70, 150)))
    tones = ("600 255 1200 255 2000 160", "100 255 600 70 1200 22 2000 66 3000 12", "600 255 1200 200 2000 255",
             "400 160 1100 90 3500 90 150 35", "600 255 2000 80", "650 250 1000 130 240 255")
    if rng.random() < 0.4:
        lines.append("tone " + rng.choice(tones))
    if rng.random() < 0.5:
        lines.append("voicing %d" % rng.uniform(35, 160))
    if rng.random() < 0.5:
        lines.append("consonants %d %d" % (rng.uniform(50, 125), rng.uniform(20, 125)))
    if rng.random() < 0.25:
        lines.append("breath " + " ".join(str(rng.randint(0, 6)) for _ in range(8)))
    if rng.random() < 0.25:
        lines.append("echo %d %d" % (rng.uniform(10, 140), rng.uniform(5, 40)))
    if rng.random() < 0.3:
        lines += ["flutter %d" % rng.randint(0, 8), "roughness %d" % rng.randint(0, 4)]
    if rng.random() < 0.4:
        lines.append("stressAmp " + " ".join(str(rng.randint(13, 24)) for _ in range(8)))
    if rng.random() < 0.15:
        lines.append("klatt %d" % rng.choice((1, 2, 3, 4)))
    return "\n".join(lines) + "\n"


def data_with_variants(folder, rng, count):
    """A copy of espeak-ng's data (links) with random variants; returns their names."""
    data = os.path.join(folder, "espeak-ng-data")
    voices = os.path.join(data, "voices")
    variants = os.path.join(voices, "!v")
    os.makedirs(variants)
    own = data_folder()
    for source, target in ((own, data), (own + "/voices", voices), (own + "/voices/!v", variants)):
        for name in os.listdir(source):
            if name not in ("voices", "!v"):
                os.symlink(os.path.join(source, name), os.path.join(target, name))
    names = ["random%d" % i for i in range(count)]
    for name in names:
        with open(os.path.join(variants, name), "w", encoding="utf-8") as file:
            file.write(random_variant(rng).replace("variant\n", "variant\nname %s\n" % name, 1))
    return names


class _Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user_data", ctypes.c_void_p), ("name", ctypes.c_char * 8)]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int,
                             ctypes.POINTER(_Event))


class Speaker:
    """One espeak-ng instance; say() gives samples, and start and end of each character.

    folder: one that holds a folder espeak-ng-data of its own, see data_with_variants.
    """

    def __init__(self, folder=None):
        self._lib = ctypes.CDLL("libespeak-ng.so.1")
        self._blocks, self._events = [], []
        self._callback = _CALLBACK(self._collect)
        # 2: synchronous retrieval of samples; option 1: phoneme events.
        self.rate = self._lib.espeak_Initialize(2, 0, folder.encode() if folder else None, 1)
        if self.rate != 22050:
            raise RuntimeError("espeak-ng did not start (sample rate %s)" % self.rate)
        self._lib.espeak_SetSynthCallback(self._callback)

    def _collect(self, samples, count, events):
        if samples and count > 0:
            self._blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            if event.type in (_EVENT_WORD, _EVENT_PHONEME):
                self._events.append((event.type, event.text_position, event.length, event.sample,
                                     event.name if event.type == _EVENT_PHONEME else b""))
            index += 1
        return 0

    def say(self, text, voice, rate, pitch, pitch_range=50):
        """Speak text; returns (samples float32 at 22,050 Hz, times).

        times has one row (first sample, last sample, phonemes) for each character of text, None for
        punctuation and for characters that espeak-ng gave no event for.
        """
        self._blocks, self._events = [], []
        name = "%s+%s" % (LANGUAGE, voice)
        if self._lib.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError("no espeak-ng voice " + name)
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._lib.espeak_SetParameter(parameter, int(value), 0)
        data = text.encode("utf-8")
        self._lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, 1, None, None)
        self._lib.espeak_Synchronize()
        samples = np.concatenate(self._blocks).astype(np.float32) / 32768
        return samples, self._character_times(text, len(samples))

    def _character_times(self, text, total):
        times = [None] * len(text)
        current, start, phones = None, 0, []

        def close(sample):
            if current is not None and times[current] is None:
                times[current] = (start, sample, "".join(phones))

        for kind, position, length, sample, name in self._events:
            if kind == _EVENT_WORD:
                close(sample)
                current, start, phones = None, sample, []
                if length > 0 and 0 < position <= len(text) and "\u4e00" <= text[position - 1] <= "\u9fff":
                    current = position - 1
            elif name in (b"_:", b"_", b"_;_"):
                close(sample)
                current = None
            elif not name.startswith(b"_"):
                phones.append(name.decode("utf-8", "replace"))
        close(total)
        return times


def trim(samples, times, threshold=0.002, margin=550):
    """Cut the silence around an utterance; times move along."""
    loud = np.nonzero(np.abs(samples) > threshold)[0]
    if not len(loud):
        return samples, times
    first, last = max(0, loud[0] - margin), loud[-1] + margin
    moved = [None if t is None else (max(0, t[0] - first), min(last, t[1]) - first, t[2]) for t in times]
    return samples[first:last], moved


def _padded_spectrum(samples):
    """Spectrum of samples at 22,050 Hz, zero-padded so that 16 and 8 kHz have whole lengths."""
    blocks = -(-len(samples) // 882) * 2           # 441 samples at 22,050 Hz = 320 at 16 kHz
    while _is_rough(blocks):                       # sizes with large prime factors are slow
        blocks += 2
    return np.fft.rfft(samples, 441 * blocks), blocks


def _is_rough(number):
    for prime in (2, 3, 5, 7):
        while number % prime == 0:
            number //= prime
    return number > 1


def to_16k(samples):
    """Band-limited resampling from 22,050 to 16,000 Hz."""
    spectrum, blocks = _padded_spectrum(samples)
    size = 320 * blocks
    out = np.fft.irfft(spectrum[:size // 2 + 1], size) * (320 / 441)
    return out[:len(samples) * 320 // 441].astype(np.float32)


def a_law(x):
    """A-law, coded and decoded."""
    x = np.clip(x, -1, 1)
    sign, size, a = np.sign(x), np.abs(x), 87.6
    base = 1 + np.log(a)
    coded = np.where(size < 1 / a, a * size / base, (1 + np.log(np.maximum(a * size, 1e-9))) / base)
    coded = np.minimum((np.floor(coded * 128) + 0.5) / 128, 127.5 / 128)
    return sign * np.where(coded < 1 / base, coded * base / a, np.exp(coded * base - 1) / a)


def mu_law(x):
    """mu-law, coded and decoded."""
    x = np.clip(x, -1, 1)
    coded = np.round(np.log1p(255 * np.abs(x)) / np.log1p(255) * 127) / 127
    return np.sign(x) * (256.0 ** coded - 1) / 255


def telephone(samples, rng):
    """8 kHz telephone channel of samples at 22,050 Hz, brought back to 16 kHz."""
    spectrum, blocks = _padded_spectrum(samples)
    size = 160 * blocks
    spectrum = spectrum[:size // 2 + 1].copy()
    hertz = np.maximum(np.arange(len(spectrum)) * (8000 / size), 1e-3)
    if rng.random() < 0.75:
        low, high, order = rng.uniform(80, 330), rng.uniform(3200, 3900), rng.choice([2, 4, 8, 16])
        spectrum = spectrum / np.sqrt((1 + (low / hertz) ** (2 * min(order, 4))) * (1 + (hertz / high) ** (2 * order)))
    narrow = np.fft.irfft(spectrum, size) * (160 / 441)
    narrow = narrow * 10 ** (rng.uniform(-12, 0) / 20)
    law = rng.random()
    if law < 0.75:
        narrow = a_law(narrow)
    elif law < 0.95:
        narrow = mu_law(narrow)
    wide = np.zeros(160 * blocks + 1, complex)
    wide[:size // 2 + 1] = np.fft.rfft(narrow)
    out = np.fft.irfft(wide, 2 * size) * 2
    return out[:len(samples) * 320 // 441].astype(np.float32)


def utterance(speaker, text, voice, rate, pitch, rng, narrow):
    """One training utterance: (log-mel float16, times in 10 ms frames (n, 2) int16, phonemes)."""
    samples, times = trim(*speaker.say(text, voice, rate, pitch, rng.uniform(40, 64)))
    samples = samples * (rng.uniform(0.1, 0.9) / (np.abs(samples).max() + 1e-6))
    sound = telephone(samples, rng) if narrow else to_16k(samples)
    frames = np.full((len(text), 2), -1, np.int16)
    phones = []
    for index, time in enumerate(times):
        phones.append(time[2] if time else "")
        if time:
            frames[index] = round(time[0] / 220.5), round(time[1] / 220.5)
    return mel.log_mel(sound).astype(np.float16), frames, phones
