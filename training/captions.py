"""
What can be said of a picture, and how people say it.

A picture has *facts*, each a type and a value, such as ("colour", "red"); a caption says some of them. A caption is true of
every picture that has all its facts, so in a batch it has several right pictures, and a picture several right captions.
"""
import re

# Nouns of a kind, singular; the first is the one that titles use. Kinds of the clothes photographs and of the demo that
# people call by one name are one kind.
NOUNS = {
    "backpack": ["backpack", "rucksack", "bag pack", "school bag"],
    "bottle": ["bottle", "water bottle", "drinking bottle", "flask"],
    "chair": ["chair", "seat", "stool"],
    "dress": ["dress", "gown", "frock"],
    "handbag": ["handbag", "bag", "purse", "hand bag"],
    "hat": ["hat", "cap", "headwear"],
    "headphones": ["headphones", "headset", "earphones"],
    "lamp": ["lamp", "light", "table light"],
    "mug": ["mug", "cup", "coffee mug", "coffee cup", "tea cup"],
    "plant pot": ["plant pot", "flower pot", "planter", "pot", "potted plant", "plant"],
    "shoes": ["shoes", "footwear", "pair of shoes"],
    "sofa": ["sofa", "couch", "settee"],
    "sunglasses": ["sunglasses", "shades", "sun glasses", "pair of sunglasses"],
    "t-shirt": ["t-shirt", "tee", "tshirt", "t shirt", "tee shirt"],
    "umbrella": ["umbrella", "brolly", "parasol"],
    "watch": ["watch", "wristwatch", "wrist watch"],
    "longsleeve": ["long sleeve top", "longsleeve", "long sleeve shirt", "sweater", "pullover", "jumper", "long sleeve"],
    "outwear": ["jacket", "coat", "outerwear", "outwear", "winter jacket", "hoodie"],
    "pants": ["pants", "trousers", "jeans", "pair of pants"],
    "shirt": ["shirt", "button up shirt", "dress shirt", "blouse"],
    "shorts": ["shorts", "short pants", "pair of shorts"],
    "skirt": ["skirt", "mini skirt"],
}
SNEAKERS = ["sneakers", "trainers", "running shoes", "sneaker", "sport shoes", "pair of sneakers"]
KIND_OF_CATEGORY = {
    "Backpacks": "backpack", "Bottles": "bottle", "Chairs": "chair", "Dresses": "dress", "Handbags": "handbag",
    "Hats": "hat", "Headphones": "headphones", "Lamps": "lamp", "Mugs": "mug", "Plant pots": "plant pot",
    "Sneakers": "shoes", "Sofas": "sofa", "Sunglasses": "sunglasses", "T-shirts": "t-shirt", "Umbrellas": "umbrella",
    "Watches": "watch",
}  # fmt: skip
COLOUR_WORDS = {
    "light blue": ["light blue", "sky blue", "pale blue", "baby blue"],
    "navy": ["navy", "navy blue", "dark blue"],
    "grey": ["grey", "gray"],
    "charcoal": ["charcoal", "dark grey", "dark gray", "anthracite"],
    "burgundy": ["burgundy", "wine red", "dark red", "maroon"],
    "forest": ["forest", "forest green", "dark green"],
    "mint": ["mint", "mint green", "light green"],
    "teal": ["teal", "petrol", "turquoise"],
    "olive": ["olive", "olive green", "khaki"],
    "purple": ["purple", "violet"],
    "lilac": ["lilac", "lavender", "light purple"],
    "magenta": ["magenta", "hot pink"],
    "cream": ["cream", "off white", "ivory"],
    "sand": ["sand", "beige"],
    "tan": ["tan", "light brown", "camel"],
    "mustard": ["mustard", "mustard yellow", "ochre"],
    "coral": ["coral", "salmon"],
    "gold": ["gold", "golden"],
    "silver": ["silver", "silvery"],
    "gunmetal": ["gunmetal", "dark metal"],
}
# Said before the noun, and after it.
PATTERN_WORDS = {
    "striped": (["striped", "stripy"], ["with stripes"]),
    "pinstriped": (["pinstriped", "pinstripe"], ["with pinstripes", "with thin stripes"]),
    "dotted": (["dotted", "polka dot", "spotted"], ["with dots", "with polka dots"]),
    "checked": (["checked", "checkered", "plaid", "gingham", "chequered"], ["with checks"]),
    "floral": (["floral", "flowery", "flowered"], ["with flowers"]),
    "zigzag": (["zigzag", "zig zag"], ["with zigzags"]),
    "speckled": (["speckled"], ["with speckles"]),
    "diamond": (["diamond", "argyle"], ["with diamonds"]),
    "leafy": (["leafy"], ["with leaves", "with a leaf print"]),
    "starry": (["starry"], ["with stars"]),
    "wavy": (["wavy"], ["with waves"]),
    "two-tone": (["two-tone", "two tone", "two coloured"], ["in two colours"]),
    "ombre": (["ombre", "gradient"], ["with a gradient"]),
    "plain": (["plain", "solid"], ["without a pattern"]),
}
AISLE_WORDS = {
    "Fruit": ["fruit", "fresh fruit", "fruits"],
    "Vegetables": ["vegetable", "vegetables", "fresh vegetables", "veg"],
    "Packages": ["package", "carton", "packaged food", "drink carton"],
}
TEMPLATES = [
    "{}", "{}", "{}", "{}", "a {}", "a {}", "the {}", "a photo of a {}", "a picture of a {}", "product photo of a {}",
    "{} for sale", "buy {}", "a new {}", "nice {}", "cheap {}", "{} for my home", "{} for women", "{} for men", "show me {}",
    "i am looking for a {}", "best {}", "my favourite {}",
]  # fmt: skip
KEYBOARD = "abcdefghijklmnopqrstuvwxyz"


def plural(noun):
    """The plural of a noun, which is the noun itself where it is one already."""
    if noun.startswith("pair of ") or noun in ("footwear", "outerwear", "outwear", "headwear", "fruit"):
        return noun
    if noun.endswith(("ss", "ch", "sh", "x")):
        return noun + "es"
    if noun.endswith("s"):
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun[:-1] + "oes" if noun.endswith(("tomato", "potato")) else noun + "s"


def words_of(name):
    """A folder's or class's name as words: "Royal-Gala" -> "royal gala"."""
    return re.sub(r"[-_]+", " ", name).lower()


class CaptionWriter:
    """Says things of pictures, each time differently. All chance comes of the given `random.Random`."""

    def __init__(self, random):
        self.random = random

    def write(self, picture):
        """One caption of a picture. Returns the text and the facts that it says."""
        if picture["domain"] == "grocery":
            noun, facts = self._grocery(picture)
            text = noun
        else:
            text, facts = self._thing(picture)
        if not text.startswith("\0"):
            text = self.random.choice(TEMPLATES).format(text)
        return self._mistype(text.lstrip("\0")), facts

    def _thing(self, picture):
        facts, chance = [], self.random.random
        noun = self._noun(picture, facts)
        before, after = "", ""
        pattern, colour, material = (picture.get(name) for name in ("pattern", "colour", "material"))
        if pattern and chance() < (0.15 if pattern == "plain" else 0.45):
            facts.append(("pattern", pattern))
            adjectives, phrases = PATTERN_WORDS[pattern]
            if chance() < 0.7:
                before = self.random.choice(adjectives)
            else:
                after = self.random.choice(phrases)
        if colour and chance() < 0.6:
            facts.append(("colour", colour))
            word = self.random.choice([colour] + COLOUR_WORDS.get(colour, [colour]))
            if chance() < 0.12 and not after:
                after = f"in {word}"
            else:
                before = f"{before} {word}" if chance() < 0.75 else f"{word} {before}"
        if material and chance() < 0.2:
            facts.append(("material", material))
            before = f"{before} {material}"
        if facts[1:] and chance() < 0.06:
            facts = [fact for fact in facts if fact[0] not in ("kind", "subkind", "shape")]
            noun = self.random.choice(["thing", "something", "product", ""])
        return " ".join(f"{before} {noun} {after}".split()), facts

    def _noun(self, picture, facts):
        facts.append(("kind", picture["kind"]))
        chance = self.random.random()
        if "shape" in picture and chance < 0.25:
            facts.append(("shape", picture["shape"]))
            noun = picture["shape"].lower()
        elif picture.get("subkind") == "sneakers" and chance < 0.8:
            facts.append(("subkind", "sneakers"))
            noun = self.random.choice(SNEAKERS[:1] * 3 + SNEAKERS)
        else:
            nouns = NOUNS[picture["kind"]]
            noun = self.random.choice(nouns[:1] * 3 + nouns)
        return plural(noun) if self.random.random() < 0.3 else noun

    def _grocery(self, picture):
        chance = self.random.random()
        fine, group, aisle = picture["class"], picture["group"], picture["aisle"]
        said = [("aisle", aisle), ("kind", group)]
        if chance < 0.15:
            return self.random.choice(AISLE_WORDS[aisle]), said[:1]
        if chance < 0.5:
            noun = words_of(group)
            return (plural(noun) if self.random.random() < 0.4 else noun), said
        said.append(("class", fine))
        if chance < 0.85:
            name = words_of(fine)
            return (name if words_of(group) in name or aisle == "Packages" else f"{name} {words_of(group)}"), said
        words = picture["description"].split()
        start = self.random.randrange(max(1, len(words) - 5))
        return "\0" + f"{words_of(fine)} {' '.join(words[start : start + 5])}", said

    def _mistype(self, text):
        """Now and then a letter is missing, doubled, swapped or another."""
        if len(text) < 4 or self.random.random() > 0.08:
            return text
        at = self.random.randrange(1, len(text) - 1)
        before, letter, after = text[:at], text[at], text[at + 1 :]
        return before + self.random.choice(["", letter * 2, after[:1] + letter, self.random.choice(KEYBOARD)]) + (
            after
        )


class Facts:
    """Numbers for facts, and which captions are true of which pictures."""

    def __init__(self, pictures):
        found = sorted({fact for picture in pictures for fact in facts_of(picture)})
        self.index = {fact: number for number, fact in enumerate(found)}
        self.types = [kind for kind, _ in found]

    def of_caption(self, facts):
        return [self.index[fact] for fact in facts if fact in self.index]

    def of_picture(self, picture):
        """Numbers of the facts that it has, and of those that it is known not to have."""
        has = {self.index[fact] for fact in facts_of(picture) if fact in self.index}
        known = {self.types[number] for number in has}
        if picture["domain"] != "grocery":
            known.add("aisle")
            known.add("class")
        else:
            known.update(("pattern", "material", "shape", "subkind"))
        return has, {number for number, kind in enumerate(self.types) if kind in known} - has


def facts_of(picture):
    names = ("kind", "subkind", "shape", "colour", "pattern", "material", "class", "aisle")
    facts = [(name, picture[name]) for name in names if picture.get(name)]
    if picture["domain"] == "grocery":
        facts.append(("kind", picture["group"]))
        facts = [fact for fact in facts if fact != ("kind", picture["kind"])] if picture["kind"] != picture["group"] else facts
    return facts
