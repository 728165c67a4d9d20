"""Log-mel spectra exactly as whisper.cpp computes them (80 mels, 25 ms Hann window, 10 ms hop)."""
import numpy as np

SAMPLE_RATE = 16000
N_FFT = 400
HOP = 160
N_MELS = 80
FLOOR = -10.0          # log10 of the smallest mel power that whisper.cpp keeps


def mel_filters(rate=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS):
    """Slaney mel filter bank with area normalisation, the one Whisper ships: (80, 201)."""
    def to_mel(hertz):
        hertz = np.asarray(hertz, float)
        return np.where(hertz >= 1000,
                        15 + np.log(np.maximum(hertz, 1e-9) / 1000) / (np.log(6.4) / 27),
                        hertz / (200 / 3))

    def to_hertz(mel):
        mel = np.asarray(mel, float)
        return np.where(mel >= 15, 1000 * np.exp((np.log(6.4) / 27) * (mel - 15)), mel * 200 / 3)

    bins = np.linspace(0, rate / 2, n_fft // 2 + 1)
    edges = to_hertz(np.linspace(to_mel(0.0), to_mel(rate / 2), n_mels + 2))
    widths = np.diff(edges)
    ramps = edges[:, None] - bins[None]
    weights = np.maximum(0, np.minimum(-ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]))
    return (weights * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


FILTERS = mel_filters()
_WINDOW = (0.5 * (1 - np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT))).astype(np.float32)


def log_mel(samples):
    """Un-normalised log10 mel power, (frames, 80); frame i is centred on sample 160*i."""
    samples = np.asarray(samples, np.float32)
    half = N_FFT // 2
    head = samples[1:half + 1][::-1] if len(samples) > half + 1 else np.zeros(half, np.float32)
    padded = np.concatenate([head, samples, np.zeros(half, np.float32)])
    count = (len(padded) - N_FFT) // HOP
    frames = np.lib.stride_tricks.as_strided(
        padded, (count, N_FFT), (padded.strides[0] * HOP, padded.strides[0]))
    power = np.abs(np.fft.rfft(frames * _WINDOW, axis=1)).astype(np.float32) ** 2
    return np.log10(np.maximum(power @ FILTERS.T, 10 ** FLOOR))


def normalise(mel, maximum=None):
    """Whisper's dynamic-range clamp and scaling; maximum is that of the whole signal."""
    top = mel.max() if maximum is None else maximum
    return (np.maximum(mel, top - 8.0) + 4.0) / 4.0
