"""Training: cross entropy of the decoder, guided attention, and a frame classifier on the encoder.

The learning rate follows the wall clock, so that a run ends on time however busy the machine is. The
workers are processes of one thread that update the same weights without waiting for each other: on a
busy machine two of them do twice the work of one with two threads. The weights that are exported are an
exponential moving average.
"""
import argparse
import collections
import multiprocessing
import signal
import time

import numpy as np
import torch
import torch.nn.functional as F

import checkpoint
import model as whisper
import optimiser
import phones
import vocabulary
import windows


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", required=True, help="folder of shards made by generate.py; new ones are taken in")
    parser.add_argument("--init", help="weights to start from: checkpoint or ggml file")
    parser.add_argument("--out", required=True, help="checkpoint to write")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--lr", type=float, default=1.2e-3)
    parser.add_argument("--lr-end", type=float, default=1e-5)
    parser.add_argument("--hold", type=float, default=0.35, help="share of the time at full learning rate")
    parser.add_argument("--warm-up", type=int, default=200, help="steps")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--encoder-layers", type=int, default=4)
    parser.add_argument("--decoder-layers", type=int, default=3)
    parser.add_argument("--corrupt", type=float, default=0.25, help="most characters of the history replaced")
    parser.add_argument("--guide", type=float, default=0.8, help="weight of guided attention")
    parser.add_argument("--frame", type=float, default=0.6, help="weight of the frame classifier")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average")
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


# mode: (batch, encoder frames, chunks of the encoder's attention, share of short windows, learning parts)
# Nine tenths of the work is the encoder's; in the "decoder" modes it only runs forward.
MODES = {
    "slice": (12, 500, 1, 0.1, "all"),
    "full": (3, 1500, 1, 0.35, "all"),
    "chunked decoder": (5, 1500, 3, 0.2, "decoder"),
    "full decoder": (4, 1500, 1, 0.35, "decoder"),
}
EARLY = {"slice": 0.42, "full": 0.04, "chunked decoder": 0.34, "full decoder": 0.20}   # shares of the steps at first
LATE = {"slice": 0.25, "full": 0.15, "chunked decoder": 0.20, "full decoder": 0.40}    # and at the end
REPLAY = 0.5       # share of the decoder's steps that use an encoder output of a few steps ago once more


def learning_rate(options, progress, step):
    if progress < options.hold:
        rate = options.lr
    else:
        part = (progress - options.hold) / (1 - options.hold)
        rate = options.lr_end + (options.lr - options.lr_end) * 0.5 * (1 + np.cos(np.pi * part))
    return rate * min(1.0, (step + 1) / options.warm_up)


def guidance(weights, places):
    """-log of the attention inside the expected places (centre, radius), where they are known."""
    known = places[:, :, 0] >= 0
    frame = torch.arange(weights.shape[-1]).float()
    near = (frame[None, None] - places[:, :, :1]).abs() <= places[:, :, 1:]
    return -torch.log((weights.float() * near).sum(-1) + 1e-4)[known].mean()


def corrupted(source, tokens, most):
    """History with some characters replaced: weakens the language model's short cut."""
    rate = torch.rand(len(source), 1) * most * (torch.rand(len(source), 1) < 0.4)
    bad = (torch.rand(source.shape) < rate) & (source < tokens.count)
    return torch.where(bad, torch.randint(0, tokens.count, source.shape), source)


def encode(net, mel, labels, offset, chunks, syllable_count, learn):
    """Encoder output and, when the encoder learns, the loss of its frame classifier."""
    with torch.cpu.amp.autocast(dtype=torch.bfloat16), torch.set_grad_enabled(learn):
        memory = net.encoder(mel, offset, chunks)
        if not learn:
            return memory, None
        frames = net.frame(memory)
    frames = frames.float().view(-1, frames.shape[-1])
    labels = labels.view(-1, 2)
    return memory, F.cross_entropy(frames[:, :syllable_count], labels[:, 0], ignore_index=-1) \
        + F.cross_entropy(frames[:, syllable_count:], labels[:, 1], ignore_index=-1)


def decode(net, tokens, memory, source, target, guide, most):
    """Loss of the text, of the guided attention, and the share of characters that are right."""
    with torch.cpu.amp.autocast(dtype=torch.bfloat16):
        logits = net.decoder(corrupted(source, tokens, most), memory)
    logits = logits.float().view(-1, logits.shape[-1])
    wanted = target.view(-1)
    text = F.cross_entropy(logits, wanted, ignore_index=-1)
    # The first layer's guided head looks at the character just written, the others' at the next one.
    before = torch.cat([torch.full_like(guide[:, :1], -1.0), guide[:, :-1]], 1)
    attention = sum(guidance(block.cross_attn.weights, before if index == 0 else guide)
                    for index, block in enumerate(net.decoder.blocks)) / len(net.decoder.blocks)
    with torch.no_grad():
        is_text = (wanted >= 0) & (wanted < tokens.count)
        accuracy = (logits.argmax(-1) == wanted)[is_text].float().mean().item()
    return text, attention, accuracy


def build(options, characters, table):
    """The network and its tokens, with the weights of --init."""
    tokens = whisper.Tokens(characters)
    net = whisper.Whisper(options.width, options.width // 64, options.encoder_layers, options.decoder_layers,
                          tokens.size, len(table["syllables"]) + 1 + phones.TONES)
    if options.init:
        state, old = checkpoint.read(options.init)
        print("new characters:", checkpoint.adopt(net, tokens, state, old, table["readings"], options.seed))
    for block in net.decoder.blocks:
        block.cross_attn.keep = True
    return net, tokens


def work(number, options, net, tokens, pool, syllable_count, start):
    """The training loop of one worker; number 0 averages, saves and reports."""
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))      # save and end
    torch.set_num_threads(1)
    torch.manual_seed(options.seed * 100 + number)
    rng = np.random.default_rng(options.seed * 100 + number)
    maker = windows.WindowMaker(pool, tokens, rng)
    matrices = [p for n, p in net.named_parameters() if p.ndim >= 2 and ".blocks." in n or ".conv" in n and p.ndim == 3]
    known = {id(p) for p in matrices}
    muon = optimiser.Muon(matrices)
    adam = torch.optim.AdamW([p for p in net.parameters() if id(p) not in known], lr=options.lr, betas=(0.9, 0.98),
                             eps=1e-8, weight_decay=0.0)
    average = {k: v.clone() for k, v in net.state_dict().items()} if number == 0 else {}
    saved = shown = refreshed = time.time()
    step, audio, parts, making = 0, 0.0, [], 0.0
    replay = collections.deque(maxlen=12)
    while True:
        elapsed = (time.time() - start) / 60
        progress = elapsed / options.minutes
        if progress >= 1 or stopped:
            break
        share = np.array([EARLY[m] + (LATE[m] - EARLY[m]) * progress for m in MODES])
        mode = list(MODES)[rng.choice(len(MODES), p=share / share.sum())]
        count, length, chunks, short_share, learning = MODES[mode]
        rate = learning_rate(options, progress, step)
        for group in adam.param_groups:
            group["lr"] = rate
        if learning == "decoder" and len(replay) == replay.maxlen and rng.random() < REPLAY:
            memory, source, target, guide = replay[rng.integers(len(replay))]
            frame = None
        else:
            offset = 0
            if mode == "slice":
                length = int(rng.integers(150, 301)) * 2
                offset = int(rng.integers(0, 1500 - length + 1)) if rng.random() < 0.5 else 0
            begun = time.time()
            mel, source, target, guide, labels = maker.batch(count, length, offset, short_share)
            making += time.time() - begun
            memory, frame = encode(net, mel, labels, offset, chunks, syllable_count, learning == "all")
            replay.append((memory.detach(), source, target, guide))
            audio += count * length / 50
        text, attention, accuracy = decode(net, tokens, memory, source, target, guide, options.corrupt)
        loss = text + options.guide * attention
        if frame is not None:
            loss = loss + options.frame * frame
        net.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        muon.step(rate)
        adam.step()
        step += 1
        keep = min(options.average, step / (step + 10))
        with torch.no_grad():
            for name, value in (net.state_dict().items() if number == 0 else ()):
                average[name].lerp_(value, 1 - keep)
        parts.append((text.item(), attention.item(), np.nan if frame is None else frame.item(), accuracy))
        if step % 100 == 0:
            now = time.time()
            print("worker %d: %.1f min step %d lr %.1e text %.3f guide %.3f frame %.3f accuracy %.3f | %.2f steps/s, "
                  "making %.0f%%, %.1f h audio, %d utterances"
                  % (number, elapsed, step, rate, *np.nanmean(parts, 0), 100 / (now - shown), 100 * making / (now - shown),
                     audio / 3600, len(pool.items)), flush=True)
            parts, shown, making = [], now, 0.0
        if number == 0 and time.time() - saved > 120:
            checkpoint.save(options.out, average, net.shape, tokens.characters)
            saved = time.time()
        if time.time() - refreshed > 120:
            pool.refresh(12)
            refreshed = time.time()
    if number == 0:
        checkpoint.save(options.out, average, net.shape, tokens.characters)
    print("worker %d done: %d steps, %.1f h of audio, %.1f minutes"
          % (number, step, audio / 3600, (time.time() - start) / 60), flush=True)


def main():
    options = parse_arguments()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    characters = vocabulary.load()
    table = phones.load(characters)
    net, tokens = build(options, characters, table)
    pool = windows.Pool(options.pool, table)
    pool.refresh()
    print("parameters", sum(p.numel() for p in net.parameters()), "rows", tokens.size, "utterances", len(pool.items),
          flush=True)
    net.share_memory()
    arguments = (options, net, tokens, pool, len(table["syllables"]) + 1, time.time())
    others = [multiprocessing.get_context("fork").Process(target=work, args=(number,) + arguments)
              for number in range(1, options.workers)]
    for process in others:
        process.start()
    work(0, *arguments)
    for process in others:
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
