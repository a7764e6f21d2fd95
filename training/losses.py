"""What is wanted of the vectors, which are normalised here."""
import torch
import torch.nn.functional as F
from torch import nn


class ClassProxies(nn.Module):
    """One direction a class; a picture's vector is to point to its class's more than to any other (cosine softmax)."""

    def __init__(self, classes, dimensions, scale=16.0, smoothing=0.1):
        super().__init__()
        self.directions = nn.Parameter(torch.randn(classes, dimensions) * dimensions**-0.5)
        self.scale = nn.Parameter(torch.tensor(scale).log())
        self.smoothing = smoothing

    def forward(self, vectors, labels):
        """Mean loss of float32 [batch, dimensions] for labels int64 [batch]."""
        logits = vectors @ F.normalize(self.directions, dim=1).T * self.scale.exp()
        return F.cross_entropy(logits, labels, label_smoothing=self.smoothing)


class CaptionContrast(nn.Module):
    """
    CLIP's contrast of a batch's pictures with its captions, both ways. A caption may be true of several pictures: all of
    these are right, and those of which nobody knows are left out.
    """

    def __init__(self, scale=12.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(scale).log())

    def forward(self, pictures, captions, is_true, is_unknown):
        """Vectors [pictures, d] and [captions, d]; booleans [pictures, captions]."""
        logits = pictures @ captions.T * self.scale.exp().clamp(max=50)
        logits = logits.masked_fill(is_unknown, -1e4)
        return (towards(logits, is_true, 1) + towards(logits, is_true, 0)) / 2


def towards(logits, is_true, dim):
    """Cross entropy with all that is true as equally right."""
    right = is_true.float()
    loss = -(logits.log_softmax(dim) * right).sum(dim) / right.sum(dim).clamp(min=1)
    has_any = right.sum(dim) > 0
    return loss[has_any].mean()


def truth(captions, has, has_not):
    """
    Which captions are true of which pictures, and of which that is unknown.

    captions: float32 [captions, facts], 1 for what is said; has, has_not: [pictures, facts], 1 for what is known.
    """
    said = captions.sum(1)
    is_true = has @ captions.T == said
    is_false = has_not @ captions.T > 0
    return is_true, ~is_true & ~is_false
