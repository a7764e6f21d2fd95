"""
What averaging the weights, the mirror image and the size that the model sees bring, on the validation photographs:

    python3 training/compare.py --data PHOTOGRAPHS WORK/measured.pt
"""
import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from augment import normalise
from evaluate import AT_ONCE, by_picture
from model import ImageTower
from photographs import clothes, groceries, label_of

SIDES = (96, 112, 128, 144)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path, help="folder with clothing/ and grocery/")
    parser.add_argument("training", type=Path)
    chosen = parser.parse_args()
    saved = torch.load(chosen.training)
    pictures = [*clothes(chosen.data / "clothing"), *groceries(chosen.data / "grocery")]
    for side in SIDES:
        pixels = read(pictures, side)
        for weights in ("parts", "averaged"):
            tower = ImageTower()
            tower.load_state_dict({name[2:]: value for name, value in saved[weights].items() if name.startswith("0.")})
            plain, mirrored = (embed(tower.eval(), images) for images in (pixels, pixels.flip(2)))
            for name, vectors in (("plain", plain), ("mirrored", plain + mirrored)):
                print(side, weights, name, figures(pictures, F.normalize(vectors, dim=1)), flush=True)


def read(pictures, side):
    scaled = (Image.open(picture["path"]).convert("RGB").resize((side, side), Image.BICUBIC) for picture in pictures)
    return torch.from_numpy(np.stack([np.asarray(image) for image in scaled]))


@torch.no_grad()
def embed(tower, pixels):
    return torch.cat([tower(normalise(part)) for part in pixels.split(AT_ONCE)])


def figures(pictures, vectors):
    """Precision@1 and @10 of the validation photographs among those of the training, by domain."""
    found = {}
    for domain in ("clothing", "grocery"):
        numbers = {
            split: [at for at, picture in enumerate(pictures) if (picture["domain"], picture["split"]) == (domain, split)]
            for split in ("validation", "train")
        }
        labels = {split: [label_of(pictures[at]) for at in chosen] for split, chosen in numbers.items()}
        found[domain] = by_picture(
            vectors[numbers["validation"]], vectors[numbers["train"]], labels["validation"], labels["train"]
        )
    return found


if __name__ == "__main__":
    main()
