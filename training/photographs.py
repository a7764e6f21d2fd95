"""Reads the photographs and the drawn products: small pictures, and what is known of each."""
import json
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from captions import KIND_OF_CATEGORY
from colours import main_colour

# Side in pixels of what is kept of a picture for training. Crops of it are scaled to what the model sees.
STORED_SIDE = 176

# Kinds of the demo whose drawings the model for the figures never sees, and of the pairs of kind and colour one in so many.
HELD_OUT_KINDS = ("umbrella", "headphones")
PAIRS_PER_HELD_OUT = 8
# The last drawn products of each kind are for measuring only.
DRAWN_FOR_MEASURING = 0.1


def load_pictures(data, drawn, side):
    """
    All pictures: dictionaries with `domain`, `split` ("train", "validation"), the facts, `stored` (uint8
    [176, 176, 3]) and `seen` (uint8 [side, side, 3], scaled as the product does it).
    """
    pictures = [*clothes(data / "clothing"), *groceries(data / "grocery"), *drawings(drawn)]
    for picture in pictures:
        image = ImageOps.exif_transpose(Image.open(picture.pop("path"))).convert("RGB")
        picture["stored"] = np.asarray(image.resize((STORED_SIDE, STORED_SIDE), Image.BICUBIC))
        picture["seen"] = np.asarray(image.resize((side, side), Image.BICUBIC))
        if picture["domain"] == "clothing":
            colour = main_colour(image)
            if colour is not None:
                picture["colour"] = colour
    return pictures


def clothes(folder):
    for split in ("train", "validation"):
        for path in sorted((folder / split).glob("*/*")):
            yield {"domain": "clothing", "split": split, "path": path, "kind": path.parent.name}


def groceries(folder):
    descriptions = {
        path.parent.name: path.read_text(encoding="utf-8", errors="replace").lower()
        for path in folder.glob("iconic*/**/*_Description.txt")
    }
    for split, name in (("train", "train"), ("train", "iconic-images-and-descriptions"), ("validation", "val")):
        for path in sorted((folder / name).glob("**/*.jpg")):
            aisle, group = path.relative_to(folder / name).parts[:2]
            fine = path.parent.name
            yield {
                "domain": "grocery", "split": split, "path": path, "kind": group, "group": group, "class": fine,
                "aisle": aisle, "description": descriptions.get(fine, ""),
            }  # fmt: skip


def drawings(folder):
    lines = [json.loads(line) for line in (folder / "products.jsonl").read_text().splitlines()]
    for number, line in enumerate(lines):
        kind = KIND_OF_CATEGORY[line["kind"]]
        is_measured = number >= len(lines) * (1 - DRAWN_FOR_MEASURING)
        picture = {
            "domain": "drawing", "path": folder / line["file"], "kind": kind, "shape": line["shape"], "colour": line["colour"],
            "pattern": line["pattern"], "material": line["material"], "category": line["kind"],
        }  # fmt: skip
        if line["kind"] == "Sneakers":
            picture["subkind"] = "sneakers"
        picture["split"] = "validation" if is_measured else "held-out" if is_held_out(picture) else "train"
        yield picture


def is_held_out(picture):
    """Whether the model for the figures must not see it."""
    return picture["kind"] in HELD_OUT_KINDS or is_held_out_pair(picture)


def is_held_out_pair(picture):
    pair = f"{picture['category']}/{picture['colour']}"
    return zlib.crc32(pair.encode()) % PAIRS_PER_HELD_OUT == 0


def label_of(picture):
    """The class that a picture is to be found by: a kind, or a variety of groceries."""
    return picture["class"] if picture["domain"] == "grocery" else picture["kind"]


def read_pictures(data, drawn, side, cache):
    """As `load_pictures`, kept in a file for the next time: delete it when data or this code changed."""
    cache = Path(cache)
    if not cache.exists():
        pictures = load_pictures(Path(data), Path(drawn), side)
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.save(cache, np.array(pictures, dtype=object), allow_pickle=True)
    return list(np.load(cache, allow_pickle=True))
