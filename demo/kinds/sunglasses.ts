import { type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';
import type { Paint } from '../pen.js';

/** The right half of a pair, as its wearer's friend sees it. */
interface Frame {
  /** Outline of the frame round one lens. */
  rim: string;
  lens: string;
  bridge: string;
  /** Where the arm is hinged. */
  hinge: Point;
}

function loop(points: readonly Point[]): string {
  return closedCurve(points);
}

const WAYFARER: Frame = {
  rim: loop([
    [16, -44],
    [60, -64],
    [150, -66],
    [178, -58],
    [170, -20],
    [150, 46],
    [100, 62],
    [50, 50],
    [24, 4],
  ]),
  lens: loop([
    [34, -36],
    [80, -50],
    [150, -48],
    [152, -10],
    [134, 36],
    [96, 46],
    [60, 36],
    [40, 2],
  ]),
  bridge: 'M-24 -30Q0 -44 24 -30',
  hinge: [172, -48],
};
const ROUND: Frame = {
  rim: ellipse(92, 0, [74, 72]),
  lens: ellipse(92, 0, [64, 62]),
  bridge: 'M-22 -18Q0 -40 22 -18',
  hinge: [164, -20],
};
const AVIATOR: Frame = {
  rim: loop([
    [22, -46],
    [80, -60],
    [150, -56],
    [172, -36],
    [164, 20],
    [120, 72],
    [70, 66],
    [34, 26],
  ]),
  lens: loop([
    [28, -40],
    [80, -54],
    [148, -50],
    [165, -32],
    [157, 18],
    [117, 65],
    [73, 59],
    [40, 22],
  ]),
  bridge: 'M-26 -40H26M-28 -20Q0 -32 28 -20',
  hinge: [168, -42],
};
const CAT_EYE: Frame = {
  rim: loop([
    [18, -26],
    [70, -44],
    [140, -66],
    [200, -92, 'corner'],
    [186, -24],
    [150, 38],
    [94, 52],
    [42, 36],
  ]),
  lens: loop([
    [36, -20],
    [78, -32],
    [138, -46],
    [168, -52],
    [162, -14],
    [136, 26],
    [94, 38],
    [54, 26],
  ]),
  bridge: 'M-26 -18Q0 -34 26 -18',
  hinge: [186, -70],
};
const HEXAGON: Frame = {
  rim: 'M22 0L52 -60H132L168 0L132 60H52Z',
  lens: 'M32 0L57 -51H127L157 0L127 51H57Z',
  bridge: 'M-24 -10Q0 -30 24 -10',
  hinge: [162, -10],
};
const SHIELD: Frame = {
  rim: loop([
    [-20, -60],
    [90, -66],
    [176, -50],
    [192, -16],
    [166, 40],
    [96, 58],
    [40, 44],
    [0, 10],
  ]),
  lens: loop([
    [-20, -50],
    [90, -56],
    [166, -42],
    [180, -14],
    [158, 32],
    [96, 48],
    [46, 34],
    [0, -2],
  ]),
  bridge: 'M-10 -58H10',
  hinge: [184, -36],
};

/** Lens colours that go with most frames, dark at the top. */
const LENSES = ['#2a2c31', '#3f3226', '#2b3d33', '#2d3d5c', '#6a3c4e', '#7a5a24'] as const;

function drawGlasses(sketch: Sketch, frame: Frame): void {
  const { pen, main, random } = sketch;
  const lens = random.pick(LENSES);
  const arms: Paint = { ...main, pattern: 'plain' };
  for (const side of [1, -1]) {
    pen.moved(`scale(${side} 1)`, () => drawArm(sketch, frame, arms));
  }
  pen.rope(frame.bridge, main.material.finish === 'metal' ? main : arms, main.material.finish === 'metal' ? 7 : 15);
  for (const side of [1, -1]) {
    pen.moved(`scale(${side} 1)`, () => drawLens(sketch, frame, lens));
  }
}

function drawArm({ pen }: Sketch, { hinge: [x, y] }: Frame, paint: Paint): void {
  const arm = `M${x} ${y}C${x + 14} ${y - 60} ${x - 20} ${y - 110} ${x - 44} ${y - 126}`;
  pen.drop(`${arm}L${x - 38} ${y - 120}L${x + 8} ${y}Z`, 10);
  pen.rope(arm, { ...paint, colour: darker(paint.colour, 0.25) }, 10);
}

function drawLens({ pen, main }: Sketch, { rim, lens }: Frame, tint: string): void {
  pen.drop(rim, 16);
  pen.solid(rim, main, { form: 'slab', edge: 10 });
  pen.fade(lens, [
    [0, darker(tint, 0.25), 1],
    [0.55, tint, 1],
    [1, lighter(tint, 0.4), 0.94],
  ]);
  pen.clipped(lens, () => {
    pen.sheen('M40 -90L110 -90L50 90L-10 90Z', 0.5);
    pen.sheen('M126 -90L146 -90L86 90L66 90Z', 0.3);
    pen.soft(lens, 12, { opacity: 0.5 });
  });
}

const ACETATES = ['plain', 'plain', 'plain', 'speckled', 'two-tone', 'striped', 'dotted'] as const;

export const SUNGLASSES: DemoKind = {
  name: 'Sunglasses',
  folder: 'sunglasses',
  setting: 'hanging',
  studio: { walls: ['#f1dfb8', '#eed7a6'], ground: 'wall', grounds: [] },
  zoom: 1.32,
  floor: 352,
  printSize: 20,
  colours: [
    'black',
    'brown',
    'red',
    'navy',
    'cream',
    'oak',
    'walnut',
    'gold',
    'silver',
    'copper',
    'rose gold',
    'gunmetal',
  ],
  brands: ['Sonnenfang', 'Lido Verde', 'Halden & Voss'],
  blurb: 'Lenses of category 3 that block all ultraviolet light, in a case of cork.',
  shapes: [
    {
      noun: 'wayfarer sunglasses',
      materials: ['acetate', 'wood'],
      patterns: ACETATES,
      prices: [39, 129],
      draw: (sketch) => drawGlasses(sketch, WAYFARER),
    },
    {
      noun: 'round sunglasses',
      materials: ['metal', 'acetate'],
      patterns: ['plain'],
      prices: [35, 119],
      draw: (sketch) => drawGlasses(sketch, ROUND),
    },
    {
      noun: 'aviator sunglasses',
      materials: ['metal'],
      patterns: ['plain'],
      prices: [45, 149],
      draw: (sketch) => drawGlasses(sketch, AVIATOR),
    },
    {
      noun: 'cat-eye sunglasses',
      materials: ['acetate'],
      patterns: ACETATES,
      prices: [39, 129],
      draw: (sketch) => drawGlasses(sketch, CAT_EYE),
    },
    {
      noun: 'hexagonal sunglasses',
      materials: ['metal', 'acetate', 'wood'],
      patterns: ['plain'],
      prices: [42, 139],
      draw: (sketch) => drawGlasses(sketch, HEXAGON),
    },
    {
      noun: 'shield sunglasses',
      materials: ['acetate', 'plastic'],
      patterns: ACETATES,
      prices: [49, 159],
      draw: (sketch) => drawGlasses(sketch, SHIELD),
    },
  ],
};
