"""How well a model finds. The product's own figures come from `npm run evaluate`; these steer the training."""
import torch
import torch.nn.functional as F

from augment import normalise
from captions import NOUNS, SNEAKERS
from photographs import is_held_out_pair, label_of

AT_ONCE = 128


@torch.no_grad()
def embed_pictures(tower, pictures):
    """Normalised vectors [pictures, 512] of what the model sees of pictures."""
    tower.eval()
    vectors = []
    for start in range(0, len(pictures), AT_ONCE):
        pixels = normalise(torch.stack([torch.from_numpy(picture["seen"]) for picture in pictures[start : start + AT_ONCE]]))
        vectors.append(F.normalize(tower(pixels), dim=1))
    return torch.cat(vectors)


@torch.no_grad()
def embed_texts(tower, tokenizer, texts):
    tower.eval()
    return torch.cat([F.normalize(tower(torch.tensor([tokenizer.encode(text)])), dim=1) for text in texts])


def precision(ranked, count):
    """Share of right ones among the first `count` of booleans [queries, ranked], as a percentage."""
    return round(100 * ranked[:, :count].float().mean().item(), 1)


def by_picture(queries, gallery, query_labels, gallery_labels):
    """Precision@1 and @10 of queries in a gallery that they are not part of."""
    order = (queries @ gallery.T).topk(10).indices
    labels = {label: number for number, label in enumerate({*query_labels, *gallery_labels})}
    number = lambda names: torch.tensor([labels[name] for name in names])
    ranked = number(gallery_labels)[order] == number(query_labels)[:, None]
    return precision(ranked, 1), precision(ranked, 10)


def by_text(texts, gallery, is_right):
    """Mean precision among the first ten, or as many as there are right ones: of texts [q, d], booleans [q, gallery]."""
    scores = []
    for similarities, right in zip(texts @ gallery.T, is_right):
        count = min(10, int(right.sum()))
        if count > 0:
            scores.append(right[similarities.topk(count).indices].float().mean().item())
    return round(100 * sum(scores) / max(1, len(scores)), 1)


def measure(towers, pictures, tokenizer):
    """All figures of a pair of towers, by name."""
    image_tower, text_tower = towers
    chosen = lambda domain, split: [p for p in pictures if p["domain"] == domain and p["split"] == split]
    figures = {}
    for domain in ("clothing", "grocery"):
        queries, gallery = chosen(domain, "validation"), chosen(domain, "train")
        vectors = embed_pictures(image_tower, queries)
        found = by_picture(
            vectors, embed_pictures(image_tower, gallery), [*map(label_of, queries)], [*map(label_of, gallery)]
        )
        figures[f"{domain} @1 @10"] = found
        kinds = sorted({picture["kind"] for picture in queries})
        texts = embed_texts(text_tower, tokenizer, [NOUNS.get(kind, [kind.replace("-", " ")])[0] for kind in kinds])
        right = torch.tensor([[picture["kind"] == kind for picture in queries] for kind in kinds])
        figures[f"{domain} text"] = by_text(texts, vectors, right)
    figures.update(measure_drawings(image_tower, text_tower, tokenizer, chosen("drawing", "validation")))
    return figures


def measure_drawings(image_tower, text_tower, tokenizer, drawings):
    vectors = embed_pictures(image_tower, drawings)
    similarities = vectors @ vectors.T - 2 * torch.eye(len(vectors))
    kinds = [picture["kind"] for picture in drawings]
    number = torch.tensor([sorted({*kinds}).index(kind) for kind in kinds])
    ranked = number[similarities.topk(10).indices] == number[:, None]
    figures = {"drawings @10": precision(ranked, 10)}
    for name, pairs in {
        "kind": {(kind, None, None) for kind in kinds},
        "colour": {(p["kind"], p["colour"], None) for p in drawings if not is_held_out_pair(p)},
        "colour unseen": {(p["kind"], p["colour"], None) for p in drawings if is_held_out_pair(p)},
        "pattern": {(p["kind"], None, p["pattern"]) for p in drawings if p["pattern"] != "plain"},
    }.items():
        queries = sorted(pairs, key=str)
        texts = [" ".join(word for word in (pattern, colour, noun_of(kind)) if word) for kind, colour, pattern in queries]
        right = torch.tensor([[matches(picture, query) for picture in drawings] for query in queries])
        figures[f"drawings text {name}"] = by_text(embed_texts(text_tower, tokenizer, texts), vectors, right)
    return figures


def noun_of(kind):
    return SNEAKERS[0] if kind == "shoes" else NOUNS[kind][0]


def matches(picture, query):
    wanted = zip(("kind", "colour", "pattern"), query)
    return all(value is None or picture[name] == value for name, value in wanted)
