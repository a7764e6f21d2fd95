import { plain, type DemoKind, type DemoShape, type Sketch } from '../demo-kind.js';
import { closedCurve, roundedBox, type Box } from '../outline.js';
import type { Paint } from '../pen.js';

function drawLegs({ pen }: Sketch, places: readonly number[], paint: Paint): void {
  pen.ground(0, 0, 170);
  for (const x of places) pen.rope(`M${x} -24L${x * 1.02} 0`, paint, 11);
}

function drawCushion({ pen }: Sketch, paint: Paint, box: Box): void {
  const path = roundedBox(box);
  pen.soft(path, 8, { opacity: 0.5 });
  pen.solid(path, paint, { form: 'cloth', edge: 24 });
}

/** Cushions of equal width beside each other. */
function drawRow(sketch: Sketch, count: number, row: Box): void {
  const width = row.width / count;
  for (let index = 0; index < count; index += 1) {
    drawCushion(sketch, sketch.main, { ...row, x: row.x + index * width, width });
  }
}

function drawPillow(sketch: Sketch, x: number, turn: number): void {
  const { pen, trim } = sketch;
  const paint: Paint = { ...trim, material: plain('white', 'linen').material };
  pen.moved(`translate(${x} -104) rotate(${turn}) scale(0.74)`, () => {
    const pillow = closedCurve([
      [-46, -46, 'corner'],
      [0, -40],
      [46, -46, 'corner'],
      [40, 0],
      [46, 46, 'corner'],
      [0, 40],
      [-46, 46, 'corner'],
      [-40, 0],
    ]);
    pen.soft(pillow, 14, { opacity: 0.5 });
    pen.solid(pillow, paint, { form: 'cloth', edge: 26 });
  });
}

function drawTrack(sketch: Sketch, count: number): void {
  drawLegs(sketch, [-158, 158], plain('walnut', 'wood'));
  drawCushion(sketch, sketch.main, { x: -170, y: -172, width: 340, height: 140, radius: 14 });
  drawRow(sketch, count, { x: -142, y: -166, width: 284, height: 98, radius: 18 });
  drawPillow(sketch, -104, -9);
  drawRow(sketch, count, { x: -144, y: -86, width: 288, height: 40, radius: 13 });
  drawCushion(sketch, sketch.main, { x: -150, y: -50, width: 300, height: 32, radius: 8 });
  drawCushion(sketch, sketch.main, { x: -180, y: -126, width: 40, height: 110, radius: 11 });
  drawCushion(sketch, sketch.main, { x: 140, y: -126, width: 40, height: 110, radius: 11 });
}

function drawChesterfield(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawLegs(sketch, [-150, -60, 60, 150], plain('ebony', 'wood'));
  const back = closedCurve([
    [-166, -150],
    [-150, -166],
    [0, -172],
    [150, -166],
    [166, -150],
    [160, -40, 'corner'],
    [-160, -40, 'corner'],
  ]);
  pen.solid(back, main, { form: 'cloth', edge: 30 });
  pen.clipped(back, () => drawTufts(sketch));
  pen.rope('M-150 -160Q0 -176 150 -160', main, 22);
  drawRow(sketch, 2, { x: -130, y: -88, width: 260, height: 38, radius: 14 });
  drawCushion(sketch, main, { x: -140, y: -54, width: 280, height: 36, radius: 8 });
  for (const side of [1, -1]) {
    pen.moved(`scale(${side} 1)`, () => {
      drawCushion(sketch, main, { x: 132, y: -124, width: 40, height: 108, radius: 8 });
      pen.solid('M124 -128a30 28 0 1 1 60 0a30 28 0 1 1 -60 0Z', main, { form: 'ball', edge: 16 });
    });
  }
}

/** Buttons in diagonal rows, with the folds that run between them. */
function drawTufts({ pen }: Sketch): void {
  for (let row = 0; row < 3; row += 1) {
    for (let column = -5; column <= 5; column += 1) {
      const [x, y] = [column * 32 + (row % 2) * 16, -142 + row * 26];
      pen.soft(`M${x} ${y}L${x + 16} ${y + 26}M${x} ${y}L${x - 16} ${y + 26}`, 7, { opacity: 0.42 });
      pen.area(`M${x - 3.4} ${y}a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0Z`, '#0d0a08', 0.5);
    }
  }
}

function drawCurved(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawLegs(sketch, [-120, 120], plain('gold', 'metal'));
  const back = closedCurve([
    [-178, -90],
    [-160, -142],
    [-80, -172],
    [0, -178],
    [80, -172],
    [160, -142],
    [178, -90],
    [168, -30],
    [0, -14],
    [-168, -30],
  ]);
  pen.solid(back, main, { form: 'cloth', edge: 46 });
  const seat = closedCurve([
    [-160, -66],
    [-80, -88],
    [0, -94],
    [80, -88],
    [160, -66],
    [166, -40],
    [90, -20],
    [0, -14],
    [-90, -20],
    [-166, -40],
  ]);
  pen.soft(seat, 16, { opacity: 0.55 });
  pen.solid(seat, main, { form: 'cloth', edge: 34 });
  pen.softInside(seat, ['M0 -94V-14'], { width: 7, opacity: 0.5 });
  drawPillow(sketch, 92, 8);
}

function drawChaise(sketch: Sketch): void {
  const { main } = sketch;
  drawLegs(sketch, [-164, 60, 164], plain('oak', 'wood'));
  drawCushion(sketch, main, { x: -176, y: -168, width: 330, height: 130, radius: 22 });
  drawRow(sketch, 2, { x: -160, y: -160, width: 300, height: 86, radius: 20 });
  drawRow(sketch, 1, { x: -150, y: -88, width: 170, height: 48, radius: 14 });
  drawPillow(sketch, -116, -8);
  drawPillow(sketch, -60, 6);
  drawCushion(sketch, main, { x: -180, y: -118, width: 40, height: 100, radius: 18 });
  drawCushion(sketch, main, { x: -148, y: -50, width: 180, height: 32, radius: 8 });
  drawCushion(sketch, main, { x: 16, y: -92, width: 166, height: 62, radius: 18 });
  drawCushion(sketch, main, { x: 18, y: -50, width: 162, height: 36, radius: 9 });
}

function drawDaybed(sketch: Sketch): void {
  const { pen, main } = sketch;
  const wood = plain('oak', 'wood');
  drawLegs(sketch, [-166, 166], wood);
  pen.rope('M-168 0V-150M168 0V-150', wood, 13);
  pen.rope('M-168 -140H168M-168 -108H168', wood, 10);
  drawCushion(sketch, main, { x: -160, y: -140, width: 104, height: 82, radius: 20 });
  drawCushion(sketch, main, { x: -54, y: -140, width: 106, height: 82, radius: 20 });
  drawCushion(sketch, main, { x: 54, y: -140, width: 106, height: 82, radius: 20 });
  drawCushion(sketch, main, { x: -164, y: -70, width: 328, height: 40, radius: 13 });
  pen.rope('M-172 -26H172', wood, 15);
}

const COVERS = ['linen', 'velvet', 'wool', 'cotton'] as const;
const WEAVES = ['plain', 'plain', 'plain', 'plain', 'plain', 'striped', 'pinstriped', 'checked', 'floral'] as const;

function sofa(noun: string, prices: readonly [number, number], draw: DemoShape['draw']): DemoShape {
  return { noun, materials: COVERS, patterns: WEAVES, prices, draw };
}

export const SOFAS: DemoKind = {
  name: 'Sofas',
  folder: 'sofas',
  setting: 'standing',
  studio: { walls: ['#d5dadd', '#c8d0d6'], ground: 'floor', grounds: ['#b08a64', '#a37d58'] },
  zoom: 1.4,
  floor: 470,
  printSize: 30,
  colours: ['grey', 'navy', 'forest', 'mustard', 'sand', 'pink', 'teal', 'brown', 'cream', 'burgundy', 'olive'],
  brands: ['Haus Linde', 'Ottervik', 'Softwood & Sons'],
  blurb: 'A frame of solid beech and a deep seat. Covers come off for washing.',
  shapes: [
    sofa('two-seater sofa', [590, 1290], (sketch) => drawTrack(sketch, 2)),
    {
      ...sofa('chesterfield sofa', [990, 2190], drawChesterfield),
      materials: ['leather', 'velvet'],
      patterns: ['plain'],
    },
    sofa('curved sofa', [890, 1890], drawCurved),
    sofa('three-seater sofa', [790, 1590], (sketch) => drawTrack(sketch, 3)),
    sofa('corner sofa', [1090, 2390], drawChaise),
    sofa('daybed', [490, 990], drawDaybed),
  ],
};
