import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse } from '../outline.js';
import { darker, lighter } from '../palette.js';

function drawCap(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const crown = 'M-132 -44C-140 -190 -40 -208 6 -204C74 -198 122 -150 124 -52Q0 -14 -132 -44Z';
  const brim = closedCurve([
    [30, -62],
    [90, -70],
    [160, -56],
    [206, -22],
    [190, -8],
    [110, -22],
    [40, -26],
    [-10, -32],
  ]);
  pen.ground(6, -30, 128);
  pen.solid(crown, main, { form: 'ball', edge: 34 });
  pen.softInside(crown, ['M2 -204Q-30 -110 -22 -30M4 -204Q66 -150 78 -30M2 -204Q-96 -150 -104 -40'], {
    width: 6,
    opacity: 0.5,
  });
  pen.soft(brim, 14, { opacity: 0.5 });
  pen.solid(brim, main.pattern === 'plain' ? main : trim, { form: 'slab', edge: 18 });
  for (const bend of [-54, -46])
    pen.stitch(`M40 ${bend}Q120 ${bend - 8} 186 ${bend + 32}`, lighter(main.colour, 0.5), 4);
  pen.solid(ellipse(4, -204, [13, 7]), { ...trim, colour: main.colour }, { form: 'ball', edge: 4 });
}

/** Crown and brim together in the middle. */
function drawCapInMiddle(sketch: Sketch): void {
  sketch.pen.moved('translate(-34 0)', () => {
    drawCap(sketch);
  });
}

function drawBeanie(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const crown = 'M-118 -60C-128 -210 -50 -238 0 -238C50 -238 128 -210 118 -60Z';
  const cuff = closedCurve([
    [-126, -76],
    [0, -66],
    [126, -76],
    [130, -40],
    [122, -2],
    [0, 8],
    [-122, -2],
    [-130, -40],
  ]);
  pen.ground(0, 0, 122);
  pen.solid(crown, main, { form: 'ball', edge: 44 });
  const ribs = Array.from({ length: 11 }, (_, index) => `M0 -250Q${(index - 5) * 30} -170 ${(index - 5) * 23} -50`);
  pen.softInside(crown, ribs, { width: 8, opacity: 0.32 });
  pen.soft(cuff, 14, { opacity: 0.5 });
  pen.solid(cuff, { ...trim, material: main.material }, { form: 'tube', edge: 26 });
  drawPompom(sketch);
}

function drawPompom({ pen, trim, random }: Sketch): void {
  pen.soft(ellipse(0, -258, [40, 38]), 10, { opacity: 0.4 });
  for (let tuft = 0; tuft < 70; tuft += 1) {
    const [angle, reach] = [random.between(0, 2 * Math.PI), random.between(14, 46)];
    const [x, y] = [Math.cos(angle) * reach, -260 + Math.sin(angle) * reach];
    const shade =
      y > -252 || x > 22
        ? darker(trim.colour, random.between(0.12, 0.34))
        : lighter(trim.colour, random.between(0, 0.3));
    pen.line(`M${x * 0.5} ${-260 + (y + 260) * 0.5}L${x} ${y}`, shade, 8);
  }
}

function drawFedora(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const brim = closedCurve([
    [-190, -52],
    [-120, -66],
    [0, -72],
    [120, -66],
    [190, -52],
    [176, -26],
    [90, -2],
    [0, 4],
    [-90, -2],
    [-176, -26],
  ]);
  const crown = closedCurve([
    [-112, -40, 'corner'],
    [-108, -120],
    [-84, -186],
    [-40, -192],
    [0, -176],
    [40, -192],
    [84, -186],
    [108, -120],
    [112, -40, 'corner'],
    [0, -18],
  ]);
  pen.ground(0, -14, 172);
  pen.solid(brim, main, { form: 'slab', edge: 16 });
  pen.soft('M-112 -40Q0 -10 112 -40', 26, { opacity: 0.5 });
  pen.solid(crown, main, { form: 'tube', edge: 28 });
  pen.softInside(crown, ['M-34 -184Q0 -130 -4 -100', 'M64 -188Q40 -150 42 -120'], { width: 22, opacity: 0.4 });
  const band = 'M-112 -70Q0 -44 112 -70L112 -40Q0 -14 -112 -40Z';
  pen.solid(band, { ...trim, material: plain('black', 'silk').material }, { form: 'tube', edge: 6 });
}

function drawBucket(sketch: Sketch): void {
  const { pen, main } = sketch;
  const crown = 'M-104 -86L-82 -196Q0 -218 82 -196L104 -86Q0 -64 -104 -86Z';
  const brim = 'M-104 -88Q0 -66 104 -88L164 -16Q90 12 0 12Q-90 12 -164 -16Z';
  pen.ground(0, -4, 146);
  pen.solid(crown, main, { form: 'tube', edge: 30 });
  pen.soft('M-82 -196Q0 -172 82 -196', 6, { opacity: 0.4 });
  pen.solid(brim, main, { form: 'tube', edge: 22 });
  pen.soft('M-104 -86Q0 -64 104 -86', 12, { opacity: 0.55 });
  for (const share of [0.3, 0.52, 0.74]) {
    const [x, y] = [104 + 60 * share, -88 + 72 * share];
    pen.stitch(`M${-x} ${y}Q0 ${y + 22 + share * 8} ${x} ${y}`, lighter(main.colour, 0.45), 5);
  }
}

function drawSun(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const brim = closedCurve([
    [-210, -34],
    [-150, -64],
    [0, -78],
    [150, -64],
    [210, -34],
    [170, 4],
    [60, 16],
    [-60, 14],
    [-170, 6],
  ]);
  const crown = 'M-94 -48C-98 -170 -50 -184 0 -184C50 -184 98 -170 94 -48Q0 -24 -94 -48Z';
  pen.ground(0, -2, 196);
  pen.solid(brim, main, { form: 'slab', edge: 26 });
  pen.softInside(brim, ['M-160 -30Q0 -4 160 -30', 'M-186 -28Q0 20 186 -28'], { width: 8, opacity: 0.25 });
  pen.soft('M-94 -48Q0 -22 94 -48', 24, { opacity: 0.5 });
  pen.solid(crown, main, { form: 'tube', edge: 26 });
  const ribbon = { ...trim, material: plain('black', 'silk').material };
  pen.solid('M-95 -84Q0 -60 95 -84L94 -48Q0 -24 -94 -48Z', ribbon, { form: 'tube', edge: 6 });
  pen.solid('M70 -66C96 -100 132 -92 128 -66C132 -40 100 -34 70 -66Z', ribbon, { form: 'ball', edge: 8 });
  pen.solid('M76 -62L140 -16L112 -6Z', ribbon, { form: 'slab', edge: 6 });
}

function drawBeret(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const body = closedCurve([
    [-176, -96],
    [-120, -152],
    [0, -176],
    [110, -166],
    [180, -116],
    [168, -66],
    [96, -38],
    [-60, -34],
    [-150, -54],
  ]);
  pen.ground(0, -10, 112);
  pen.solid(
    'M-104 -50Q0 -26 106 -54L102 -14Q0 8 -100 -12Z',
    { ...trim, colour: darker(main.colour, 0.35) },
    { form: 'tube', edge: 8 },
  );
  pen.solid(body, main, { form: 'ball', edge: 52 });
  pen.softInside(body, ['M-120 -60Q-150 -90 -130 -120', 'M60 -50Q120 -70 150 -100'], { width: 20, opacity: 0.28 });
  pen.rope('M4 -172Q2 -186 10 -196', main, 9);
}

const KNITS = ['plain', 'striped', 'zigzag', 'zigzag', 'diamond'] as const;
const PRINTS = ['plain', 'plain', 'plain', 'checked', 'checked', 'dotted', 'floral'] as const;

export const HATS: DemoKind = {
  name: 'Hats',
  folder: 'hats',
  setting: 'standing',
  studio: { walls: ['#e3cdb2', '#dcc2a3'], ground: 'cove', grounds: [] },
  zoom: 1.36,
  floor: 458,
  printSize: 32,
  colours: ['cream', 'sand', 'tan', 'mustard', 'brown', 'burgundy', 'navy', 'charcoal', 'olive', 'red', 'blue'],
  brands: ['Kopfsache', 'Millner & Wren', 'Fjordglow'],
  blurb: 'Soft at the forehead, keeps its shape in a pocket. One size, with a band inside.',
  shapes: [
    {
      noun: 'baseball cap',
      materials: ['cotton', 'denim', 'suede'],
      patterns: PRINTS,
      prices: [15, 34],
      draw: drawCapInMiddle,
    },
    { noun: 'beanie', materials: ['wool', 'knit'], patterns: KNITS, prices: [14, 32], draw: drawBeanie },
    { noun: 'fedora', materials: ['felt', 'straw'], patterns: ['plain'], prices: [39, 89], draw: drawFedora },
    {
      noun: 'bucket hat',
      materials: ['cotton', 'canvas', 'denim'],
      patterns: PRINTS,
      prices: [17, 38],
      draw: drawBucket,
    },
    { noun: 'sun hat', materials: ['straw', 'straw', 'linen'], patterns: ['plain'], prices: [24, 59], draw: drawSun },
    {
      noun: 'beret',
      materials: ['felt', 'wool'],
      patterns: ['plain', 'plain', 'checked', 'dotted'],
      prices: [19, 42],
      draw: drawBeret,
    },
  ],
};
