import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { symmetric, type Point } from '../outline.js';
import { darker } from '../palette.js';

/** A dress on a hanger: the right half of its outline, its folds and its sleeves. */
interface Cut {
  half: readonly Point[];
  /** Right edge of the neckline on the shoulder and how deep it falls. */
  neck: readonly [x: number, y: number, depth: number];
  /** The right sleeve; empty for none. */
  sleeve: string;
  /** Height of the seam at the waist; null for none. */
  waist: number | null;
  /** Where folds end at the hem: x; they begin at the waist. */
  folds: readonly number[];
}

const A_LINE: Cut = {
  half: [
    [30, -176, 'corner'],
    [58, -172, 'corner'],
    [52, -130],
    [66, -104, 'corner'],
    [58, -60],
    [54, -34, 'corner'],
    [100, 60],
    [134, 160, 'corner'],
    [70, 174],
    [0, 178],
  ],
  neck: [30, -176, 34],
  sleeve: '',
  waist: -34,
  folds: [-96, -52, -12, 34, 80],
};
const SHIFT: Cut = {
  half: [
    [34, -176, 'corner'],
    [66, -168, 'corner'],
    [58, -124],
    [70, -98, 'corner'],
    [60, -36],
    [70, 40],
    [72, 120],
    [66, 188, 'corner'],
    [0, 192],
  ],
  neck: [34, -176, 14],
  sleeve: '',
  waist: null,
  folds: [-34, 8, 44],
};
const MAXI: Cut = {
  half: [
    [46, -150, 'corner'],
    [62, -110, 'corner'],
    [54, -60],
    [50, -48, 'corner'],
    [84, 60],
    [108, 198, 'corner'],
    [50, 206],
    [0, 204],
  ],
  neck: [46, -150, 20],
  sleeve: '',
  waist: -48,
  folds: [-76, -44, -14, 20, 50, 82],
};
const WRAP: Cut = {
  half: [
    [30, -176, 'corner'],
    [74, -166, 'corner'],
    [66, -110],
    [56, -40],
    [52, -26, 'corner'],
    [86, 60],
    [112, 134, 'corner'],
    [40, 150],
    [0, 148],
  ],
  neck: [30, -176, 92],
  sleeve: 'M72 -168C96 -150 116 -100 126 -36L92 -26L66 -104Z',
  waist: -26,
  folds: [-70, -24, 40, 84],
};
const TIERED: Cut = {
  half: [
    [30, -172, 'corner'],
    [70, -166, 'corner'],
    [64, -116],
    [70, -82, 'corner'],
    [94, -10, 'corner'],
    [112, 70, 'corner'],
    [140, 150, 'corner'],
    [60, 160],
    [0, 162],
  ],
  neck: [30, -172, 20],
  sleeve: 'M68 -168C112 -166 132 -124 118 -90L74 -92Z',
  waist: -82,
  folds: [-110, -74, -38, 0, 38, 74, 110],
};

function drawHanger({ pen }: Sketch): void {
  pen.rope('M0 -192V-204C0 -216 16 -214 16 -226C16 -242 -10 -242 -10 -226', plain('silver', 'metal'), 4.5);
  pen.rope('M-66 -160Q-20 -186 0 -190Q20 -186 66 -160', plain('oak', 'wood'), 10);
}

function neckline([x, y, depth]: Cut['neck']): string {
  return `M${-x} ${y - 2}Q0 ${y + depth * 2} ${x} ${y - 2}`;
}

function drawCut(sketch: Sketch, cut: Cut): void {
  const { pen, main } = sketch;
  const shape = cutNeck(symmetric(cut.half), cut);
  pen.drop(shape, 13);
  drawHanger(sketch);
  for (const side of cut.sleeve ? [1, -1] : []) {
    pen.moved(`scale(${side} 1)`, () => {
      pen.drop(cut.sleeve, 10);
      pen.solid(cut.sleeve, main, { form: 'cloth', edge: 22 });
    });
  }
  pen.area(
    `${neckline([cut.neck[0], cut.neck[1], cut.neck[2] * 0.3])}${neckline(cut.neck).replace('M', 'L')}Z`,
    darker(main.colour, 0.5),
  );
  pen.solid(shape, main, { form: 'cloth', edge: 34 });
  drawFolds(sketch, shape, cut);
  pen.soft(neckline(cut.neck), 4, { opacity: 0.4 });
}

/** The outline with the top edge replaced by the neckline. */
function cutNeck(outline: string, { neck: [x, y, depth] }: Cut): string {
  const close = outline.lastIndexOf('C');
  return `${outline.slice(0, close)}Q0 ${y + depth * 2} ${x} ${y}Z`;
}

function drawFolds({ pen }: Sketch, shape: string, { waist, folds, half }: Cut): void {
  const hem = Math.max(...half.map(([, y]) => y));
  const start = waist ?? -90;
  const lines = folds.map((x) => `M${x * 0.42} ${start}Q${x * 0.6} ${(start + hem) / 2} ${x} ${hem + 8}`);
  pen.softInside(shape, lines, { width: 20, opacity: 0.36 });
  pen.moved('translate(-9 0)', () => pen.softInside(shape, lines, { width: 8, colour: '#fff', opacity: 0.22 }));
  pen.softInside(shape, ['M-64 -120Q-40 -90 -46 -50', 'M64 -120Q40 -90 46 -50'], { width: 14, opacity: 0.25 });
}

function drawBelted(sketch: Sketch, cut: Cut): void {
  drawCut(sketch, cut);
  const { pen, trim } = sketch;
  const y = cut.waist ?? 0;
  pen.solid(
    `M-57 ${y - 8}Q0 ${y + 2} 57 ${y - 8}L55 ${y + 12}Q0 ${y + 22} -55 ${y + 12}Z`,
    { ...trim, material: plain('white', 'silk').material },
    { form: 'tube', edge: 6 },
  );
}

function drawMaxi(sketch: Sketch): void {
  const strap = { ...sketch.main, pattern: 'plain' as const };
  drawCut(sketch, MAXI);
  sketch.pen.rope('M-46 -150L-30 -178M46 -150L30 -178', strap, 6);
  sketch.pen.soft('M-50 -48Q0 -40 50 -48', 9, { opacity: 0.5 });
}

function drawWrap(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawCut(sketch, WRAP);
  pen.soft('M28 -174L-24 -30L-40 140', 8, { opacity: 0.55 });
  pen.rope('M-52 -26Q0 -16 52 -26', main, 11);
  pen.rope('M34 -22C50 10 44 40 52 70M38 -20C70 0 66 30 76 50', main, 7);
}

function drawTiered(sketch: Sketch): void {
  const { pen } = sketch;
  drawCut(sketch, TIERED);
  for (const [y, half] of [
    [-80, 70],
    [-8, 94],
    [72, 112],
  ] as const) {
    pen.soft(`M${-half} ${y}Q0 ${y + 12} ${half} ${y}`, 12, { opacity: 0.55 });
  }
}

const FABRICS = ['cotton', 'linen', 'silk', 'velvet'] as const;
const PRINTS = [
  'floral',
  'floral',
  'floral',
  'dotted',
  'dotted',
  'plain',
  'plain',
  'leafy',
  'checked',
  'wavy',
] as const;

export const DRESSES: DemoKind = {
  name: 'Dresses',
  folder: 'dresses',
  setting: 'hanging',
  studio: { walls: ['#ead9d3', '#e6d0c9'], ground: 'wall', grounds: [] },
  zoom: 1.3,
  floor: 328,
  printSize: 34,
  colours: ['red', 'navy', 'coral', 'pink', 'black', 'teal', 'mustard', 'lilac', 'cream', 'green', 'burgundy'],
  brands: ['Ida & Fern', 'Maison Orle', 'Sommerkleid'],
  blurb: 'Falls softly, has pockets in its side seams and is washed at thirty degrees.',
  shapes: [
    {
      noun: 'A-line dress',
      materials: FABRICS,
      patterns: PRINTS,
      prices: [49, 119],
      draw: (sketch) => drawBelted(sketch, A_LINE),
    },
    {
      noun: 'shift dress',
      materials: FABRICS,
      patterns: PRINTS,
      prices: [45, 99],
      draw: (sketch) => drawCut(sketch, SHIFT),
    },
    { noun: 'maxi dress', materials: ['cotton', 'silk', 'linen'], patterns: PRINTS, prices: [59, 149], draw: drawMaxi },
    { noun: 'wrap dress', materials: ['silk', 'cotton', 'linen'], patterns: PRINTS, prices: [55, 129], draw: drawWrap },
    {
      noun: 'tiered dress',
      materials: ['cotton', 'linen', 'denim'],
      patterns: PRINTS,
      prices: [49, 109],
      draw: drawTiered,
    },
  ],
};
