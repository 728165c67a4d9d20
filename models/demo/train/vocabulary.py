"""The characters that the model can write: vocabulary.txt, one line.

Frequent characters first (by jieba's dictionary), then those of the service norms and of the corpus.
New characters are appended only, so that the rows of older weights keep their meaning.
"""
import argparse
import os

import text

PATH = os.path.join(text.HERE, "vocabulary.txt")


def load():
    """Characters in the order of their token ids, punctuation first."""
    with open(PATH, encoding="utf-8") as file:
        return list(file.read().strip())


def build(dictionary, documents, count):
    """Characters of PATH if it exists, plus all that the arguments and the corpus ask for."""
    known = load() if os.path.exists(PATH) else list(text.PUNCTUATION)
    wanted = text.frequent_characters(dictionary, count)
    extra = set(text.corpus_characters())
    for name in documents:
        with open(name, encoding="utf-8") as file:
            extra.update(c for c in file.read() if "\u4e00" <= c <= "\u9fff")
    seen = set(known)
    for character in wanted + sorted(extra):
        if character not in seen:
            seen.add(character)
            known.append(character)
    return known


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dictionary", required=True, help="jieba.dict.utf8")
    parser.add_argument("--count", type=int, default=2800, help="most frequent characters to take")
    parser.add_argument("documents", nargs="*", help="texts whose Han characters must be known")
    arguments = parser.parse_args()
    characters = build(arguments.dictionary, arguments.documents, arguments.count)
    with open(PATH, "w", encoding="utf-8") as out:
        out.write("".join(characters) + "\n")
    print(len(characters), "characters")
