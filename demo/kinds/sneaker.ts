import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';
import type { Paint } from '../pen.js';

/** A shoe seen from its side, toe to the right. Heights are above the upper edge of the sole. */
interface Last {
  upper: readonly Point[];
  /** Where it opens: the line of its collar. */
  collar: string;
  sole: string;
}

const LOW: Last = {
  upper: [
    [-150, -26, 'corner'],
    [-156, -90],
    [-146, -142, 'corner'],
    [-104, -122],
    [-64, -132],
    [-44, -156, 'corner'],
    [-4, -130],
    [42, -106],
    [104, -94],
    [146, -76],
    [163, -48],
    [163, -26, 'corner'],
  ],
  collar: 'M-146 -142Q-108 -112 -64 -132Q-50 -142 -44 -156',
  sole: 'M-162 -36Q-160 -6 -150 0H150Q172 -4 170 -34Q60 -26 -162 -36Z',
};
const HIGH: Last = {
  upper: [
    [-150, -26, 'corner'],
    [-154, -120],
    [-140, -232, 'corner'],
    [-96, -238],
    [-50, -236, 'corner'],
    [-38, -180],
    [-4, -134],
    [48, -106],
    [108, -94],
    [148, -76],
    [163, -48],
    [163, -26, 'corner'],
  ],
  collar: 'M-140 -232Q-94 -226 -50 -236',
  sole: LOW.sole,
};
const SLIP: Last = {
  upper: [
    [-150, -26, 'corner'],
    [-156, -80],
    [-146, -124, 'corner'],
    [-100, -104],
    [-50, -104],
    [-14, -120, 'corner'],
    [46, -104],
    [106, -90],
    [148, -72],
    [162, -46],
    [162, -26, 'corner'],
  ],
  collar: 'M-146 -124Q-100 -98 -50 -104Q-30 -108 -14 -120',
  sole: 'M-160 -32Q-160 -4 -150 0H152Q170 -4 168 -30Z',
};
const RUNNER: Last = {
  upper: [
    [-150, -44, 'corner'],
    [-152, -100],
    [-162, -158, 'corner'],
    [-120, -128],
    [-72, -132],
    [-52, -158, 'corner'],
    [-6, -128],
    [48, -92],
    [112, -76],
    [156, -58],
    [168, -36, 'corner'],
  ],
  collar: 'M-162 -158Q-120 -118 -72 -132Q-58 -142 -52 -158',
  sole: 'M-168 -58Q-186 -10 -156 0H110Q166 -2 184 -36Q170 -44 160 -44Q40 -24 -40 -44Q-110 -62 -168 -58Z',
};
const CHUNKY: Last = {
  ...LOW,
  sole: 'M-168 -52Q-172 -4 -152 4L-120 -2L-90 4L-60 -2L-30 4L0 -2L30 4L60 -2L90 4L120 -2L152 4Q182 -6 176 -48Q60 -30 -168 -52Z',
};

function drawShoe({ pen, main, trim }: Sketch, last: Last, sole: Paint): void {
  const upper = closedCurve(last.upper);
  pen.ground(0, 2, 166);
  pen.area(`${last.collar}Q-80 -170 -146 -142Z`, darker(trim.colour, 0.45));
  pen.solid(upper, main, { form: 'slab', edge: 34 });
  pen.soft(last.collar, 12, { opacity: 0.4 });
  pen.rope(last.collar, trim, 7);
  pen.solid(last.sole, sole, { form: 'slab', edge: 12 });
}

/** Laces over a tongue, along the instep from the first point to the last. */
function drawLaces(
  { pen, main }: Sketch,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  rows: number,
): void {
  const lace = plain('white', 'cotton');
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [x1 + ((x2 - x1) * row) / (rows - 1), y1 + ((y2 - y1) * row) / (rows - 1)];
    pen.area(`M${x - 21} ${y + 20}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`, darker(main.colour, 0.6));
    pen.rope(`M${x - 18} ${y + 19}Q${x - 2} ${y + 4} ${x + 9} ${y}`, lace, 7);
  }
}

function drawPanel({ pen }: Sketch, path: string, paint: Paint): void {
  pen.soft(path, 7, { opacity: 0.4 });
  pen.solid(path, paint, { form: 'slab', edge: 10 });
  pen.stitch(path, lighter(paint.colour, 0.4), 4);
}

const WHITE_RUBBER = plain('#f1eee6', 'rubber');

function drawLow(sketch: Sketch): void {
  drawShoe(sketch, LOW, WHITE_RUBBER);
  drawPanel(sketch, 'M-152 -34L-154 -84Q-128 -96 -104 -80L-98 -34Z', sketch.trim);
  drawPanel(sketch, 'M94 -32Q96 -84 118 -87Q156 -74 161 -30Z', {
    ...sketch.trim,
    colour: lighter(sketch.main.colour, 0.25),
  });
  drawLaces(sketch, [52, -92, -32, -146], 5);
}

function drawHigh(sketch: Sketch): void {
  const { pen } = sketch;
  drawShoe(sketch, HIGH, WHITE_RUBBER);
  pen.line('M-160 -24Q20 -14 168 -22', sketch.trim.colour, 4);
  drawPanel(sketch, 'M88 -30Q92 -92 122 -88Q158 -74 163 -28Z', WHITE_RUBBER);
  drawLaces(sketch, [46, -98, -44, -224], 8);
  pen.solid('M-122 -170a24 24 0 1 0 48 0a24 24 0 1 0 -48 0Z', sketch.trim, { form: 'flat' });
  pen.line('M-122 -170a24 24 0 1 0 48 0a24 24 0 1 0 -48 0', '#fff', 3);
}

function drawSlip(sketch: Sketch): void {
  drawShoe(sketch, SLIP, plain('#e9e2d2', 'rubber'));
  drawPanel(sketch, 'M-52 -104L-14 -118L-2 -70L-30 -60Z', plain('charcoal', 'knit'));
}

function drawRunner(sketch: Sketch): void {
  const { pen, trim } = sketch;
  drawShoe(sketch, RUNNER, WHITE_RUBBER);
  pen.blend('M-172 -30Q-184 -4 -156 0H110Q160 -2 178 -28Q20 4 -172 -30Z', [trim.colour, darker(trim.colour, 0.3)]);
  drawPanel(sketch, 'M-96 -48Q-40 -110 -14 -122L16 -108Q-24 -84 -46 -42Z', trim);
  drawPanel(sketch, 'M-30 -40Q6 -88 30 -102L54 -90Q24 -70 8 -36Z', trim);
  drawLaces(sketch, [50, -92, -38, -148], 5);
}

function drawChunky(sketch: Sketch): void {
  const { trim, main } = sketch;
  drawShoe(sketch, CHUNKY, plain('#e4ddcf', 'rubber'));
  drawPanel(sketch, 'M-150 -48L-156 -118Q-116 -110 -90 -84L-60 -42Z', trim);
  drawPanel(sketch, 'M60 -38Q66 -98 112 -90Q154 -74 160 -34Z', { ...trim, colour: darker(main.colour, 0.25) });
  drawLaces(sketch, [44, -96, -34, -146], 5);
}

const PRINTS = ['plain', 'plain', 'plain', 'starry', 'dotted', 'checked'] as const;

export const SNEAKERS: DemoKind = {
  name: 'Sneakers',
  folder: 'sneakers',
  setting: 'standing',
  studio: { walls: ['#c9ced3', '#bfc6cd'], ground: 'floor', grounds: ['#9da3a8', '#aab0b4'] },
  zoom: 1.4,
  floor: 440,
  printSize: 34,
  colours: ['white', 'black', 'grey', 'navy', 'red', 'olive', 'sand', 'light blue', 'pink', 'green', 'brown'],
  brands: ['Laufwerk', 'Pavo Street', 'Kestrel Run'],
  blurb: 'Cushioned insoles that come out, and a sole that is sewn and not only glued.',
  shapes: [
    {
      noun: 'low-top sneakers',
      materials: ['leather', 'canvas', 'suede'],
      patterns: PRINTS,
      prices: [59, 119],
      draw: drawLow,
    },
    {
      noun: 'high-top sneakers',
      materials: ['canvas', 'denim', 'leather'],
      patterns: PRINTS,
      prices: [65, 129],
      draw: drawHigh,
    },
    {
      noun: 'slip-on sneakers',
      materials: ['canvas', 'suede', 'denim'],
      patterns: PRINTS,
      prices: [39, 79],
      draw: drawSlip,
    },
    {
      noun: 'running shoes',
      materials: ['mesh', 'nylon', 'knit'],
      patterns: ['plain', 'plain', 'zigzag', 'ombre', 'two-tone'],
      prices: [79, 169],
      draw: drawRunner,
    },
    {
      noun: 'platform sneakers',
      materials: ['leather', 'suede'],
      patterns: PRINTS,
      prices: [69, 139],
      draw: drawChunky,
    },
  ],
};
