import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { closedCurve, polygon, roundedBox, symmetric } from '../outline.js';
import { darker } from '../palette.js';

const BRASS = plain('gold', 'metal');

function drawTote(sketch: Sketch): void {
  const { pen, main } = sketch;
  const handle = { ...main, colour: main.pattern === 'plain' ? darker(main.colour, 0.25) : sketch.trim.colour };
  const body = polygon([
    [-136, -190],
    [136, -190],
    [116, 0],
    [-116, 0],
  ]);
  pen.ground(0, 0, 120);
  pen.rope('M-62 -186C-60 -320 60 -320 62 -186', { ...handle, colour: darker(handle.colour, 0.3) }, 10);
  pen.solid(body, main, { form: 'cloth', edge: 34 });
  pen.softInside(body, ['M-120 -180Q-104 -90 -70 -10', 'M124 -180Q104 -100 92 -10'], { width: 16, opacity: 0.3 });
  pen.rope('M-68 -150C-76 -330 76 -330 68 -150', handle, 12);
  pen.stitch('M-130 -176H130', '#fff', 5);
}

function drawSatchel(sketch: Sketch): void {
  const { pen, main } = sketch;
  pen.ground(0, 0, 124);
  pen.rope('M-126 -150C-130 -330 130 -330 126 -150', { ...main, colour: darker(main.colour, 0.2) }, 11);
  pen.solid(roundedBox({ x: -132, y: -186, width: 264, height: 188, radius: 20 }), main, { form: 'cloth', edge: 28 });
  const flap = symmetric([
    [0, -192],
    [128, -192, 'corner'],
    [136, -150],
    [130, -92],
    [100, -70],
    [0, -62],
  ]);
  pen.soft(flap, 16, { opacity: 0.6 });
  pen.solid(flap, main, { form: 'cloth', edge: 24 });
  pen.stitch(
    symmetric([
      [0, -182],
      [118, -182],
      [126, -150],
      [120, -98],
      [94, -80],
      [0, -72],
    ]),
    '#f5e7c8',
    5,
  );
  for (const x of [-66, 66]) {
    pen.rope(`M${x} -110V-34`, { ...main, pattern: 'plain', colour: darker(main.colour, 0.3) } as typeof main, 16);
    pen.line(roundedBox({ x: x - 14, y: -66, width: 28, height: 22, radius: 4 }), '#d8b566', 5);
  }
}

function drawBucket(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const body = closedCurve([
    [-84, -196],
    [0, -190],
    [84, -196],
    [100, -100],
    [104, -16],
    [80, 2],
    [0, 8],
    [-80, 2],
    [-104, -16],
    [-100, -100],
  ]);
  pen.ground(0, 2, 108);
  pen.rope('M-84 -176C-100 -350 100 -350 84 -176', { ...main, colour: darker(main.colour, 0.25) }, 9);
  pen.area('M-84 -196Q0 -222 84 -196Q0 -172 -84 -196Z', darker(main.colour, 0.65));
  pen.solid(body, main, { form: 'tube', edge: 34 });
  pen.softInside(
    body,
    ['M-60 -190Q-70 -120 -66 -80M-26 -190Q-32 -130 -28 -90M14 -190Q18 -130 14 -90M52 -190Q62 -130 60 -84'],
    { width: 14, opacity: 0.36 },
  );
  const cord = { ...trim, colour: darker(main.colour, 0.4) };
  pen.rope('M-90 -158Q0 -140 90 -158', cord, 6);
  pen.rope('M-6 -148Q-22 -110 -16 -76M6 -148Q24 -112 16 -82', cord, 5);
}

function drawClutch(sketch: Sketch): void {
  const { pen, main } = sketch;
  pen.ground(0, 0, 140);
  for (let link = 0; link < 22; link += 1) {
    const angle = Math.PI * (1 + link / 21);
    const [x, y] = [Math.cos(angle) * 128, Math.sin(angle) * 130 - 130];
    pen.line(`M${x - 5} ${y}a6 8 0 1 0 10 0a6 8 0 1 0 -10 0`, link % 2 ? '#b78d3f' : '#e8cd8c', 3.4);
  }
  pen.solid(roundedBox({ x: -146, y: -148, width: 292, height: 150, radius: 12 }), main, { form: 'slab', edge: 26 });
  const flap = polygon([
    [-146, -148],
    [146, -148],
    [0, -50],
  ]);
  pen.soft(flap, 15, { opacity: 0.6 });
  pen.solid(flap, main, { form: 'slab', edge: 20 });
  pen.solid(roundedBox({ x: -15, y: -72, width: 30, height: 26, radius: 7 }), BRASS, { form: 'slab', edge: 6 });
}

function drawHobo(sketch: Sketch): void {
  const { pen, main } = sketch;
  const body = closedCurve([
    [-140, -176, 'corner'],
    [-104, -168],
    [-60, -122],
    [0, -106],
    [60, -122],
    [104, -168],
    [140, -176, 'corner'],
    [144, -90],
    [104, -14],
    [0, 6],
    [-104, -14],
    [-144, -90],
  ]);
  pen.ground(0, 0, 120);
  pen.rope('M-134 -166C-120 -350 120 -350 134 -166', main, 17);
  pen.solid(body, main, { form: 'cloth', edge: 50 });
  pen.softInside(body, ['M-110 -160Q-120 -90 -70 -40M112 -160Q120 -90 74 -40M-40 -112Q-36 -60 -10 -30'], {
    width: 16,
    opacity: 0.32,
  });
  for (const x of [-134, 134]) pen.line(`M${x - 11} -176a11 11 0 1 0 22 0a11 11 0 1 0 -22 0`, '#d3ab55', 5.5);
}

function drawBowling(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const body = symmetric([
    [0, -176],
    [84, -172],
    [126, -130],
    [144, -40],
    [136, -4],
    [0, 2],
  ]);
  const handle = { ...trim, colour: darker(main.colour, 0.3) };
  pen.ground(0, 0, 140);
  pen.rope('M-64 -160C-56 -282 56 -282 64 -160', handle, 11);
  pen.solid(body, main, { form: 'cloth', edge: 36 });
  pen.soft('M-124 -126Q0 -196 124 -126', 11, { opacity: 0.5 });
  pen.line('M-124 -126Q0 -196 124 -126', '#caa65a', 4);
  pen.rope('M-68 -122C-66 -290 66 -290 68 -122', handle, 12);
  pen.clipped(body, () =>
    pen.solid(
      'M-150 -34H150V10H-150Z',
      { ...trim, material: plain('brown', 'leather').material },
      { form: 'cloth', edge: 12 },
    ),
  );
}

const SKINS = ['leather', 'leather', 'suede', 'canvas'] as const;
const PRINTS = ['plain', 'plain', 'plain', 'plain', 'two-tone', 'diamond', 'checked', 'floral'] as const;

export const HANDBAGS: DemoKind = {
  name: 'Handbags',
  folder: 'handbags',
  setting: 'standing',
  studio: { walls: ['#e4c3bb', '#dcb6ae'], ground: 'cove', grounds: [] },
  zoom: 1.32,
  floor: 512,
  printSize: 38,
  colours: ['tan', 'brown', 'black', 'burgundy', 'red', 'cream', 'navy', 'forest', 'mustard', 'pink', 'sand'],
  brands: ['Maison Orle', 'Tannhaus', 'Ida & Fern'],
  blurb: 'Lined with cotton, with a pocket that closes by zip for keys and cards.',
  shapes: [
    {
      noun: 'tote bag',
      materials: ['canvas', 'leather', 'linen', 'straw'],
      patterns: PRINTS,
      prices: [29, 129],
      draw: drawTote,
    },
    {
      noun: 'satchel',
      materials: SKINS,
      patterns: ['plain', 'plain', 'checked'],
      prices: [79, 199],
      draw: drawSatchel,
    },
    { noun: 'bucket bag', materials: SKINS, patterns: PRINTS, prices: [69, 179], draw: drawBucket },
    {
      noun: 'clutch',
      materials: ['quilted', 'velvet', 'silk', 'leather'],
      patterns: ['plain', 'plain', 'floral', 'zigzag'],
      prices: [39, 119],
      draw: drawClutch,
    },
    { noun: 'hobo bag', materials: SKINS, patterns: PRINTS, prices: [69, 189], draw: drawHobo },
    {
      noun: 'weekend bag',
      materials: ['canvas', 'leather', 'nylon'],
      patterns: PRINTS,
      prices: [89, 249],
      draw: drawBowling,
    },
  ],
};
