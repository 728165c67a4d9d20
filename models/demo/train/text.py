"""Training text: domain templates with slots, shuffled clauses, general words, number strings.

Everything is written as it is spoken: numbers are Han characters (幺三八零零…, 三百二十元), so that
each character of the text is one syllable of the sound. Punctuation is `，。？` only.
"""
import os
import pickle
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "corpus")
PUNCTUATION = "，。？"
DIGITS = "零一二三四五六七八九"
SLOT = re.compile(r"\{(.+?)\}")
_MARKS = re.compile("[%s]" % PUNCTUATION)

# Share of each kind of sentence, and of each template file within "template".
KINDS = {"template": 0.50, "clauses": 0.16, "salad": 0.08, "words": 0.19, "digits": 0.07}
FILES = {"agent": 0.32, "customer": 0.34, "forbidden": 0.11, "short": 0.10, "jargon": 0.04, "story": 0.09}


def read_lines(name):
    """Lines of a corpus file, without comments and empty lines."""
    path = os.path.join(CORPUS, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def han_number(value):
    """Cardinal below 100,000,000 as spoken: 320 -> 三百二十."""
    if value == 0:
        return "零"
    if value >= 10000:
        head, rest = divmod(value, 10000)
        text = han_number(head) + "万"
        if rest:
            text += ("零" if rest < 1000 else "") + han_number(rest)
        return text
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            if gap and text:
                text += "零"
            text += DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    return text[1:] if text.startswith("一十") else text


class TextSource:
    """Draws sentences; all randomness comes from the random.Random passed in."""

    def __init__(self, dictionary, vocabulary=None, cache=None):
        self.slots = {}
        for line in read_lines("slots.txt"):
            name, values = line.split("=", 1)
            self.slots[name] = values.split("|")
        self.templates = {name: read_lines(name + ".txt") for name in FILES}
        self.given = read_lines("given_names.txt")[0] if read_lines("given_names.txt") else "明华伟芳"
        self.held_out = {_MARKS.sub("", line) for line in read_lines("evaluation.txt")}
        self.vocabulary = set(vocabulary) if vocabulary else None
        self._load_words(dictionary, cache)
        self._domain = self._domain_words()

    def _load_words(self, dictionary, cache):
        """General words of jieba's dictionary, weighted by a root of their frequency."""
        if cache and os.path.exists(cache):
            with open(cache, "rb") as file:
                self.words, self.cumulative = pickle.load(file)
            return
        words, cumulative, total = [], [], 0.0
        with open(dictionary, encoding="utf-8") as file:
            for line in file:
                word, count = line.split(" ")[:2]
                if len(word) > 4 or int(count) < 10:
                    continue
                if self.vocabulary and not all(c in self.vocabulary for c in word):
                    continue
                total += int(count) ** 0.7
                words.append(word)
                cumulative.append(total)
        self.words, self.cumulative = words, cumulative
        if cache:
            temporary = "%s.%d" % (cache, os.getpid())
            with open(temporary, "wb") as file:
                pickle.dump((words, cumulative), file, protocol=4)
            os.replace(temporary, cache)

    def _domain_words(self):
        """Pieces of 1 to 4 characters of the templates and slot values."""
        pieces = set()
        texts = [t for group in self.templates.values() for t in group]
        texts += [value for values in self.slots.values() for value in values]
        for text in texts:
            for part in re.split(r"\{.+?\}|[%s]" % PUNCTUATION, text):
                for size in (2, 3, 4):
                    pieces.update(part[i:i + size] for i in range(len(part) - size + 1))
        return sorted(pieces)

    # -- slots -----------------------------------------------------------------------------------
    def digit_string(self, rng, count, phone=False):
        """Digits one by one, in the groups people speak, with 幺 for one more often than not."""
        digits = [rng.randrange(10) for _ in range(count)]
        if phone:
            digits[0], digits[1] = 1, rng.choice((3, 3, 5, 7, 8, 9))
        if rng.random() < 0.06 and count > 3:
            at = rng.randrange(count - 2)
            digits[at:at + 3] = [digits[at]] * 3
        one = "幺" if rng.random() < 0.6 else "一"
        spoken = "".join(one if d == 1 else DIGITS[d] for d in digits)
        if count > 5 and rng.random() < 0.6:
            size = rng.choice((3, 4))
            cuts = [3, 7] if count == 11 else list(range(size, count - 1, size))
            spoken = "，".join(spoken[a:b] for a, b in zip([0] + cuts, cuts + [count]))
        return spoken

    def amount(self, rng):
        """A sum of money as spoken."""
        value = int(10 ** rng.uniform(0.7, 4.3))
        if rng.random() < 0.4:
            value = max(10, value // 10 * 10)
        text = han_number(value)
        if rng.random() < 0.3:
            text = text.replace("二百", "两百").replace("二千", "两千")
        kind = rng.random()
        if kind < 0.4:
            return text + "元"
        if kind < 0.6:
            return text + "块钱"
        if kind < 0.8:
            return text + "块" + DIGITS[rng.randint(1, 9)] + ("毛" if rng.random() < 0.3 else "")
        return text + "点" + DIGITS[rng.randint(0, 9)] + DIGITS[rng.randint(1, 9)] + "元"

    def _computed(self, name, rng):
        if name == "户号":
            return self.digit_string(rng, rng.choice((10, 10, 10, 13)))
        if name == "电话":
            return self.digit_string(rng, 11, True) if rng.random() < 0.85 else self.digit_string(rng, 8)
        if name in ("工号", "短号"):
            return self.digit_string(rng, rng.choice((3, 4, 4, 5, 6)))
        if name == "验证码":
            return self.digit_string(rng, 6)
        if name == "号码":
            return self.digit_string(rng, rng.randint(3, 18))
        if name == "室":
            return self.digit_string(rng, rng.choice((3, 3, 4))) + "室"
        if name == "号":
            return han_number(rng.randint(1, 320)) + "号"
        if name == "钱":
            return self.amount(rng)
        if name == "度":
            return han_number(int(10 ** rng.uniform(1, 3.6))) + ("度" if rng.random() < 0.85 else "度电")
        if name == "百分":
            return "百分之" + han_number(rng.randint(1, 100))
        if name == "时刻":
            hour, minute = rng.randint(1, 23), rng.randint(1, 59)
            return ("两" if hour == 2 else han_number(hour)) + "点" + ("零" if minute < 10 else "") \
                + han_number(minute) + ("分" if rng.random() < 0.7 else "")
        if name == "日":
            return han_number(rng.randint(1, 31)) + rng.choice(("号", "号", "日"))
        if name == "日期":
            return han_number(rng.randint(1, 12)) + "月" + self._computed("日", rng)
        if name == "年":
            number = "二零" + DIGITS[rng.randint(1, 2)] + DIGITS[rng.randrange(10)] + "年"
            return rng.choice(("今年", "去年", "前年", number))
        if name == "姓名":
            return rng.choice(self.slots["姓"]) + "".join(rng.choice(self.given) for _ in range(rng.choice((1, 2, 2))))
        return None

    def expand(self, template, rng):
        """Fill the slots of a template."""
        def fill(match):
            name = match.group(1)
            value = self._computed(name, rng)
            if value is None:
                value = self.expand(rng.choice(self.slots[name]), rng)
            return value
        return SLOT.sub(fill, template)

    # -- sentences -------------------------------------------------------------------------------
    def template(self, rng):
        """A filled template of one of the files."""
        names = [n for n in FILES if self.templates[n]]
        name = rng.choices(names, [FILES[n] for n in names])[0]
        return self.expand(rng.choice(self.templates[name]), rng)

    def _random_words(self, rng, low, high):
        return rng.choices(self.words, cum_weights=self.cumulative, k=rng.randint(low, high))

    def _join(self, pieces, rng, comma):
        text = ""
        for index, piece in enumerate(pieces):
            text += piece
            if index < len(pieces) - 1 and rng.random() < comma:
                text += "，"
        return text + "。"

    def _draw(self, rng, kind):
        if kind == "template":
            return self.template(rng)
        if kind == "clauses":                     # clauses of different sentences in new company
            pieces = []
            for _ in range(rng.randint(1, 3)):
                clauses = [c for c in _MARKS.split(self.template(rng)) if c]
                pieces.append(rng.choice(clauses))
                if rng.random() < 0.35:
                    pieces.append("".join(self._random_words(rng, 1, 2)))
            return self._join(pieces, rng, 0.7)
        if kind == "salad":                       # domain pieces among general words
            pieces = [rng.choice(self._domain) if rng.random() < 0.65 else self._random_words(rng, 1, 1)[0]
                      for _ in range(rng.randint(2, 6))]
            return self._join(pieces, rng, 0.15)
        if kind == "words":
            return self._join(self._random_words(rng, 2, 7), rng, 0.2)
        form = rng.choice(("{号码}", "{电话}", "{户号}", "{短号}", "{钱}", "{度}", "{日期}", "{时刻}", "{年}{日期}", "{姓名}",
                           "{姓名}，{电话}", "{号}", "{楼}{室}", "{百分}", "{验证码}", "{路}{号}", "{小区}{楼}{元}{室}"))
        return self.expand(form, rng) + "。"

    def sentence(self, rng, kind=None):
        """A sentence that is no evaluation sentence and fits the vocabulary."""
        while True:
            chosen = kind or rng.choices(list(KINDS), list(KINDS.values()))[0]
            text = self._draw(rng, chosen).replace("，，", "，").lstrip("，")
            text = text.replace("，。", "。").replace("，？", "？")
            if text[-1] not in "。？":
                text = text.rstrip("，") + "。"
            bare = _MARKS.sub("", text)
            if not bare or len(bare) > 48:
                continue
            if bare in self.held_out:
                continue
            if self.vocabulary and not all(c in self.vocabulary or c in PUNCTUATION for c in text):
                continue
            return text


def corpus_characters():
    """Every Han character of the corpus files, evaluation sentences included."""
    found = set("幺零两点百千万亿第号室毛元块")
    for name in sorted(os.listdir(CORPUS)):
        with open(os.path.join(CORPUS, name), encoding="utf-8") as file:
            found.update(c for c in file.read() if "\u4e00" <= c <= "\u9fff")
    return found


def frequent_characters(dictionary, count):
    """The most frequent characters by jieba's word counts."""
    totals = {}
    with open(dictionary, encoding="utf-8") as file:
        for line in file:
            word, number = line.split(" ")[:2]
            for character in word:
                if "\u4e00" <= character <= "\u9fff":
                    totals[character] = totals.get(character, 0) + int(number)
    return sorted(totals, key=lambda c: (-totals[c], c))[:count]


if __name__ == "__main__":
    import sys
    source = TextSource(sys.argv[1])
    generator = random.Random(1)
    for kind in KINDS:
        print(kind, [source.sentence(generator, kind) for _ in range(6)])
