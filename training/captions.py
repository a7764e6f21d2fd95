"""
What can be said of a picture, and how people say it.

A picture has *facts*, each a type and a value, such as ("colour", "red"); a caption says some of them. A caption is true of
every picture that has all its facts, so in a batch it has several right pictures, and a picture several right captions.
"""
import re

from colours import NAMED

# Nouns that are true of a whole kind, singular but for what comes in pairs; the first is the one that titles use. Kinds of
# the clothes photographs and of the demo that people call by one name are one kind.
NOUNS = {
    "backpack": ["backpack", "rucksack"],
    "bottle": ["bottle", "drinking bottle"],
    "chair": ["chair", "seat"],
    "dress": ["dress", "gown"],
    "handbag": ["handbag", "bag", "purse"],
    "hat": ["hat", "headwear"],
    "headphones": ["headphones", "pair of headphones"],
    "lamp": ["lamp", "light"],
    "mug": ["mug", "cup", "coffee mug"],
    "plant pot": ["plant pot", "flower pot", "planter", "pot"],
    "shoes": ["shoes", "shoe", "footwear", "pair of shoes"],
    "sofa": ["sofa", "couch"],
    "sunglasses": ["sunglasses", "shades", "pair of sunglasses"],
    "t-shirt": ["t-shirt", "tee", "tshirt", "t shirt"],
    "umbrella": ["umbrella", "brolly"],
    "watch": ["watch", "wristwatch"],
    "longsleeve": ["long sleeve shirt", "longsleeve", "long sleeve top", "long sleeve"],
    "outwear": ["jacket", "coat", "outerwear", "outwear"],
    "pants": ["pants", "trousers", "pair of pants"],
    "shirt": ["shirt", "button up shirt"],
    "shorts": ["shorts", "pair of shorts"],
    "skirt": ["skirt"],
}
# Narrower words, which stand for the kind now and then: nobody has said which of its photographs they are true of, and a
# shopper who looks for jeans is better served with pants than with anything.
NARROWER = {
    "longsleeve": ["sweater", "pullover", "jumper"],
    "outwear": ["hoodie", "winter jacket"],
    "pants": ["jeans"],
    "shirt": ["blouse", "dress shirt"],
    "hat": ["cap"],
}
SNEAKERS = ["sneakers", "trainers", "sneaker", "pair of sneakers"]
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
MATERIAL_WORDS = {"wood": "wooden", "knit": "knitted"}
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
    "{} for sale", "buy {}", "a new {}", "nice {}", "cheap {}", "show me {}", "i am looking for a {}", "best {}",
]  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Colours that a photograph's may be taken for, by who reads it and by the light.
ALIKE = [
    {"white", "cream", "sand", "grey"}, {"sand", "tan", "cream"}, {"tan", "brown"}, {"grey", "charcoal", "silver"},
    {"charcoal", "black", "gunmetal", "navy"}, {"navy", "blue", "black"}, {"blue", "light blue", "teal"},
    {"teal", "green", "mint"}, {"green", "forest", "olive"}, {"red", "burgundy", "coral", "magenta"},
    {"coral", "pink", "orange"}, {"magenta", "pink", "purple"}, {"purple", "lilac", "burgundy"}, {"orange", "mustard"},
    {"mustard", "yellow", "gold"}, {"brown", "burgundy", "charcoal"},
]  # fmt: skip


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
        if picture["domain"] == "grocery" and self.random.random() < 0.15:
            text, facts = self._shop_text(picture)
        else:
            words, facts = self._grocery(picture) if picture["domain"] == "grocery" else self._thing(picture)
            text = self.random.choice(TEMPLATES).format(words)
        return self._mistype(text), facts

    def _thing(self, picture):
        noun, facts = self._noun(picture)
        before, after, qualities = "", "", []
        chance = self.random.random
        pattern, colour, material = (picture.get(name) for name in ("pattern", "colour", "material"))
        if pattern and chance() < (0.15 if pattern == "plain" else 0.45):
            qualities.append(("pattern", pattern))
            adjectives, phrases = PATTERN_WORDS[pattern]
            if chance() < 0.7:
                before = self.random.choice(adjectives)
            else:
                after = self.random.choice(phrases)
        if colour and chance() < 0.6:
            qualities.append(("colour", colour))
            word = self.random.choice([colour, *COLOUR_WORDS.get(colour, [colour])])
            if chance() < 0.12 and not after:
                after = f"in {word}"
            else:
                before = f"{before} {word}" if chance() < 0.75 else f"{word} {before}"
        if material and chance() < 0.2:
            qualities.append(("material", material))
            before = f"{before} {MATERIAL_WORDS.get(material, material)}"
        if qualities and chance() < 0.06:
            noun, facts = self.random.choice(["thing", "something", "product", ""]), []
        return " ".join(f"{before} {noun} {after}".split()), facts + qualities

    def _noun(self, picture):
        kind, chance = picture["kind"], self.random.random()
        facts, nouns = [("kind", kind)], NOUNS[kind]
        shape = picture.get("shape", "").lower()
        if shape and shape not in NOUNS[kind] and chance < 0.25:
            facts.append(("shape", picture["shape"]))
            nouns = [shape]
        elif picture.get("subkind") == "sneakers" and chance < 0.8:
            facts.append(("subkind", "sneakers"))
            nouns = SNEAKERS
        elif picture["domain"] == "clothing" and chance < 0.1:
            nouns = NARROWER.get(kind, nouns)
        noun = self.random.choice(nouns[:1] * 3 + nouns)
        return plural(noun) if self.random.random() < 0.3 else noun, facts

    def _grocery(self, picture):
        chance = self.random.random()
        fine, group, aisle = picture["class"], picture["group"], picture["aisle"]
        if chance < 0.18:
            return self.random.choice(AISLE_WORDS[aisle]), [("aisle", aisle)]
        noun, facts = words_of(group), [("aisle", aisle), ("kind", group)]
        if chance < 0.6:
            return plural(noun) if self.random.random() < 0.4 else noun, facts
        name = words_of(fine)
        is_whole = noun in name or aisle == "Packages"
        return name if is_whole else f"{name} {noun}", [*facts, ("class", fine)]

    def _shop_text(self, picture):
        """The class's name and some words of the shop's description, which is of the class."""
        words = picture["description"].split()
        start = self.random.randrange(max(1, len(words) - 5))
        facts = [("aisle", picture["aisle"]), ("kind", picture["group"]), ("class", picture["class"])]
        return " ".join([words_of(picture["class"]), *words[start : start + 5]]), facts

    def _mistype(self, text):
        """Now and then a letter is missing, doubled, swapped or another."""
        if len(text) < 4 or self.random.random() > 0.08:
            return text
        at = self.random.randrange(1, len(text) - 1)
        before, letter, following, after = text[:at], text[at], text[at + 1], text[at + 2 :]
        mistyped = [following, 2 * letter + following, following + letter, self.random.choice(LETTERS) + following]
        return before + self.random.choice(mistyped) + after


class Facts:
    """Numbers for facts, and which captions are true of which pictures."""

    def __init__(self, pictures):
        found = sorted({fact for picture in pictures for fact in facts_of(picture)})
        self.index = {fact: number for number, fact in enumerate(found)}

    def of_caption(self, facts):
        return [self.index[fact] for fact in facts]

    def of_picture(self, picture):
        """Numbers of the facts that it has, and of those that it is known not to have; of the others nobody knows."""
        has = set(facts_of(picture))
        known = {name for name, _ in has} | {"aisle", "class"}
        if picture["domain"] == "grocery":
            known |= {"pattern", "material", "shape", "subkind"}
        has_not = {fact for fact in self.index if fact[0] in known and fact not in has and not may_be(picture, fact)}
        return {self.index[fact] for fact in has}, {self.index[fact] for fact in has_not}


def may_be(picture, fact):
    """Whether a photograph's colour may well be another one than was read off it."""
    name, colour = fact
    if name != "colour" or picture["domain"] == "drawing":
        return False
    return colour not in NAMED or any({colour, picture["colour"]} <= alike for alike in ALIKE)


def facts_of(picture):
    names = ("kind", "subkind", "shape", "colour", "pattern", "material", "class", "aisle")
    return [(name, picture[name]) for name in names if picture.get(name)]
