"""
A small vocabulary of byte pairs in the form of CLIP's own: learnt from the captions, and written as the hub's `tokenizer.json`.
"""
import json
import re
import unicodedata
from collections import Counter

START, END = "<|startoftext|>", "<|endoftext|>"

# Tokens that the text tower looks at, those of start and end included.
CONTEXT = 32

# Words, single digits, and runs of anything else: CLIP's pattern, as Python's `re` can say it and as the tokenizers do.
WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+")
PATTERN = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


class Tokenizer:
    """Texts to numbers. `merges` are pairs of pieces, those learnt first first."""

    def __init__(self, merges, context=CONTEXT):
        self.merges = [tuple(merge) for merge in merges]
        self.context = context
        letters = byte_letters()
        pieces = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in self.merges]
        self.vocabulary = {piece: number for number, piece in enumerate([*pieces, START, END])}
        assert len(self.vocabulary) == len(pieces) + 2, "two merges make the same piece"
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.letters = letters
        self.known = {}

    def __len__(self):
        return len(self.vocabulary)

    def encode(self, text):
        """Numbers of the text's tokens between those of its start and its end, `context` of them at most."""
        tokens = [token for word in split_words(text) for token in self._pieces(word)]
        start, end = self.vocabulary[START], self.vocabulary[END]
        return [start, *tokens[: self.context - 2], end]

    def _pieces(self, word):
        if word not in self.known:
            pieces = split_word(word, self.letters)
            while len(pieces) > 1:
                rank, at = min((self.ranks.get(pair, len(self.ranks)), at) for at, pair in enumerate(zip(pieces, pieces[1:])))
                if rank == len(self.ranks):
                    break
                pieces[at : at + 2] = ["".join(self.merges[rank])]
            self.known[word] = [self.vocabulary[piece] for piece in pieces]
        return self.known[word]


def split_words(text):
    return WORDS.findall(unicodedata.normalize("NFC", text).lower())


def learn_merges(texts, count, least=4):
    """Merges the most frequent pair of neighbours again and again, `count` times or until none comes `least` times."""
    letters = byte_letters()
    frequency = Counter(word for text in texts for word in split_words(text))
    words = [(split_word(word, letters), times) for word, times in sorted(frequency.items())]
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for pieces, times in words:
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += times
        if not pairs:
            break
        pair, times = min(pairs.items(), key=lambda item: (-item[1], item[0]))
        if times < least:
            break
        merges.append(pair)
        for pieces, _ in words:
            merge(pieces, pair)
    return merges


def merge(pieces, pair):
    at = 0
    while at < len(pieces) - 1:
        if (pieces[at], pieces[at + 1]) == pair:
            pieces[at : at + 2] = ["".join(pair)]
        at += 1


def split_word(word, letters):
    pieces = [letters[byte] for byte in word.encode()]
    return [*pieces[:-1], pieces[-1] + "</w>"]


def byte_letters():
    """The letters that stand for the 256 bytes, as in every byte-level vocabulary since GPT-2."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def tokenizer_json(tokenizer):
    """What `tokenizer.json` and `tokenizer_config.json` hold."""
    vocabulary = tokenizer.vocabulary
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    split = {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Removed", "invert": True}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    spaces = {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}
    whole = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": vocabulary[token], "content": token, **flags} for token in (START, END)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, spaces, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [END, vocabulary[END]],
            "cls": [START, vocabulary[START]],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": END,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>",
            "fuse_unk": False,
            "vocab": vocabulary,
            "merges": [" ".join(pair) for pair in tokenizer.merges],
        },
    }
    config = {
        "bos_token": START,
        "eos_token": END,
        "model_max_length": tokenizer.context,
        "pad_token": END,
        "tokenizer_class": "CLIPTokenizer",
        "unk_token": END,
    }
    return json.dumps(whole, ensure_ascii=False) + "\n", json.dumps(config, indent=2) + "\n"
