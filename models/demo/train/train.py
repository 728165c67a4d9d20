"""Training: cross entropy of the decoder, guided attention, and a frame classifier on the encoder.

The learning rate follows the wall clock, so that a run ends on time however busy the machine is. The
weights that are exported are an exponential moving average.
"""
import argparse
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
    parser.add_argument("--guide", type=float, default=0.4, help="weight of guided attention")
    parser.add_argument("--frame", type=float, default=0.6, help="weight of the frame classifier")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


# mode: (batch, encoder frames, chunks of the encoder's attention, share of short windows)
MODES = {"slice": (12, 500, 1, 0.1), "chunked": (4, 1500, 3, 0.2), "full": (3, 1500, 1, 0.35)}
EARLY = {"slice": 0.55, "chunked": 0.37, "full": 0.08}     # shares of the steps at first
LATE = {"slice": 0.20, "chunked": 0.35, "full": 0.45}      # and at the end


def learning_rate(options, progress, step):
    if progress < options.hold:
        rate = options.lr
    else:
        part = (progress - options.hold) / (1 - options.hold)
        rate = options.lr_end + (options.lr - options.lr_end) * 0.5 * (1 + np.cos(np.pi * part))
    return rate * min(1.0, (step + 1) / options.warm_up)


def losses(net, tokens, batch, offset, chunks, options, syllable_count):
    """Weighted loss and its parts (text, guide, frame, accuracy)."""
    mel, source, target, guide, labels = batch
    if options.corrupt:                        # weakens the language model's short cut
        rate = torch.rand(len(source), 1) * options.corrupt * (torch.rand(len(source), 1) < 0.4)
        bad = (torch.rand(source.shape) < rate) & (source < tokens.count)
        source = torch.where(bad, torch.randint(0, tokens.count, source.shape), source)
    with torch.cpu.amp.autocast(dtype=torch.bfloat16):
        memory = net.encoder(mel, offset, chunks)
        logits = net.decoder(source, memory)
        frames = net.frame(memory)
    logits = logits.float().view(-1, logits.shape[-1])
    wanted = target.view(-1)
    text = F.cross_entropy(logits, wanted, ignore_index=-1)
    known = guide[:, :, 0] >= 0
    place = torch.arange(memory.shape[1]).float()
    near = ((place[None, None] - guide[:, :, :1]).abs() <= guide[:, :, 1:]).float()
    guided = [b.cross_attn for b in net.decoder.blocks[1:]]
    attention = sum(-torch.log((a.weights.float() * near).sum(-1) + 1e-4)[known].mean() for a in guided) / len(guided)
    frames = frames.float().view(-1, frames.shape[-1])
    labels = labels.view(-1, 2)
    frame = F.cross_entropy(frames[:, :syllable_count], labels[:, 0], ignore_index=-1) \
        + F.cross_entropy(frames[:, syllable_count:], labels[:, 1], ignore_index=-1)
    with torch.no_grad():
        is_text = (wanted >= 0) & (wanted < tokens.count)
        accuracy = (logits.argmax(-1) == wanted)[is_text].float().mean().item()
    return text + options.guide * attention + options.frame * frame, \
        (text.item(), attention.item(), frame.item(), accuracy)


def main():
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    characters = vocabulary.load()
    tokens = whisper.Tokens(characters)
    table = phones.load(characters)
    syllable_count = len(table["syllables"]) + 1
    net = whisper.Whisper(options.width, options.width // 64, options.encoder_layers, options.decoder_layers,
                          tokens.size, syllable_count + phones.TONES)
    if options.init:
        state, old = checkpoint.read(options.init)
        print("new characters:", checkpoint.adopt(net, tokens, state, old, table["readings"], options.seed))
    for block in net.decoder.blocks[1:]:
        block.cross_attn.keep = True
    pool = windows.Pool(options.pool, table)
    pool.refresh()
    maker = windows.WindowMaker(pool, tokens, rng)
    matrices = [p for n, p in net.named_parameters() if p.ndim >= 2 and ".blocks." in n or ".conv" in n and p.ndim == 3]
    known = {id(p) for p in matrices}
    muon = optimiser.Muon(matrices)
    adam = torch.optim.AdamW([p for p in net.parameters() if id(p) not in known], lr=options.lr, betas=(0.9, 0.98),
                             eps=1e-8, weight_decay=0.0)
    average = {k: v.clone() for k, v in net.state_dict().items()}
    print("parameters", sum(p.numel() for p in net.parameters()), "rows", tokens.size, "utterances", len(pool.items),
          flush=True)
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))      # save and end
    start = saved = shown = time.time()
    step, audio, parts, making = 0, 0.0, [], 0.0
    while True:
        elapsed = (time.time() - start) / 60
        progress = elapsed / options.minutes
        if progress >= 1 or stopped:
            break
        share = np.array([EARLY[m] + (LATE[m] - EARLY[m]) * progress for m in MODES])
        mode = list(MODES)[rng.choice(len(MODES), p=share / share.sum())]
        count, length, chunks, short_share = MODES[mode]
        offset = 0
        if mode == "slice":
            length = int(rng.integers(150, 301)) * 2
            offset = int(rng.integers(0, 1500 - length + 1)) if rng.random() < 0.5 else 0
        begun = time.time()
        batch = maker.batch(count, length, offset, short_share)
        making += time.time() - begun
        rate = learning_rate(options, progress, step)
        for group in adam.param_groups:
            group["lr"] = rate
        loss, part = losses(net, tokens, batch, offset, chunks, options, syllable_count)
        net.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        muon.step(rate)
        adam.step()
        step += 1
        keep = min(options.average, step / (step + 10))
        with torch.no_grad():
            for name, value in net.state_dict().items():
                average[name].lerp_(value, 1 - keep)
        parts.append(part)
        audio += count * length / 50
        if step % 100 == 0:
            now = time.time()
            mean = np.mean(parts, 0)
            print("%.1f min step %d lr %.1e text %.3f guide %.3f frame %.3f accuracy %.3f | %.2f steps/s, making %.0f%%, "
                  "%.1f h audio, %d utterances" % (elapsed, step, rate, *mean, 100 / (now - shown),
                                                   100 * making / (now - shown), audio / 3600, len(pool.items)), flush=True)
            parts, shown, making = [], now, 0.0
        if time.time() - saved > 120:
            checkpoint.save(options.out, average, net.shape, characters)
            pool.refresh(12)
            saved = time.time()
    checkpoint.save(options.out, average, net.shape, characters)
    print("done: %d steps, %.1f h of audio, %.1f minutes" % (step, audio / 3600, (time.time() - start) / 60), flush=True)


if __name__ == "__main__":
    main()
