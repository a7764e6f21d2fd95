import type { DemoKind, DemoShape, MaterialName } from './demo-kind.js';
import { DEMO_KINDS } from './demo-kinds.js';
import { MATERIALS } from './materials.js';
import { accentsOf, type ColourName } from './palette.js';
import type { PatternName } from './patterns.js';
import { SeededRandom } from './seeded-random.js';

/** One picture of a product. */
export interface DemoImage {
  id: number;
  isMain: boolean;
  /** Relative to the folder of all pictures: `mugs/0001-1.jpg`. */
  path: string;
  /** 1 for the main image, 2 for another angle in another place. */
  view: number;
}

/** What a product's pictures are drawn from. */
export interface DemoDesign {
  shape: string;
  colour: ColourName;
  accent: ColourName;
  pattern: PatternName;
  material: MaterialName;
}

export interface DemoProduct {
  id: number;
  title: string;
  description: string;
  /** The kind: "Mugs". */
  category: string;
  brand: string;
  price: number;
  currency: string;
  inStock: boolean;
  images: DemoImage[];
  design: DemoDesign;
}

const PRODUCTS_PER_KIND = 24;

/** Designs of a kind that may be thrown away for a title that is taken, before its shapes must be too few. */
const MAX_ATTEMPTS = 2000;

/** A product in this many has a second picture. */
const SECOND_VIEW_EVERY = 3;

/**
 * Makes the demo's catalogue: ids 1, 2, 3, ... in which the kinds take turns. It is the same on every machine.
 *
 * @returns 24 products of each kind, each with one main image and every third with a second one.
 */
export function makeDemoProducts(): DemoProduct[] {
  const designs = DEMO_KINDS.map((kind, index) => designKind(kind, new SeededRandom(7919 * (index + 1))));
  const products: DemoProduct[] = [];
  let nextImageId = 1;
  for (let round = 0; round < PRODUCTS_PER_KIND; round += 1) {
    for (const [index, kind] of DEMO_KINDS.entries()) {
      const design = designs[index]?.[round];
      if (design === undefined) continue;
      const product = describe(kind, { design, id: products.length + 1, nextImageId });
      nextImageId += product.images.length;
      products.push(product);
    }
  }
  return products;
}

/** Designs with titles of their own; no colour comes again before all others were used. */
function designKind(kind: DemoKind, random: SeededRandom): DemoDesign[] {
  const colours = new ColourBag(kind.colours, random);
  const designs = new Map<string, DemoDesign>();
  for (let attempt = 0; designs.size < PRODUCTS_PER_KIND; attempt += 1) {
    if (attempt === MAX_ATTEMPTS)
      throw new RangeError(`${kind.name} have too few designs for ${PRODUCTS_PER_KIND} titles.`);
    const shape = kind.shapes[designs.size % kind.shapes.length];
    if (shape === undefined) break;
    const material = random.pick(shape.materials);
    const colour = colours.draw(MATERIALS[material].colours);
    const accent = random.pick(accentsOf(colour));
    const design = { shape: shape.noun, colour, accent, pattern: random.pick(shape.patterns), material };
    designs.set(titleOf(design), design);
  }
  return [...designs.values()];
}

/** Colours in random order, and again once all were drawn. */
class ColourBag {
  readonly #colours: readonly ColourName[];
  readonly #random: SeededRandom;
  #left: ColourName[] = [];

  constructor(colours: readonly ColourName[], random: SeededRandom) {
    this.#colours = colours;
    this.#random = random;
  }

  /** The next colour that a material comes in; one of the material's own where none of the bag's suits it. */
  draw(available: readonly ColourName[]): ColourName {
    const suits = (colour: ColourName): boolean => available.includes(colour);
    if (!this.#left.some(suits)) this.#left.push(...this.#random.shuffle(this.#colours));
    const drawn = this.#left.find(suits) ?? this.#random.pick(available);
    this.#left = this.#left.filter((colour) => colour !== drawn);
    return drawn;
  }
}

interface Numbered {
  design: DemoDesign;
  id: number;
  nextImageId: number;
}

function describe(kind: DemoKind, { design, id, nextImageId }: Numbered): DemoProduct {
  const random = new SeededRandom(104_729 * id);
  const shape = shapeOf(kind, design);
  const title = titleOf(design);
  return {
    id,
    title,
    description: descriptionOf(kind, design, title),
    category: kind.name,
    brand: random.pick(kind.brands),
    price: priceBetween(shape.prices, random),
    currency: 'EUR',
    inStock: random.next() < 0.9,
    images: imagesOf(kind, id, nextImageId),
    design,
  };
}

/** @throws RangeError when the kind has no such shape. */
export function shapeOf(kind: DemoKind, design: DemoDesign): DemoShape {
  const shape = kind.shapes.find(({ noun }) => noun === design.shape);
  if (shape === undefined) throw new RangeError(`${kind.name} have no shape called ${design.shape}.`);
  return shape;
}

/** "Striped red ceramic mug". */
function titleOf({ pattern, colour, material, shape }: DemoDesign): string {
  const words = [pattern === 'plain' ? '' : pattern, colour, MATERIALS[material].word, shape].filter(Boolean);
  const title = words.join(' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

function descriptionOf(kind: DemoKind, { pattern, accent, colour }: DemoDesign, title: string): string {
  const print = pattern === 'plain' ? `in plain ${colour}` : `in ${colour} with ${accent}`;
  return `${title}, ${print}. ${kind.blurb}`;
}

/** A price that ends as prices do. */
function priceBetween([low, high]: readonly [number, number], random: SeededRandom): number {
  const whole = Math.round(random.between(low, high));
  return whole - 1 + random.pick([0.9, 0.95, 0.5, 1]);
}

function imagesOf(kind: DemoKind, id: number, nextImageId: number): DemoImage[] {
  const views = id % SECOND_VIEW_EVERY === 0 ? [1, 2] : [1];
  return views.map((view) => ({
    id: nextImageId + view - 1,
    isMain: view === 1,
    path: `${kind.folder}/${String(id).padStart(4, '0')}-${view}.jpg`,
    view,
  }));
}
