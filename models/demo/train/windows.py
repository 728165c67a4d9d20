"""Training windows put together from utterances, in the log-mel domain.

A window looks like what the product gives to whisper.cpp: speech spans of one telephone channel,
packed with pauses of mostly 0.2 to 1 s, up to 30 s; the last window of a call is short and padded
with zeros. Noise, levels, cross-talk, tight cuts and channel colour are added on the fly.
"""
import glob
import os
import pickle

import numpy as np
import torch

from mel import FLOOR, N_MELS, normalise
from text import PUNCTUATION

MAX_TOKENS = 212           # whisper.cpp decodes at most n_text_ctx/2 - 4 tokens a window
LN10 = float(np.log(10))


class Pool:
    """The utterances of a folder of shards; refresh() takes in shards that came since."""

    def __init__(self, folder, table):
        self.folder, self.seen = folder, set()
        self.items, self.voices = [], {}
        self.tones = table["tones"]
        self.syllables = {name: i + 1 for i, name in enumerate(table["syllables"])}

    def refresh(self, limit=1000):
        """Load up to limit new shards; returns how many were loaded."""
        names = [n for n in sorted(glob.glob(os.path.join(self.folder, "*.pickle"))) if n not in self.seen]
        for name in names[:limit]:
            self.seen.add(name)
            with open(name, "rb") as file:
                for text, voice, narrow, mel, frames, syllables in pickle.load(file):
                    labels = np.array([(self.syllables.get(s, 0), self.tones.get(c, 0))
                                       for c, s in zip(text, syllables)], np.int16)
                    self.voices.setdefault((voice, narrow), []).append(len(self.items))
                    self.items.append((text, mel, frames, labels))
        self.keys = sorted(self.voices)
        self.weights = np.array([len(self.voices[k]) for k in self.keys], float)
        self.weights /= self.weights.sum()
        return len(names[:limit])


def smooth_curve(rng, knots=6, scale=1.0):
    """A random smooth curve over the mel bands."""
    return np.interp(np.linspace(0, 1, N_MELS), np.linspace(0, 1, knots),
                     rng.normal(0, scale, knots)).astype(np.float32)


def stretch(mel, factor):
    """Change of tempo by linear interpolation in time."""
    count = max(8, int(len(mel) * factor))
    position = np.linspace(0, len(mel) - 1, count)
    left = np.minimum(position.astype(int), len(mel) - 2)
    part = (position - left)[:, None].astype(np.float32)
    return mel[left] * (1 - part) + mel[left + 1] * part


def warp(mel, factor):
    """Shift of the spectrum: another vocal tract."""
    position = np.clip(np.arange(N_MELS) * factor, 0, N_MELS - 1)
    left = np.minimum(position.astype(int), N_MELS - 2)
    part = (position - left)[None].astype(np.float32)
    return mel[:, left] * (1 - part) + mel[:, left + 1] * part


class WindowMaker:
    """Draws windows; one per call of window(), batches by batch()."""

    def __init__(self, pool, tokens, rng):
        self.pool, self.tokens, self.rng = pool, tokens, rng
        self.encoded = {}

    def _utterance(self, key, voice_warp):
        rng, pool = self.rng, self.pool
        choices = pool.voices[key]
        text, mel, frames, labels = pool.items[choices[rng.integers(len(choices))]]
        mel, scale = mel.astype(np.float32), 1.0
        if rng.random() < 0.3:
            scale = rng.uniform(0.92, 1.08)
            before = len(mel)
            mel = stretch(mel, scale)
            scale = len(mel) / before
        if voice_warp != 1.0:
            mel = warp(mel, voice_warp)
        return text, mel, frames * scale, labels

    def _gap(self, mode):
        """Frames of pause before the next span."""
        rng, x = self.rng, self.rng.random()
        if mode == "dense":
            return int(rng.uniform(5, 45))
        if x < 0.75:
            return int(rng.uniform(15, 100))
        return int(rng.uniform(2, 15)) if x < 0.88 else int(min(700, rng.exponential(150)))

    def window(self, width, offset=0, layout="packed"):
        """One window of `width` mel frames; offset in encoder frames (position of the first one).

        layout: "packed" fills the window, "short" has 1 to 3 utterances and then nothing.
        """
        rng, tokens = self.rng, self.tokens
        canvas = np.full((width, N_MELS), FLOOR, np.float32)
        frame_labels = np.zeros((width // 2, 2), np.int64)
        silent = rng.random() < 0.02
        same_voice = rng.random() < 0.85
        key = self.pool.keys[rng.choice(len(self.pool.keys), p=self.pool.weights)]
        voice_warp = rng.uniform(0.94, 1.06) if rng.random() < 0.5 else 1.0
        level = rng.uniform(-0.9, 0.3)
        gap_mode = "dense" if rng.random() < (0.8 if width < 3000 else 0.3) else "mixed"
        limit = {"packed": 10 ** 6, "short": int(rng.integers(1, 4))}[layout]
        x = rng.random()
        position = 0
        if x < 0.75 or gap_mode == "dense":
            position = int(rng.uniform(0, 35))
        elif x < 0.92:
            position = int(min(600, rng.exponential(90)))
        spans, token_count, cut_at, previous, tries = [], 4, None, None, 0
        while not silent and len(spans) < limit and position < width - 40:
            if not same_voice and rng.random() < 0.6:
                key = self.pool.keys[rng.choice(len(self.pool.keys), p=self.pool.weights)]
            drawn = previous if previous is not None and rng.random() < 0.03 else self._utterance(key, voice_warp)
            text, mel, frames, labels = drawn
            token_count += len(text) + 2
            if token_count > MAX_TOKENS:
                break
            if position + len(mel) > width:
                tries += 1
                token_count -= len(text) + 2
                rows = width - position
                if width == 3000 and tries == 1 and spans and rows > 80 and rng.random() < 0.12:
                    # cut by the end of the window; whisper.cpp then goes on from its start
                    canvas[position:] = mel[:rows] + level
                    cut_at = position
                    break
                if tries < 4:
                    continue
                break
            previous = drawn
            gain = level + rng.normal(0, 0.15)
            canvas[position:position + len(mel)] = mel + gain
            spans.append((position, position + len(mel), text, frames + position, labels))
            position += len(mel) + self._gap(gap_mode)
        if not spans and cut_at is None and not silent:
            return None
        self._degrade(canvas, spans, silent, cut_at, layout)
        maximum = canvas.max() if canvas.max() > -9 else -2.0
        if silent or rng.random() < 0.08:      # whisper.cpp clamps by the maximum of the whole call
            maximum = max(maximum, rng.uniform(-1, 1.5))
        ids, guide = self._targets(spans, frame_labels, offset, silent, cut_at)
        source, target = list(ids[:-1]), ids[1:]
        if not silent and len(source) > 3 and source[3] > tokens.time0 + 50 and rng.random() < 0.7:
            # whisper.cpp forces the first timestamp to be at most 1.00 s
            source[3] = tokens.time0 + int(rng.choice([50, 50, 50, 0, rng.integers(0, 51)]))
        target[1] = -1                         # "transcribe" is always given
        return normalise(canvas, maximum).T, source, target, guide, frame_labels

    def _targets(self, spans, frame_labels, offset, silent, cut_at):
        """Token ids, expected place (centre, radius) of each target token, and frame labels."""
        tokens = self.tokens

        def time(frame):
            return tokens.time0 + int(min(1500, max(0, offset + round(frame / 2))))

        ids = [tokens.sot, tokens.zh, tokens.transcribe]
        guide = [(-1.0, 0.0)] * 2
        if silent:
            ids += [tokens.time0, tokens.eot]
            return ids, guide + [(-1.0, 0.0)] * 2
        for start, end, text, frames, labels in spans:
            known = frames[frames[:, 0] >= start] if len(frames) else frames
            first, last = known[0, 0], known[-1, 1]
            ids.append(time(first))
            guide.append((first / 2, 10.0))
            edge = first
            for index, character in enumerate(text):
                ids.append(tokens.ids[character])
                if character in PUNCTUATION:
                    following = frames[index + 1, 0] if index + 1 < len(text) else edge
                    guide.append(((edge + following) / 4, max(8.0, (following - edge) / 4 + 6)))
                    continue
                begin, edge = frames[index]
                guide.append(((begin + edge) / 4, (edge - begin) / 4 + 2.0))
                frame_labels[int(begin / 2):max(int(begin / 2) + 1, int(edge / 2))] = labels[index]
            ids.append(time(last))
            guide.append((last / 2, 10.0))
        if cut_at is not None:
            ids.append(time(cut_at + 3))
            guide.append((cut_at / 2, 12.0))
            frame_labels[cut_at // 2:] = -1
        ids.append(tokens.eot)
        guide.append((-1.0, 0.0))
        return ids, guide

    def _degrade(self, canvas, spans, silent, cut_at, layout):
        """Cuts, cross-talk, noise, channel and gaps in place."""
        rng, width = self.rng, len(canvas)
        active = width
        if spans and cut_at is None and (layout == "short" or rng.random() < 0.3):
            active = min(width, spans[-1][1] + int(rng.uniform(0, 40)))
        for start, end, _, frames, _ in spans:     # a voice activity detector that cuts tightly
            if rng.random() < 0.15:
                canvas[start:start + int(rng.uniform(0, 8))] = FLOOR
            if rng.random() < 0.15:
                canvas[end - int(rng.uniform(1, 8)):end] = FLOOR
        if rng.random() < 0.15 and not silent:     # cross-talk
            key = self.pool.keys[rng.integers(len(self.pool.keys))]
            at = int(rng.uniform(0, active))
            while at < active - 50:
                mel = self._utterance(key, 1.0)[1]
                rows = min(len(mel), active - at)
                piece = canvas[at:at + rows]
                np.copyto(piece, np.logaddexp(piece * LN10, (mel[:rows] - rng.uniform(2.6, 4.0)) * LN10) / LN10)
                at += rows + int(rng.exponential(200))
        if rng.random() < 0.5:
            canvas[:active] += smooth_curve(rng, scale=rng.uniform(0, 0.25))[None]
        if rng.random() < 0.65:
            if spans:
                start, end = spans[rng.integers(len(spans))][:2]
                speech = np.log10(np.mean(10.0 ** canvas[start:end]) + 1e-10)
            else:
                speech = rng.uniform(-2, 0)
            noise = speech - rng.uniform(2.0, 4.5) + smooth_curve(rng, 5, rng.uniform(0, 0.6))
            if rng.random() < 0.85:                # telephone band
                noise[int(rng.uniform(62, 70)):] -= rng.uniform(0, 4)
                noise[:3] -= rng.uniform(0, 2)
            rows = noise[None] + rng.normal(0, 0.25, (active, N_MELS)).astype(np.float32)
            if rng.random() < 0.5 and spans:       # noise inside the spans only: zeros between them
                margin = int(rng.uniform(0, 30))
                gate = np.zeros(active, bool)
                for start, end, *_ in spans:
                    gate[max(0, start - margin):end + margin] = True
                if cut_at is not None:
                    gate[cut_at:] = True
                rows[~gate] = FLOOR
            np.copyto(canvas[:active], np.logaddexp(canvas[:active] * LN10, rows * LN10) / LN10)
        if rng.random() < 0.2:
            canvas[:active, :2] = np.maximum(canvas[:active, :2], rng.uniform(-6, -4))   # idle A-law offset
        if rng.random() < 0.2:                     # masked bands and moments
            band = rng.integers(0, 70)
            canvas[:, band:band + rng.integers(1, 7)] = FLOOR
            for _ in range(width // 400 + 1):
                at = rng.integers(0, width)
                canvas[at:at + rng.integers(1, 8)] = FLOOR

    def batch(self, count, length, offset=0, short_share=0.0):
        """Tensors of `count` windows of `length` encoder frames."""
        windows = []
        while len(windows) < count:
            layout = "short" if self.rng.random() < short_share else "packed"
            window = self.window(2 * length, offset, layout)
            if window is not None:
                windows.append(window)
        size = max(len(w[1]) for w in windows)
        source = torch.full((count, size), self.tokens.eot)
        target = torch.full((count, size), -1)
        guide = torch.full((count, size, 2), -1.0)
        for i, (_, ids, wanted, places, _) in enumerate(windows):
            source[i, :len(ids)] = torch.tensor(ids)
            target[i, :len(wanted)] = torch.tensor(wanted)
            guide[i, :len(places)] = torch.tensor(places, dtype=torch.float32)
        return (torch.from_numpy(np.stack([w[0] for w in windows]).astype(np.float32)), source, target, guide,
                torch.from_numpy(np.stack([w[4] for w in windows])))
