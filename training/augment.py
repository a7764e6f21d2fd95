"""Shows each picture otherwise every time, as a whole batch at once."""
import torch
import torch.nn.functional as F

# CLIP's own mean and deviation of red, green and blue.
MEAN = [0.48145466, 0.4578275, 0.40821073]
DEVIATION = [0.26862954, 0.26130258, 0.27577711]


def normalise(pixels):
    """uint8 [batch, height, width, 3] as float32 [batch, 3, height, width]."""
    return standardise(pixels.permute(0, 3, 1, 2).float() / 255)


def standardise(images):
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, DEVIATION))
    return (images - mean) / deviation


def augment(pixels, side, smallest, lighting):
    """
    Crops of `smallest` to all of the area, of another proportion, turned, mirrored, lit otherwise, with a part painted
    over; as `normalise` gives them, of `side` pixels. Hues stay but for a slight cast: colours have names.

    lighting: float32 [batch], by which share brightness, contrast and saturation go up or down at most.
    """
    batch = pixels.shape[0]
    images = pixels.permute(0, 3, 1, 2).float() / 255
    images = F.grid_sample(images, crops(batch, side, smallest), padding_mode="reflection", align_corners=False)
    return standardise(erase(light(images, lighting.view(-1, 1, 1, 1))))


def crops(batch, side, smallest):
    area = smallest + (1 - smallest) * torch.rand(batch)
    stretch = torch.exp((torch.rand(batch) - 0.5) * 0.6)
    width, height = (area.sqrt() * stretch).clamp(max=1), (area.sqrt() / stretch).clamp(max=1)
    x, y = (torch.rand(batch) * 2 - 1) * (1 - width), (torch.rand(batch) * 2 - 1) * (1 - height)
    turn = torch.randn(batch).clamp(-2, 2) * 0.12
    mirror = torch.where(torch.rand(batch) < 0.5, -1.0, 1.0)
    rows = [
        torch.stack([width * turn.cos() * mirror, -height * turn.sin(), x], 1),
        torch.stack([width * turn.sin() * mirror, height * turn.cos(), y], 1),
    ]
    return F.affine_grid(torch.stack(rows, 1), [batch, 3, side, side], align_corners=False)


def light(images, amount):
    batch = images.shape[0]

    def gain(most, channels=1):
        return 1 + (torch.rand(batch, channels, 1, 1) * 2 - 1) * most

    grey = images.mean(1, keepdim=True)
    images = grey + (images - grey) * gain(amount)
    middle = images.mean((1, 2, 3), keepdim=True)
    images = middle + (images - middle) * gain(amount)
    return (images * gain(amount) * gain(amount / 6, channels=3)).clamp(0, 1)


def erase(images, chance=0.25):
    """Paints a rectangle of up to a fifth of some pictures grey."""
    _, _, height, width = images.shape
    for image in images:
        if torch.rand(()) < chance:
            high, wide = (int(length * (0.15 + 0.3 * torch.rand(()))) for length in (height, width))
            top, left = int(torch.rand(()) * (height - high)), int(torch.rand(()) * (width - wide))
            image[:, top : top + high, left : left + wide] = torch.rand(())
    return images


def mix(images, random):
    """
    Lays each picture of a batch over another (mixup, Zhang et al. 2018) or pastes a part of it in (CutMix, Yun et al.
    2019). Returns the pictures, the order that the others came in, and the share of the first.
    """
    order = torch.randperm(len(images))
    share = random.betavariate(0.8, 0.8)
    if random.random() < 0.5:
        return share * images + (1 - share) * images[order], order, share
    height, width = images.shape[2:]
    high, wide = int(height * (1 - share) ** 0.5), int(width * (1 - share) ** 0.5)
    top, left = random.randint(0, height - high), random.randint(0, width - wide)
    mixed = images.clone()
    mixed[:, :, top : top + high, left : left + wide] = images[order, :, top : top + high, left : left + wide]
    return mixed, order, 1 - high * wide / (height * width)
