"""
Names the colour of the thing in a photograph, roughly: the colour that the middle has much of and the border does not.
"""
import numpy as np

# Names that the demo's palette has too, by typical values in photographs.
NAMED = {
    "white": (232, 232, 230), "grey": (150, 150, 150), "charcoal": (75, 76, 80), "black": (28, 28, 30), "red": (190, 40, 45),
    "burgundy": (105, 30, 45), "coral": (235, 125, 105), "orange": (225, 115, 45), "mustard": (205, 155, 50),
    "yellow": (238, 208, 80), "olive": (112, 112, 65), "green": (62, 140, 85), "forest": (32, 75, 55), "teal": (28, 125, 130),
    "light blue": (145, 185, 222), "blue": (48, 95, 180), "navy": (34, 45, 85), "purple": (105, 66, 150),
    "pink": (236, 168, 188), "magenta": (195, 58, 128), "brown": (110, 72, 50), "tan": (188, 145, 98), "sand": (212, 192, 160),
}  # fmt: skip

# Share of the middle that a colour must have, after the border's share is taken away.
ENOUGH = 0.33


def main_colour(image):
    """The name of the colour of the thing in a PIL image; None where none stands out."""
    pixels = np.asarray(image.resize((32, 32)), dtype=np.float32)
    names = nearest_names(pixels)
    border = np.ones((32, 32), bool)
    border[3:-3, 3:-3] = False
    counts = [np.bincount(part.ravel(), minlength=len(NAMED)) / part.size for part in (names[9:23, 9:23], names[border])]
    surplus = counts[0] - 0.7 * counts[1]
    best = int(surplus.argmax())
    return list(NAMED)[best] if surplus[best] >= ENOUGH else None


def nearest_names(pixels):
    """Index of the nearest name for each of [height, width, 3] pixels, in CIELAB."""
    palette = to_lab(np.array(list(NAMED.values()), np.float32))
    distances = ((to_lab(pixels)[..., None, :] - palette) ** 2 * np.array([0.6, 1, 1])).sum(-1)
    return distances.argmin(-1)


def to_lab(rgb):
    """sRGB of 0 to 255 in CIELAB (D65), by the formulas of IEC 61966-2-1 and CIE 15."""
    linear = rgb / 255
    linear = np.where(linear > 0.04045, ((linear + 0.055) / 1.055) ** 2.4, linear / 12.92)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
