"""How well a model finds. The product's own figures come from `npm run evaluate`; these steer the training."""
import torch
import torch.nn.functional as F

from augment import normalise
from captions import NOUNS, SNEAKERS
from photographs import HELD_OUT_KINDS, is_held_out, is_held_out_pair, label_of

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
    of_queries, of_gallery = (torch.tensor([labels[name] for name in names]) for names in (query_labels, gallery_labels))
    ranked = of_gallery[order] == of_queries[:, None]
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
    figures = {}

    def chosen(domain, split):
        return [picture for picture in pictures if (picture["domain"], picture["split"]) == (domain, split)]

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
    is_own = number[similarities.topk(10).indices] == number[:, None]
    is_unseen = torch.tensor([kind in HELD_OUT_KINDS for kind in kinds])
    figures = {
        "drawings @10": precision(is_own[~is_unseen], 10),
        "drawings of unseen kinds @10": precision(is_own[is_unseen], 10),
    }
    seen = [picture for picture in drawings if not is_held_out(picture)]
    for name, queries in {
        "kind": {(picture["kind"], None, None) for picture in seen},
        "colour": {(picture["kind"], picture["colour"], None) for picture in seen},
        "unseen colour": {(p["kind"], p["colour"], None) for p in drawings if is_unseen_pair(p)},
        "pattern": {(p["kind"], None, p["pattern"]) for p in seen if p["pattern"] != "plain"},
    }.items():
        asked = sorted(queries, key=str)
        texts = [" ".join(word for word in (pattern, colour, noun_of(kind)) if word) for kind, colour, pattern in asked]
        right = torch.tensor([[matches(picture, query) for picture in drawings] for query in asked])
        figures[f"drawings by {name}"] = by_text(embed_texts(text_tower, tokenizer, texts), vectors, right)
    return figures


def is_unseen_pair(picture):
    """Whether no caption spoke of its kind in its colour: of clothes, those of photographs did."""
    is_worn = picture["kind"] in ("dress", "hat", "shoes", "t-shirt")
    return is_held_out_pair(picture) and picture["kind"] not in HELD_OUT_KINDS and not is_worn


def noun_of(kind):
    return SNEAKERS[0] if kind == "shoes" else NOUNS[kind][0]


def matches(picture, query):
    wanted = zip(("kind", "colour", "pattern"), query)
    return all(value is None or picture[name] == value for name, value in wanted)
