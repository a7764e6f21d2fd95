import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, roundedBox, symmetric, type Point } from '../outline.js';
import { darker } from '../palette.js';

const BRASS = plain('gold', 'metal');

/** A bag by its right side, with the loop on its top and the straps that show behind it. */
function drawBag(sketch: Sketch, half: readonly Point[], top: number): string {
  const { pen, main } = sketch;
  const body = symmetric(half);
  const strap = { ...main, colour: darker(main.colour, 0.35) };
  pen.ground(0, 0, 112);
  pen.rope('M-92 -190C-150 -130 -140 -40 -96 -24', strap, 20);
  pen.rope('M92 -190C150 -130 140 -40 96 -24', strap, 20);
  pen.rope(`M-26 ${top + 8}C-28 ${top - 34} 28 ${top - 34} 26 ${top + 8}`, strap, 12);
  pen.solid(body, main, { form: 'cloth', edge: 44 });
  return body;
}

function drawZip({ pen }: Sketch, path: string): void {
  pen.soft(path, 10, { opacity: 0.5 });
  pen.line(path, '#1d1d20', 4);
  pen.stitch(path, '#c9b37a', 2.5);
}

function drawPocket(sketch: Sketch, path: string): void {
  const { pen, main } = sketch;
  pen.soft(path, 12, { opacity: 0.5 });
  pen.solid(path, main, { form: 'cloth', edge: 24 });
}

function drawDaypack(sketch: Sketch): void {
  const { pen } = sketch;
  drawBag(
    sketch,
    [
      [0, -310],
      [70, -298],
      [104, -236],
      [112, -90],
      [104, -14],
      [70, 2],
      [0, 4],
    ],
    -304,
  );
  drawZip(sketch, 'M-92 -150C-96 -280 -60 -288 0 -288C60 -288 96 -280 92 -150');
  drawPocket(
    sketch,
    symmetric([
      [0, -146],
      [66, -142],
      [84, -110],
      [84, -40],
      [70, -14],
      [0, -12],
    ]),
  );
  drawZip(sketch, 'M-74 -118Q0 -134 74 -118');
  pen.rope('M62 -118V-96', BRASS, 6);
}

function drawRollTop(sketch: Sketch): void {
  const { pen, trim } = sketch;
  drawBag(
    sketch,
    [
      [0, -270],
      [92, -270],
      [98, -250],
      [104, -120],
      [106, -14],
      [80, 2],
      [0, 4],
    ],
    -292,
  );
  const roll = roundedBox({ x: -104, y: -314, width: 208, height: 56, radius: 24 });
  pen.soft(roll, 14, { opacity: 0.5 });
  pen.solid(roll, sketch.main, { form: 'cloth', edge: 26 });
  pen.softInside(roll, ['M-104 -286H104'], { width: 8, opacity: 0.5 });
  const strap = { ...trim, material: plain('brown', 'leather').material };
  pen.rope('M-58 -312V-150M58 -312V-150', strap, 13);
  for (const x of [-58, 58])
    pen.line(roundedBox({ x: x - 12, y: -186, width: 24, height: 20, radius: 4 }), '#d8b566', 4.5);
  drawPocket(sketch, roundedBox({ x: -80, y: -132, width: 160, height: 112, radius: 12 }));
}

function drawRucksack(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawBag(
    sketch,
    [
      [0, -268],
      [78, -266],
      [98, -220],
      [108, -80],
      [100, -10],
      [70, 4],
      [0, 6],
    ],
    -284,
  );
  const leather = plain('brown', 'leather');
  for (const x of [-104, 104])
    drawPocket(sketch, roundedBox({ x: x - 26, y: -116, width: 52, height: 96, radius: 16 }));
  drawPocket(sketch, roundedBox({ x: -70, y: -112, width: 140, height: 98, radius: 16 }));
  const flap = symmetric([
    [0, -306],
    [76, -294],
    [104, -254],
    [106, -186],
    [92, -150],
    [0, -138],
  ]);
  pen.soft(flap, 18, { opacity: 0.55 });
  pen.solid(flap, main, { form: 'cloth', edge: 36 });
  for (const x of [-46, 46]) {
    pen.rope(`M${x} -226V-70`, leather, 14);
    pen.line(roundedBox({ x: x - 12, y: -118, width: 24, height: 19, radius: 4 }), '#cfd2d6', 4.5);
  }
}

function drawCity(sketch: Sketch): void {
  const { pen, trim } = sketch;
  const body = drawBag(
    sketch,
    [
      [0, -302],
      [84, -302],
      [102, -284],
      [104, -150],
      [104, -20],
      [86, 0],
      [0, 2],
    ],
    -300,
  );
  pen.clipped(body, () => {
    pen.solid(
      'M-120 -106H120V20H-120Z',
      { ...trim, material: plain('brown', 'leather').material },
      { form: 'cloth', edge: 16 },
    );
  });
  drawZip(sketch, 'M-102 -226H102');
  pen.rope('M70 -226V-204', BRASS, 6);
  const badge = roundedBox({ x: -24, y: -182, width: 48, height: 32, radius: 5 });
  pen.solid(badge, plain('brown', 'leather'), { form: 'slab', edge: 7 });
  pen.stitch(roundedBox({ x: -20, y: -178, width: 40, height: 24, radius: 3 }), '#f0e2c0', 3);
}

function drawDrawstring(sketch: Sketch): void {
  const { pen, trim } = sketch;
  const body = drawBag(
    sketch,
    [
      [0, -262],
      [58, -266],
      [72, -250],
      [104, -150],
      [112, -50],
      [92, 0],
      [0, 8],
    ],
    -272,
  );
  const cord = { ...trim, material: plain('white', 'cotton').material };
  pen.softInside(
    body,
    ['M-40 -262Q-66 -180 -74 -120M-14 -262Q-24 -180 -22 -110M14 -262Q24 -180 22 -110M40 -262Q66 -180 74 -120'],
    { width: 11, opacity: 0.5 },
  );
  const frill = closedCurve([
    [-70, -292],
    [-36, -300],
    [0, -292],
    [36, -302],
    [72, -290],
    [58, -256],
    [0, -250],
    [-58, -256],
  ]);
  pen.solid(frill, sketch.main, { form: 'cloth', edge: 18 });
  pen.rope('M-60 -256Q0 -240 60 -256', cord, 8);
  pen.rope('M8 -248Q18 -200 6 -172M-6 -248Q-22 -204 -14 -164', cord, 6);
  drawPocket(sketch, roundedBox({ x: -58, y: -100, width: 116, height: 82, radius: 18 }));
}

const FABRICS = ['canvas', 'nylon', 'canvas', 'leather'] as const;
const PRINTS = ['plain', 'plain', 'plain', 'checked', 'leafy', 'striped', 'two-tone'] as const;

export const BACKPACKS: DemoKind = {
  name: 'Backpacks',
  folder: 'backpacks',
  setting: 'standing',
  studio: { walls: ['#b9c4b6', '#adbbab'], ground: 'floor', grounds: ['#8f9a86', '#99a390'] },
  zoom: 1.3,
  floor: 524,
  printSize: 40,
  colours: ['olive', 'navy', 'mustard', 'charcoal', 'burgundy', 'orange', 'teal', 'forest', 'grey', 'tan'],
  brands: ['Wanderlicht', 'Packhorse Lane', 'Northspring'],
  blurb: 'Padded straps, a sleeve for a laptop of 15 inches and a coat against rain.',
  shapes: [
    { noun: 'daypack', materials: FABRICS, patterns: PRINTS, prices: [39, 79], draw: drawDaypack },
    {
      noun: 'roll-top backpack',
      materials: ['canvas', 'nylon'],
      patterns: PRINTS,
      prices: [59, 119],
      draw: drawRollTop,
    },
    { noun: 'rucksack', materials: FABRICS, patterns: PRINTS, prices: [69, 149], draw: drawRucksack },
    {
      noun: 'city backpack',
      materials: ['canvas', 'felt', 'nylon'],
      patterns: PRINTS,
      prices: [55, 129],
      draw: drawCity,
    },
    {
      noun: 'drawstring backpack',
      materials: ['canvas', 'cotton', 'leather'],
      patterns: PRINTS,
      prices: [19, 59],
      draw: drawDrawstring,
    },
  ],
};
