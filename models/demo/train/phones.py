"""Syllables and tones: targets of the encoder's auxiliary frame classifier, dropped at export.

The syllable of a character is what espeak-ng said in its context (phoneme events); its tone is that
of the character said alone, so tone sandhi and polyphones are a little label noise.
"""
import json
import os
import re
import subprocess

import text

PATH = os.path.join(text.HERE, "phones.json")
TONES = 6                                  # class 0: no speech; 1..5 tones


def build(characters):
    """{"tones": {character: 1..5}, "syllables": [name, ...], "readings": {character: syllable}}."""
    han = [c for c in characters if c not in text.PUNCTUATION]
    output = subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-q", "-x"],
                            input="\n\n".join(c + "。" for c in han), capture_output=True, text=True,
                            check=True).stdout
    lines = [line.strip() for line in output.split("\n") if line.strip()]
    if len(lines) != len(han):
        raise RuntimeError("espeak-ng gave %d lines for %d characters" % (len(lines), len(han)))
    tones, readings = {}, {}
    for character, line in zip(han, lines):
        plain = re.sub(r"[_|' ]", "", line)
        digits = re.sub(r"[^0-9]", "", plain)
        tones[character] = {"55": 1, "35": 2, "214": 3, "21": 3, "51": 4, "11": 5}.get(digits, 5)
        readings[character] = re.sub(r"[0-9]", "", plain)
    return {"tones": tones, "readings": readings, "syllables": sorted(set(readings.values()))}


def load(characters):
    """The table of PATH, built anew when the vocabulary has characters it lacks."""
    table = None
    if os.path.exists(PATH):
        with open(PATH, encoding="utf-8") as file:
            table = json.load(file)
    if table is None or any(c not in table["tones"] for c in characters if c not in text.PUNCTUATION):
        fresh = build(characters)
        if table:                          # keep the numbers of known syllables
            known = table["syllables"]
            fresh["syllables"] = known + [s for s in fresh["syllables"] if s not in known]
        table = fresh
        with open(PATH, "w", encoding="utf-8") as file:
            json.dump(table, file, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            file.write("\n")
    return table
