import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse, lathe, polygon, type Point } from '../outline.js';
import { darker } from '../palette.js';
import type { Paint } from '../pen.js';

/** The corners of a seat in perspective: back left, back right, front right, front left. */
const SEAT: readonly [Point, Point, Point, Point] = [
  [-72, -176],
  [58, -176],
  [84, -146],
  [-92, -146],
];

function drawFeet({ pen }: Sketch): void {
  pen.ground(0, -6, 104);
}

/** Four legs below the seat, the back ones in the shade. */
function drawLegs({ pen }: Sketch, paint: Paint, width: number): void {
  const back = { ...paint, colour: darker(paint.colour, 0.25) };
  pen.rope('M-64 -170L-74 -26', back, width);
  pen.rope('M52 -170L62 -26', back, width);
  pen.rope('M-84 -146L-98 4', paint, width);
  pen.rope('M76 -146L92 4', paint, width);
}

function drawSeat({ pen }: Sketch, paint: Paint, thickness: number): void {
  const [backLeft, backRight, right, left] = SEAT;
  const front = polygon([left, right, [right[0] - 2, right[1] + thickness], [left[0] + 2, left[1] + thickness]]);
  pen.solid(front, { ...paint, colour: darker(paint.colour, 0.2) }, { form: 'slab', edge: 8 });
  pen.solid(polygon([backLeft, backRight, right, left]), paint, { form: 'slab', edge: 10 });
}

function drawSlatted(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawFeet(sketch);
  drawLegs(sketch, main, 12);
  drawSeat(sketch, main, 12);
  pen.rope('M-68 -172L-76 -330M56 -172L66 -330', main, 12);
  for (const y of [-318, -280, -242]) pen.rope(`M-70 ${y}Q-6 ${y + 12} 62 ${y}`, main, 17);
}

function drawSpindle(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawFeet(sketch);
  drawLegs(sketch, main, 11);
  for (const x of [-48, -27, -6, 15, 36]) pen.rope(`M${x} -172L${x * 1.5 - 4} -${330 - x * x * 0.012}`, main, 6);
  drawSeat(sketch, main, 14);
  pen.rope('M-70 -172C-100 -270 -84 -338 -6 -338C72 -338 88 -270 60 -172', main, 13);
}

function drawShell(sketch: Sketch): void {
  const { pen, main } = sketch;
  const wood = plain('oak', 'wood');
  drawFeet(sketch);
  for (const leg of ['M-34 -150L-80 -22', 'M30 -150L74 -22', 'M-46 -144L-94 6', 'M44 -144L92 6'])
    pen.rope(leg, wood, 10);
  pen.line('M-76 -60L76 -60M-60 -104L64 -30', '#2c2d30', 3);
  const back = closedCurve([
    [-92, -226],
    [-84, -306],
    [-40, -336],
    [20, -336],
    [72, -306],
    [82, -226],
    [70, -160],
    [-80, -160],
  ]);
  pen.solid(back, main, { form: 'ball', edge: 34 });
  const seat = closedCurve([
    [-104, -186],
    [-60, -200],
    [0, -196],
    [54, -200],
    [96, -186],
    [84, -140],
    [0, -128],
    [-92, -140],
  ]);
  pen.soft(seat, 14, { opacity: 0.35 });
  pen.solid(seat, main, { form: 'slab', edge: 26 });
}

function drawUpholstered(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawFeet(sketch);
  drawLegs(sketch, plain('black', 'steel'), 9);
  const back = closedCurve([
    [-80, -326],
    [-6, -338],
    [68, -326],
    [76, -250],
    [62, -186],
    [-74, -186],
    [-88, -250],
  ]);
  pen.solid(back, main, { form: 'cloth', edge: 34 });
  pen.softInside(back, ['M-46 -330V-190M-6 -334V-190M34 -330V-190'], { width: 8, opacity: 0.4 });
  const seat = closedCurve([
    [-88, -180],
    [0, -188],
    [74, -180],
    [96, -154],
    [86, -128],
    [0, -122],
    [-98, -128],
    [-106, -154],
  ]);
  pen.soft(seat, 12, { opacity: 0.45 });
  pen.solid(seat, main, { form: 'cloth', edge: 28 });
}

function drawStool(sketch: Sketch): void {
  const { pen, main, tilt } = sketch;
  const wood = main.material.texture === 'grain' ? main : plain('walnut', 'wood');
  pen.ground(0, 0, 84);
  for (const leg of ['M-34 -290L-58 -16', 'M34 -290L58 -16'])
    pen.rope(leg, { ...wood, colour: darker(wood.colour, 0.25) }, 11);
  pen.rope('M-62 -92L62 -92M-66 -64H66', wood, 8);
  for (const leg of ['M-50 -282L-82 6', 'M50 -282L82 6']) pen.rope(leg, wood, 12);
  pen.solid(
    lathe(
      [
        [80, -318],
        [84, -304],
        [78, -284],
      ],
      tilt,
    ),
    main,
    { form: 'tube', wrap: { radius: 84, depth: 84 * tilt }, edge: 12 },
  );
  pen.solid(ellipse(0, -318, [80, 80 * tilt]), main, { form: 'slab', edge: 14 });
}

function drawRound(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawFeet(sketch);
  drawLegs(sketch, plain('walnut', 'wood'), 10);
  const back = ellipse(-6, -262, [78, 74]);
  pen.rope('M-50 -200L-62 -168M40 -200L50 -168', plain('walnut', 'wood'), 10);
  pen.solid(back, main, { form: 'slab', edge: 20 });
  pen.rope(back, plain('walnut', 'wood'), 11);
  drawSeat(sketch, plain('walnut', 'wood'), 12);
  const cushion = closedCurve([
    [-80, -186],
    [-6, -192],
    [66, -186],
    [84, -160],
    [-6, -150],
    [-94, -160],
  ]);
  pen.solid(cushion, { ...trim, material: plain('white', 'linen').material }, { form: 'cloth', edge: 20 });
}

function drawLounge(sketch: Sketch): void {
  const { pen, main } = sketch;
  const wood = plain('walnut', 'wood');
  pen.ground(10, 0, 130);
  pen.rope('M-92 -110L-104 2M96 -126L112 2', wood, 12);
  const back = closedCurve([
    [-118, -270],
    [-96, -292],
    [-66, -282],
    [-14, -112],
    [-44, -86],
    [-76, -104],
  ]);
  pen.solid(back, main, { form: 'cloth', edge: 28 });
  const seat = closedCurve([
    [-70, -112],
    [-20, -128],
    [104, -152],
    [124, -132],
    [112, -112],
    [-40, -74],
    [-66, -84],
  ]);
  pen.soft(seat, 10, { opacity: 0.4 });
  pen.solid(seat, main, { form: 'cloth', edge: 26 });
  pen.rope('M-112 -190C-60 -206 40 -206 124 -196M108 -196L100 -130M-84 -196L-94 -110', wood, 12);
}

const WOVEN = ['plain', 'plain', 'checked', 'striped', 'floral', 'diamond', 'dotted'] as const;

export const CHAIRS: DemoKind = {
  name: 'Chairs',
  folder: 'chairs',
  setting: 'standing',
  studio: { walls: ['#dcdcd4', '#d3d6cf'], ground: 'floor', grounds: ['#c8ab86', '#bf9f79'] },
  zoom: 1.26,
  floor: 530,
  printSize: 30,
  colours: ['oak', 'walnut', 'ash', 'cherry', 'ebony', 'mustard', 'teal', 'grey', 'red', 'navy', 'tan', 'cream'],
  brands: ['Haus Linde', 'Stuhlwerk', 'Ottervik'],
  blurb: 'Stands firmly, stacks by three and needs no tools to put together.',
  shapes: [
    { noun: 'slat-back chair', materials: ['wood'], patterns: ['plain'], prices: [89, 189], draw: drawSlatted },
    {
      noun: 'shell chair',
      materials: ['plastic'],
      patterns: ['plain', 'plain', 'two-tone', 'speckled'],
      prices: [59, 149],
      draw: drawShell,
    },
    {
      noun: 'upholstered chair',
      materials: ['velvet', 'linen', 'leather'],
      patterns: WOVEN,
      prices: [99, 249],
      draw: drawUpholstered,
    },
    {
      noun: 'bar stool',
      materials: ['leather', 'wood', 'velvet'],
      patterns: ['plain', 'plain', 'striped'],
      prices: [69, 169],
      draw: drawStool,
    },
    {
      noun: 'lounge chair',
      materials: ['canvas', 'wool', 'leather'],
      patterns: WOVEN,
      prices: [149, 399],
      draw: drawLounge,
    },
    {
      noun: 'round-back chair',
      materials: ['rattan', 'velvet', 'cotton'],
      patterns: ['plain', 'plain', 'dotted', 'checked'],
      prices: [79, 179],
      draw: drawRound,
    },
    { noun: 'spindle chair', materials: ['wood', 'enamel'], patterns: ['plain'], prices: [99, 219], draw: drawSpindle },
  ],
};
