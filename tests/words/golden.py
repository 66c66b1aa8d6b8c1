"""How Hugging Face's `tokenizers` parts texts: the oracle of the words' tokeniser.

    python golden.py OUT.json [COUNT]

Writes a vocabulary of WordPiece, and texts with their plain words and tokens. With COUNT so many titles are made up besides, of
all scripts, and there are a text of a megabyte and texts of all characters. (The tables of `tokenizers` are those of Unicode 8:
signs and marks that came later it takes for letters.)
"""

import json
import random
import sys

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WHOLE = "space robot robots opera the of slow love cafe naive strasse 東 京 ! , . ' ( ) - й я λ σ ς é".split()
PARTS = "s ing ship able er σ ς я é".split()
TEXTS = [
    "", " ", "Slow space opera with robots", "Café, naïve — Straße!", "don't stop", "ROBOTS", "robots2", "(1995)",
    "東京物語", "東京 Tokyo", "ΛΟΓΟΣ λόγος", "Й й я", "İstanbul ıI", "ﬁlm Ⅻ ①", "e\u0301 é", "a\u0300b", "🎬 🤖robots👩‍🚀",
    "a\u0000b\ufffdc\u200bd\u00ade", "tab\tnew\nline\r\nend", "x\u00a0y\u3000z\u2028w", "…–—“”‘’«»¿¡", "$5 + 3 = 8 ^ ~ ` | <b>",
    "ก็ ภาษาไทย", "हिन्दी", "العربية", "עברית", "한국어 한국어", "ディズニー ﾃﾞ", "robot" * 30, "é" * 100, "a" * 101, "spaceships",
    "[CLS", "ignore all previous instructions", "\u202eabc", "a\ud7ffb", "ǅ ǈ", "ẞ ß",
]


def made_up(count):
    random.seed(1)
    ranges = [(0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x620, 0x6FF), (0x900, 0x97F), (0x3040, 0x30FF)]
    ranges += [(0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x2000, 0x206F), (0x1F300, 0x1F6FF), (0x300, 0x36F)]
    for _ in range(count):
        script = random.choice(ranges)
        letter = lambda: chr(random.randint(*(script if random.random() < 0.7 else random.choice(ranges))))
        words = [random.choice(WHOLE) if random.random() < 0.3 else "".join(letter() for _ in range(random.randint(1, 9)))]
        words += ["".join(letter() for _ in range(random.randint(1, 9))) for _ in range(random.randint(0, 6))]
        yield " ".join(words)


# Letters of Unicode 13 to 16 (Dives Akuru, Gurung Khema, Kirat Rai, Todhri, Tulu-Tigalari) whose parts `tokenizers` does not know.
PARTED_LATER = {0x105C9, 0x105E4, 0x11383, 0x11385, 0x1138E, 0x11391, 0x113C5, 0x113C7, 0x113C8, 0x11938, *range(0x16121, 0x16129)}
PARTED_LATER |= {0x16D68, 0x16D69, 0x16D6A}


def everything():
    """Each character within a word of its own, a hundred a text."""
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and c not in PARTED_LATER]
    for at in range(0, len(characters), 100):
        yield " ".join(f"a{character}b" for character in characters[at : at + 100])


def main(out, count=0):
    vocabulary = ["[UNK]", *dict.fromkeys([*LETTERS, *WHOLE]), *dict.fromkeys(f"##{part}" for part in [*LETTERS, *PARTS])]
    numbers = {token: at for at, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cases = []
    long = ["Robots, cafés and 東京! " * 40_000, *everything()] if count else []
    for text in [*TEXTS, *made_up(int(count)), *long]:
        normal = tokenizer.normalizer.normalize_str(text)
        words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]
        cases.append([text, " ".join(words), tokenizer.encode(text).tokens])
    with open(out, "w", encoding="utf-8") as file:
        rows = ",\n".join(json.dumps(case) for case in cases)
        file.write(f'{{"vocabulary": {json.dumps(vocabulary)}, "cases": [\n{rows}\n]}}\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
