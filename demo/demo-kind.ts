import { MATERIALS, type Material } from './materials.js';
import { COLOURS, type ColourName } from './palette.js';
import type { PatternName } from './patterns.js';
import type { Paint, Pen } from './pen.js';
import type { SeededRandom } from './seeded-random.js';
import type { StudioSet } from './studio.js';

export type MaterialName = keyof typeof MATERIALS;

/** What a shape is given to draw itself: the same for every view of a product but for `tilt`. */
export interface Sketch {
  pen: Pen;
  /** The surface that the product's title speaks of. */
  main: Paint;
  /** The same material, plain, in the accent colour: linings, soles, lids. */
  trim: Paint;
  /** How far the product is seen from above: height by width of a lying circle. */
  tilt: number;
  random: SeededRandom;
}

/** One silhouette of a kind. */
export interface DemoShape {
  /** What titles call it: "latte mug". */
  noun: string;
  materials: readonly MaterialName[];
  /** The patterns it may have; `plain` several times makes that more frequent. */
  patterns: readonly PatternName[];
  /** Lowest and highest price in euros. */
  prices: readonly [low: number, high: number];
  draw(sketch: Sketch): void;
}

/** A kind of product, such as mugs. */
export interface DemoKind {
  /** The category: "Mugs". */
  name: string;
  /** Folder of its pictures. */
  folder: string;
  /**
   * `standing` things have their origin at the middle of their foot and are up to 330 pixels high and 360 wide; `hanging`
   * ones have it at their middle and fill 400 by 420 at most.
   */
  setting: 'standing' | 'hanging';
  /** Where it is photographed. */
  studio: StudioSet;
  /** Canvas pixels per pixel of the drawing in the main view, about. */
  zoom: number;
  /** Where the origin is in the main view: pixels from the top of the picture. */
  floor: number;
  /** Side of one repeat of a pattern, in pixels. */
  printSize: number;
  /** The colours it is sold in, as far as a material comes in them. */
  colours: readonly ColourName[];
  /** Invented names. */
  brands: readonly string[];
  /** A sentence that fits every product of the kind. */
  blurb: string;
  shapes: readonly DemoShape[];
}

/** A surface without a pattern. */
export function plain(colour: ColourName | `#${string}`, materialName: MaterialName): Paint {
  const material: Material = MATERIALS[materialName];
  const hex = colour.startsWith('#') ? colour : COLOURS[colour as ColourName];
  return { colour: hex, material, pattern: 'plain', accent: hex, size: 1 };
}
