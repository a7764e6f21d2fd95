import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse, roundedBox } from '../outline.js';
import { darker, lighter } from '../palette.js';

const STEEL = plain('silver', 'metal');
const PAD = plain('#2b2c30', 'leather');

/** Draws the right half of something twice, once mirrored. */
function drawBoth({ pen }: Sketch, draw: () => void): void {
  for (const side of [-1, 1]) pen.moved(`scale(${side} 1)`, draw);
}

/** The shadow of a band and of the two large cups at its ends. */
function drawShadow({ pen }: Sketch, band: string, width: number): void {
  pen.dropRope(band, width);
  for (const x of [-150, 62]) pen.drop(roundedBox({ x, y: 6, width: 88, height: 134, radius: 30 }), 14);
}

function drawOverEar(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const band = 'M-134 20C-150 -200 150 -200 134 20';
  drawShadow(sketch, band, 26);
  pen.rope(band, main, 26);
  pen.rope('M-70 -122Q0 -158 70 -122', PAD, 19);
  drawBoth(sketch, () => {
    pen.rope('M134 -10V44', STEEL, 13);
    pen.solid(roundedBox({ x: 62, y: 0, width: 40, height: 140, radius: 20 }), PAD, { form: 'tube', edge: 14 });
    pen.solid(
      closedCurve([
        [96, -2],
        [140, 2],
        [160, 70],
        [140, 138],
        [96, 142],
      ]),
      main,
      { form: 'slab', edge: 24 },
    );
    pen.solid(ellipse(134, 70, [15, 44]), trim, { form: 'ball', edge: 8 });
  });
}

function drawOnEar(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const band = 'M-112 40C-126 -180 126 -180 112 40';
  pen.dropRope(band, 12);
  pen.rope(band, STEEL, 9);
  pen.rope('M-60 -114Q0 -146 60 -114', main, 16);
  drawBoth(sketch, () => {
    pen.drop(ellipse(108, 66, [62, 62]), 14);
    pen.solid(ellipse(108, 66, [64, 64]), PAD, { form: 'ball', edge: 18 });
    pen.solid(ellipse(112, 64, [49, 49]), main, { form: 'ball', edge: 16 });
    pen.line(ellipse(112, 64, [30, 30]), trim.colour, 5);
  });
}

function drawStudio(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawShadow(sketch, 'M-128 20C-140 -190 140 -190 128 20', 26);
  pen.line('M-120 130C-130 220 -10 150 10 210', '#232427', 7);
  pen.rope('M-128 20C-140 -190 140 -190 128 20M-112 20C-122 -166 122 -166 112 20', STEEL, 6);
  pen.solid(
    closedCurve([
      [-86, -110],
      [0, -150],
      [86, -110],
      [78, -82],
      [0, -116],
      [-78, -82],
    ]),
    { ...PAD, colour: darker(main.colour, 0.25) },
    { form: 'cloth', edge: 16 },
  );
  drawBoth(sketch, () => {
    pen.rope('M120 10L128 76', STEEL, 10);
    pen.solid(roundedBox({ x: 56, y: 8, width: 50, height: 136, radius: 24 }), PAD, { form: 'tube', edge: 18 });
    pen.solid(roundedBox({ x: 96, y: 14, width: 60, height: 124, radius: 28 }), main, { form: 'slab', edge: 20 });
    pen.line('M126 44V108M138 50V102M114 50V102', lighter(trim.colour, 0.1), 4);
  });
}

function drawGaming(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawShadow(sketch, 'M-132 30C-158 -216 158 -216 132 30', 36);
  pen.rope('M-132 30C-158 -216 158 -216 132 30', { ...main, colour: darker(main.colour, 0.2) }, 38);
  pen.line('M-128 -10C-150 -200 150 -200 128 -10', trim.colour, 5);
  pen.rope('M-120 110C-110 190 -50 196 -10 180', plain('black', 'rubber'), 10);
  pen.solid(roundedBox({ x: -26, y: 166, width: 42, height: 24, radius: 12 }), plain('black', 'rubber'), {
    form: 'ball',
    edge: 6,
  });
  drawBoth(sketch, () => {
    pen.solid(roundedBox({ x: 52, y: -6, width: 56, height: 150, radius: 26 }), PAD, { form: 'tube', edge: 20 });
    pen.solid('M98 -14L150 6L172 70L150 132L98 150Z', main, { form: 'slab', edge: 22 });
    pen.line('M118 30L146 70L118 110', trim.colour, 8);
  });
}

function drawEarbuds(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const box = roundedBox({ x: -110, y: 20, width: 220, height: 150, radius: 56 });
  pen.drop(box, 14);
  pen.solid(box, main, { form: 'slab', edge: 34 });
  pen.soft('M-110 78H110', 6, { opacity: 0.6 });
  pen.area(ellipse(0, 104, [6, 6]), '#7ee08a');
  for (const [x, turn] of [
    [-76, -14],
    [76, 14],
  ] as const) {
    pen.moved(`translate(${x} -110) rotate(${turn}) scale(${x < 0 ? 1 : -1} 1)`, () => {
      pen.drop(ellipse(0, 0, [44, 42]), 12);
      pen.rope('M-8 20L-6 96', main, 30);
      pen.solid(ellipse(30, 4, [32, 24]), PAD, { form: 'ball', edge: 10 });
      pen.solid(ellipse(0, 0, [44, 42]), main, { form: 'ball', edge: 18 });
      pen.solid(ellipse(-8, -4, [19, 19]), trim, { form: 'ball', edge: 8 });
    });
  }
}

const CASES = ['plain', 'plain', 'plain', 'two-tone', 'speckled'] as const;

export const HEADPHONES: DemoKind = {
  name: 'Headphones',
  folder: 'headphones',
  setting: 'hanging',
  studio: { walls: ['#c8bfd8', '#bdb4cf'], ground: 'wall', grounds: [] },
  zoom: 1.34,
  floor: 328,
  printSize: 30,
  colours: ['black', 'white', 'charcoal', 'silver', 'red', 'blue', 'mint', 'rose gold', 'walnut', 'oak', 'tan'],
  brands: ['Klangfarbe', 'Auralis Hill', 'Nightjar Audio'],
  blurb: 'Thirty hours on a charge and a clear voice on the phone, with a cable as well.',
  shapes: [
    {
      noun: 'over-ear headphones',
      materials: ['plastic', 'aluminium', 'leather'],
      patterns: CASES,
      prices: [89, 299],
      draw: drawOverEar,
    },
    {
      noun: 'on-ear headphones',
      materials: ['plastic', 'metal', 'wood'],
      patterns: CASES,
      prices: [49, 149],
      draw: drawOnEar,
    },
    {
      noun: 'studio headphones',
      materials: ['plastic', 'wood', 'metal'],
      patterns: ['plain'],
      prices: [119, 349],
      draw: drawStudio,
    },
    {
      noun: 'gaming headset',
      materials: ['plastic', 'aluminium'],
      patterns: CASES,
      prices: [59, 179],
      draw: drawGaming,
    },
    {
      noun: 'earbuds',
      materials: ['plastic', 'ceramic', 'aluminium'],
      patterns: CASES,
      prices: [39, 199],
      draw: drawEarbuds,
    },
  ],
};
