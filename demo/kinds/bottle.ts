import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { ellipse, lathe, type Point } from '../outline.js';
import { lighter } from '../palette.js';
import type { Paint } from '../pen.js';

const INSULATED: readonly Point[] = [
  [34, -278],
  [36, -266],
  [66, -236],
  [70, -210],
  [70, -20],
  [62, 0],
];
const SPORTS: readonly Point[] = [
  [56, -250],
  [64, -236],
  [64, -170],
  [54, -140],
  [54, -110],
  [64, -80],
  [64, -16],
  [56, 0],
];
const SWING: readonly Point[] = [
  [19, -300],
  [20, -270],
  [24, -220],
  [62, -170],
  [66, -140],
  [66, -16],
  [58, 0],
];
const CARAFE: readonly Point[] = [
  [46, -290],
  [34, -262],
  [28, -210],
  [52, -130],
  [92, -70],
  [94, -34],
  [70, 0],
];
const TUMBLER: readonly Point[] = [
  [82, -262],
  [74, -150],
  [60, -10],
  [54, 0],
];
const FLASK: readonly Point[] = [
  [66, -214],
  [68, -206],
  [68, -14],
  [62, 0],
];
const HIP: readonly Point[] = [
  [24, -214],
  [26, -200],
  [92, -176],
  [100, -150],
  [100, -24],
  [88, 0],
];

function drawBody({ pen, main, tilt }: Sketch, profile: readonly Point[]): void {
  const radius = Math.max(...profile.map(([x]) => x));
  pen.ground(0, 0, radius);
  pen.solid(lathe(profile, tilt), main, { form: 'tube', wrap: { radius, depth: radius * tilt }, edge: 16 });
}

/** A turned piece of `paint` from `top` to `bottom`, with a lit upper face. */
function drawCap({ pen, tilt }: Sketch, paint: Paint, [radius, top, bottom]: readonly [number, number, number]): void {
  pen.solid(
    lathe(
      [
        [radius, top],
        [radius, bottom],
      ],
      tilt,
    ),
    paint,
    { form: 'tube', edge: 0 },
  );
  const face = ellipse(0, top, [radius, radius * tilt]);
  pen.area(face, lighter(paint.colour, 0.22));
  pen.soft(face, 3, { colour: '#fff', opacity: 0.5 });
}

function drawInsulated(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawBody(sketch, INSULATED);
  drawCap(sketch, plain('silver', 'metal'), [35, -284, -270]);
  pen.rope('M-26 -300C-30 -348 30 -348 26 -300', { ...trim, material: main.material }, 11);
  drawCap(sketch, trim, [36, -314, -282]);
}

function drawSports(sketch: Sketch): void {
  const { pen, trim } = sketch;
  drawBody(sketch, SPORTS);
  drawCap(sketch, trim, [60, -282, -248]);
  drawCap(sketch, trim, [26, -304, -282]);
  pen.rope('M6 -304L22 -330L46 -330', trim, 13);
}

function drawSwing(sketch: Sketch): void {
  const { pen, trim, main } = sketch;
  drawBody(sketch, SWING);
  pen.softInside(lathe(SWING, sketch.tilt), ['M-70 -150Q0 -128 70 -150'], { width: 8, colour: '#fff', opacity: 0.5 });
  drawCap(sketch, { ...trim, colour: lighter(main.colour, 0.5) }, [21, -304, -288]);
  pen.rope('M-20 -262C-34 -300 -24 -332 0 -330C24 -332 34 -300 20 -262', plain('silver', 'metal'), 4);
  drawCap(sketch, plain('white', 'porcelain'), [17, -330, -306]);
}

function drawCarafe(sketch: Sketch): void {
  drawBody(sketch, CARAFE);
  const mouth = ellipse(0, -290, [46, 46 * sketch.tilt]);
  sketch.pen.area(mouth, '#ffffff', 0.35);
  sketch.pen.line(mouth, lighter(sketch.main.colour, 0.6), 3.5);
  drawCap(sketch, plain('ash', 'wood'), [31, -314, -276]);
}

function drawTumbler(sketch: Sketch): void {
  const { pen, trim } = sketch;
  drawBody(sketch, TUMBLER);
  drawCap(sketch, trim, [86, -276, -256]);
  pen.rope('M14 -278L34 -352', plain('white', 'plastic'), 12);
}

function drawFlask(sketch: Sketch): void {
  const { pen, trim } = sketch;
  pen.rope('M60 -180C116 -186 118 -60 62 -58', trim, 15);
  drawBody(sketch, FLASK);
  drawCap(sketch, plain('silver', 'metal'), [66, -222, -210]);
  drawCap(sketch, { ...plain('silver', 'metal') }, [58, -310, -222]);
}

function drawHip(sketch: Sketch): void {
  sketch.pen.moved('scale(1.2)', () => {
    drawFlatFlask(sketch);
  });
}

function drawFlatFlask(sketch: Sketch): void {
  drawBody(sketch, HIP);
  sketch.pen.rope('M24 -196L44 -214L40 -236', plain('silver', 'metal'), 5);
  drawCap(sketch, plain('silver', 'metal'), [26, -246, -210]);
}

const WRAPS = ['plain', 'plain', 'plain', 'ombre', 'two-tone', 'wavy', 'dotted'] as const;
const CLEAR = ['plain', 'plain', 'plain', 'striped', 'ombre', 'dotted'] as const;

export const BOTTLES: DemoKind = {
  name: 'Bottles',
  folder: 'bottles',
  setting: 'standing',
  studio: { walls: ['#c6dbe6', '#b7d2e0'], ground: 'cove', grounds: [] },
  zoom: 1.28,
  floor: 536,
  printSize: 40,
  colours: ['teal', 'light blue', 'blue', 'mint', 'coral', 'white', 'black', 'green', 'pink', 'navy', 'tan', 'brown'],
  brands: ['Quellwasser', 'Northspring', 'Kiln & Dew'],
  blurb: 'Keeps drinks cold on the road and fits the holder of a bicycle.',
  shapes: [
    { noun: 'insulated bottle', materials: ['steel'], patterns: WRAPS, prices: [22, 39], draw: drawInsulated },
    { noun: 'sports bottle', materials: ['plastic', 'aluminium'], patterns: WRAPS, prices: [9, 19], draw: drawSports },
    { noun: 'swing-top bottle', materials: ['glass'], patterns: CLEAR, prices: [7, 16], draw: drawSwing },
    { noun: 'carafe', materials: ['glass'], patterns: CLEAR, prices: [18, 34], draw: drawCarafe },
    { noun: 'tumbler', materials: ['steel', 'plastic'], patterns: WRAPS, prices: [15, 28], draw: drawTumbler },
    { noun: 'vacuum flask', materials: ['steel'], patterns: WRAPS, prices: [24, 45], draw: drawFlask },
    {
      noun: 'hip flask',
      materials: ['leather', 'steel'],
      patterns: ['plain', 'diamond', 'pinstriped'],
      prices: [19, 36],
      draw: drawHip,
    },
  ],
};
