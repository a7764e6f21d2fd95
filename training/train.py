"""
Trains both towers together. See README.md for the commands that made the model that ships.
"""
import argparse
import copy
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from augment import augment, mix
from captions import CaptionWriter, Facts
from evaluate import measure
from losses import CaptionContrast, ClassProxies, truth
from model import DIMENSIONS, ImageTower, TextTower
from photographs import label_of, read_pictures
from tokenizer import CONTEXT, Tokenizer, learn_merges

MERGES = 1200
# Few kinds of drawings share a batch, so that captions have to tell their colours and patterns apart.
KINDS_AT_ONCE = 4
CAPTION_WEIGHT = 0.75
# Drawings are lit by their renderer, and their colours are named more finely than another light would leave them.
LIGHTING = {"photograph": 0.3, "drawing": 0.08}
# What of drawings has proxies of its own, beside the kind.
ATTRIBUTES = ("colour", "pattern")
ATTRIBUTE_WEIGHT = 0.25


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with clothing/ and grocery/")
    parser.add_argument("--drawn", required=True, help="folder that render-products.ts filled")
    parser.add_argument("--work", required=True, type=Path, help="folder for the cache and the results")
    parser.add_argument("--name", required=True, help="name of this training: WORK/NAME.pt is what comes out")
    parser.add_argument("--side", type=int, default=112, help="pixels that the model sees")
    parser.add_argument("--phases", nargs="+", required=True, help="SIDE:STEPS, one after the other")
    parser.add_argument("--decay", type=int, help="steps that the rate falls over, where another training will go on")
    parser.add_argument("--batch", type=int, nargs=3, default=(60, 36, 32), help="photographs, mixed photographs, drawings")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--smallest", type=float, default=0.35, help="smallest share of a picture that a crop has")
    parser.add_argument("--start", help="name of a training to go on from")
    parser.add_argument("--everything", action="store_true", help="train on what is kept for measuring, too")
    parser.add_argument("--only-text", action="store_true", help="leave the image tower as it is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--measure-every", type=int, default=1500)
    return parser.parse_args()


def numbered(values, known):
    """Numbers of values among those known, int64; -1 for what is not."""
    index = {value: number for number, value in enumerate(known)}
    return torch.tensor([index.get(value, -1) for value in values])


class Batches:
    """Endless batches of numbers of pictures; each comes once before any comes again."""

    def __init__(self, numbers, size):
        self.numbers, self.size, self.queue = list(numbers), size, []

    def next(self):
        while len(self.queue) < self.size:
            self.queue.extend(random.sample(self.numbers, len(self.numbers)))
        taken, self.queue = self.queue[: self.size], self.queue[self.size :]
        return taken


class Trainer:
    def __init__(self, chosen):
        self.chosen = chosen
        self.pictures = read_pictures(chosen.data, chosen.drawn, chosen.side, chosen.work / f"pictures-{chosen.side}.npy")
        self.labels = sorted({label_of(picture) for picture in self.pictures})
        self.facts = Facts(self.pictures)
        self.writer = CaptionWriter(random.Random(chosen.seed))
        start = torch.load(chosen.work / f"{chosen.start}.pt") if chosen.start else None
        self.tokenizer = Tokenizer(start["merges"] if start else self._merges())
        self.image_tower = ImageTower().to(memory_format=torch.channels_last)
        self.text_tower = TextTower(len(self.tokenizer), CONTEXT)
        self.proxies = ClassProxies(len(self.labels), DIMENSIONS)
        self.contrast = CaptionContrast()
        self.attributes = torch.nn.ModuleDict(
            {name: ClassProxies(len(self._values(name)), DIMENSIONS) for name in ATTRIBUTES}
        )
        self.parts = torch.nn.ModuleList(
            [self.image_tower, self.text_tower, self.proxies, self.contrast, self.attributes]
        )
        if start:
            self.parts.load_state_dict(start["averaged" if chosen.only_text else "parts"])
        if chosen.only_text:
            self.image_tower.requires_grad_(False)
            self.proxies.requires_grad_(False)
        self.averaged = copy.deepcopy(self.parts)
        self._index_facts()
        self._make_batches()

    def _values(self, name):
        return sorted({picture[name] for picture in self.pictures if picture["domain"] == "drawing"})

    def _merges(self):
        writer = CaptionWriter(random.Random(7))
        texts = [writer.write(picture)[0] for picture in self.pictures for _ in range(4)]
        return learn_merges(texts, MERGES)

    def _index_facts(self):
        count = len(self.facts.index)
        self.has = torch.zeros(len(self.pictures), count)
        self.has_not = torch.zeros(len(self.pictures), count)
        for number, picture in enumerate(self.pictures):
            has, has_not = self.facts.of_picture(picture)
            self.has[number, list(has)] = 1
            self.has_not[number, list(has_not)] = 1
        self.label = numbered([label_of(picture) for picture in self.pictures], self.labels)
        self.attribute = {
            name: numbered([picture.get(name) for picture in self.pictures], self._values(name)) for name in ATTRIBUTES
        }
        is_drawn = torch.tensor([picture["domain"] == "drawing" for picture in self.pictures])
        self.lighting = torch.where(is_drawn, LIGHTING["drawing"], LIGHTING["photograph"])
        self.stored = torch.from_numpy(np.stack([picture.pop("stored") for picture in self.pictures]))

    def _make_batches(self):
        splits = {"train"} | ({"validation", "held-out"} if self.chosen.everything else set())
        numbers = [number for number, picture in enumerate(self.pictures) if picture["split"] in splits]

        def is_drawn(number):
            return self.pictures[number]["domain"] == "drawing"

        plain, mixed, drawn = self.chosen.batch
        self.mixed_count = mixed
        self.photographs = Batches([number for number in numbers if not is_drawn(number)], plain + mixed)
        kinds = sorted({self.pictures[number]["kind"] for number in filter(is_drawn, numbers)})
        of_kind = {kind: [n for n in numbers if is_drawn(n) and self.pictures[n]["kind"] == kind] for kind in kinds}
        self.drawings = [Batches(chosen, drawn // KINDS_AT_ONCE) for chosen in of_kind.values()]

    def train(self):
        phases = [tuple(map(int, phase.split(":"))) for phase in self.chosen.phases]
        sides = [side for side, steps in phases for _ in range(steps)]
        optimizer = torch.optim.AdamW(self._groups(), lr=self.chosen.rate, betas=(0.9, 0.98))
        decay = self.chosen.decay or len(sides)
        started, losses = time.time(), []
        for step, side in enumerate(sides):
            for group in optimizer.param_groups:
                group["lr"] = self.chosen.rate * schedule(step, decay)
            loss = self._loss(side)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parts.parameters(), 3.0)
            optimizer.step()
            self._average(step)
            losses.append(loss.item())
            if (step + 1) % 100 == 0:
                print(f"{step + 1}/{len(sides)} loss {np.mean(losses[-100:]):.3f} {time.time() - started:.0f} s", flush=True)
            if (step + 1) % self.chosen.measure_every == 0 or step + 1 == len(sides):
                self._keep(step + 1)

    def _groups(self):
        """Weights shrink, but for biases, norms, scales and the tables of the text tower."""
        parameters = [(name, value) for name, value in self.parts.named_parameters() if value.requires_grad]

        def shrinks(name, value):
            return value.ndim > 1 and "tokens" not in name and "places" not in name

        return [
            {"params": [value for name, value in parameters if shrinks(name, value)], "weight_decay": 0.05},
            {"params": [value for name, value in parameters if not shrinks(name, value)], "weight_decay": 0.0},
        ]

    def _loss(self, side):
        self.parts.train()
        photographs = self.photographs.next()
        drawings = [number for kind in random.sample(self.drawings, KINDS_AT_ONCE) for number in kind.next()]
        numbers = [*photographs[self.mixed_count :], *drawings]
        if self.chosen.only_text:
            self.image_tower.eval()
            return self._caption_loss(self._look(self._augmented(numbers, side)), numbers, numbers)
        mixed = photographs[: self.mixed_count]
        images = self._augmented([*numbers, *mixed], side)
        blended, order, share = mix(images[len(numbers) :], random)
        vectors = self._look(torch.cat([images[: len(numbers)], blended]))
        clear, blurred = vectors[: len(numbers)], vectors[len(numbers) :]
        labels = self.label[mixed]
        of_class = self.proxies(clear, self.label[numbers])
        of_mix = share * self.proxies(blurred, labels) + (1 - share) * self.proxies(blurred, labels[order])
        part = len(mixed) / (len(numbers) + len(mixed))
        # Every second photograph is spoken of: that is enough, and the text tower takes its time.
        of_captions = self._caption_loss(clear, numbers, [*numbers[: -len(drawings) : 2], *drawings])
        of_attributes = sum(
            proxies(clear[-len(drawings) :], self.attribute[name][drawings]) for name, proxies in self.attributes.items()
        )
        of_all = (1 - part) * of_class + part * of_mix
        return of_all + CAPTION_WEIGHT * of_captions + ATTRIBUTE_WEIGHT * of_attributes

    def _augmented(self, numbers, side):
        return augment(self.stored[numbers], side, self.chosen.smallest, self.lighting[numbers])

    def _look(self, images):
        return F.normalize(self.image_tower(images.contiguous(memory_format=torch.channels_last)), dim=1)

    def _caption_loss(self, vectors, numbers, spoken_of):
        captions = [self.writer.write(self.pictures[number]) for number in spoken_of]
        tokens = [self.tokenizer.encode(text) for text, _ in captions]
        longest = max(map(len, tokens))
        ids = torch.tensor([row + row[-1:] * (longest - len(row)) for row in tokens])
        said = torch.zeros(len(captions), len(self.facts.index))
        for row, (_, facts) in enumerate(captions):
            said[row, self.facts.of_caption(facts)] = 1
        is_true, is_unknown = truth(said, self.has[numbers], self.has_not[numbers])
        return self.contrast(vectors, F.normalize(self.text_tower(ids), dim=1), is_true, is_unknown)

    @torch.no_grad()
    def _average(self, step):
        keep = min(0.999, (step + 1) / (step + 10))
        for kept, new in zip(self.averaged.state_dict().values(), self.parts.state_dict().values()):
            if kept.is_floating_point():
                kept.lerp_(new, 1 - keep)
            else:
                kept.copy_(new)

    def _keep(self, step):
        figures = None
        if not self.chosen.everything:
            figures = measure((self.averaged[0], self.averaged[1]), self.pictures, self.tokenizer)
            print(json.dumps({"step": step, **figures}), flush=True)
        torch.save(
            {
                "parts": self.parts.state_dict(),
                "averaged": self.averaged.state_dict(),
                "merges": self.tokenizer.merges,
                "side": self.chosen.side,
                "figures": figures,
            },
            self.chosen.work / f"{self.chosen.name}.pt",
        )


def schedule(step, steps, warm_up=100):
    """Share of the full rate: up at first, then down along half a cosine."""
    return min(1, (step + 1) / warm_up) * 0.5 * (1 + math.cos(math.pi * step / steps)) + 1e-3


def main():
    chosen = options()
    torch.manual_seed(chosen.seed)
    random.seed(chosen.seed)
    Trainer(chosen).train()


if __name__ == "__main__":
    main()
