import type { DemoKind, DemoShape, MaterialName } from './demo-kind.js';
import { DEMO_KINDS } from './demo-kinds.js';
import { MATERIALS, type Material } from './materials.js';
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

/** Designs that differ in more than their shape: colours come in turn, so that none is used again before all others were. */
function designKind(kind: DemoKind, random: SeededRandom): DemoDesign[] {
  const bags = new Map<string, ColourName[]>();
  const designs: DemoDesign[] = [];
  const titles = new Set<string>();
  while (designs.length < PRODUCTS_PER_KIND) {
    const shape = kind.shapes[designs.length % kind.shapes.length];
    if (shape === undefined) break;
    const design = designOne(shape, bags, random);
    const title = titleOf(design, shape);
    if (titles.has(title)) continue;
    titles.add(title);
    designs.push(design);
  }
  return designs;
}

function designOne(shape: DemoShape, bags: Map<string, ColourName[]>, random: SeededRandom): DemoDesign {
  const material = random.pick(shape.materials);
  const colour = drawFrom(bags, MATERIALS[material], random);
  const accent = random.pick(accentsOf(colour));
  return { shape: shape.noun, colour, accent, pattern: random.pick(shape.patterns), material };
}

function drawFrom(bags: Map<string, ColourName[]>, material: Material, random: SeededRandom): ColourName {
  const key = material.colours.join();
  const bag = bags.get(key) ?? [];
  const colour = bag.pop() ?? random.pick(material.colours);
  bags.set(key, bag.length > 0 ? bag : random.shuffle(material.colours));
  return colour;
}

interface Numbered {
  design: DemoDesign;
  id: number;
  nextImageId: number;
}

function describe(kind: DemoKind, { design, id, nextImageId }: Numbered): DemoProduct {
  const random = new SeededRandom(104_729 * id);
  const shape = shapeOf(kind, design);
  const title = titleOf(design, shape);
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
function titleOf({ pattern, colour, material }: DemoDesign, { noun }: DemoShape): string {
  const words = [pattern === 'plain' ? '' : pattern, colour, MATERIALS[material].word, noun].filter(Boolean);
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
