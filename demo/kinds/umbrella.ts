import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { ellipse, type Point } from '../outline.js';
import { darker } from '../palette.js';

const STEEL = plain('gunmetal', 'metal');
const HANDLE = plain('walnut', 'wood');

/** An open canopy: its top, its scalloped hem and the ribs between its panels. */
interface Canopy {
  top: number;
  hem: number;
  halfWidth: number;
  panels: number;
  /** How far each panel's hem arches up. */
  scallop: number;
}

function hemOf({ hem, halfWidth, panels, scallop }: Canopy): number[][] {
  return Array.from({ length: panels + 1 }, (_, index) => {
    const x = -halfWidth * Math.cos((index / panels) * Math.PI);
    return [x, hem + Math.sin((index / panels) * Math.PI) * scallop * 0.9];
  });
}

function outlineOf(canopy: Canopy): string {
  const { top, halfWidth, scallop } = canopy;
  const points = hemOf(canopy).reverse();
  const [start = []] = points;
  const hem = points.slice(1).map(([x = 0, y = 0], index) => {
    const [fromX = 0, fromY = 0] = points[index] ?? [];
    return `Q${(fromX + x) / 2} ${(fromY + y) / 2 - scallop} ${x} ${y}`;
  });
  const [startX = 0, startY = 0] = start;
  const rise = startY - top;
  return `M${startX} ${startY}${hem.join('')}C${-halfWidth} ${top + rise * 0.35} ${-halfWidth * 0.5} ${top} 0 ${top}C${halfWidth * 0.5} ${top} ${halfWidth} ${top + rise * 0.35} ${startX} ${startY}Z`;
}

function drawCanopy({ pen, main }: Sketch, canopy: Canopy): void {
  const outline = outlineOf(canopy);
  const { top, hem } = canopy;
  pen.drop(outline, 12);
  pen.moved('translate(0 12)', () => pen.area(outline, darker(main.colour, 0.62)));
  pen.solid(outline, main, { form: 'ball', edge: 30 });
  const ribs = hemOf(canopy).slice(1, -1);
  pen.softInside(
    outline,
    ribs.map(([x = 0, y = 0]) => ribPath(x, y, { top, hem })),
    { width: 10, opacity: 0.4 },
  );
  for (const [x = 0, y = 0] of ribs) pen.line(ribPath(x, y, { top, hem }), darker(main.colour, 0.3), 1.6);
  pen.rope(`M0 ${top}V${top - 20}`, STEEL, 6);
}

function ribPath(x: number, y: number, { top, hem }: { top: number; hem: number }): string {
  return `M0 ${top}Q${x * 0.9} ${top + (hem - top) * 0.2} ${x} ${y}`;
}

function drawStick(sketch: Sketch): void {
  const { pen } = sketch;
  pen.rope('M0 -160V146', STEEL, 8);
  pen.rope('M0 104V158C0 204 -58 204 -58 158', HANDLE, 15);
  drawCanopy(sketch, { top: -178, hem: -8, halfWidth: 198, panels: 6, scallop: 20 });
}

function drawDome(sketch: Sketch): void {
  const { pen, trim } = sketch;
  pen.rope('M0 -160V160', plain('white', 'steel'), 8);
  pen.rope('M0 120V184', trim, 15);
  drawCanopy(sketch, { top: -186, hem: 66, halfWidth: 158, panels: 5, scallop: 16 });
}

function drawPagoda(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  pen.rope('M0 -120V150', plain('ash', 'wood'), 8);
  pen.rope('M0 110V176', HANDLE, 15);
  const canopy =
    'M0 -190C10 -110 80 -50 196 -4Q150 -14 118 20Q80 -2 40 30Q0 8 -40 30Q-80 -2 -118 20Q-150 -14 -196 -4C-80 -50 -10 -110 0 -190Z';
  pen.drop(canopy, 12);
  pen.moved('translate(0 11)', () => pen.area(canopy, darker(main.colour, 0.6)));
  pen.solid(canopy, main, { form: 'slab', edge: 28 });
  pen.softInside(canopy, ['M0 -190Q14 -60 40 30M0 -190Q-14 -60 -40 30M0 -190Q40 -60 118 20M0 -190Q-40 -60 -118 20'], {
    width: 9,
    opacity: 0.45,
  });
  pen.line('M-196 -4Q-150 -14 -118 20Q-80 -2 -40 30Q0 8 40 30Q80 -2 118 20Q150 -14 196 -4', trim.colour, 5);
}

function drawClosed(sketch: Sketch): void {
  const { pen, main } = sketch;
  const body = 'M-10 176C-20 60 -46 -60 -32 -110C-20 -124 20 -124 32 -110C46 -60 20 60 10 176Z';
  pen.moved('rotate(16)', () => {
    pen.drop(body, 14);
    pen.rope('M0 -100V-150C0 -206 62 -206 60 -152', HANDLE, 15);
    pen.rope('M0 170V204', STEEL, 6);
    pen.solid(body, main, { form: 'tube', edge: 16 });
    pen.softInside(body, ['M-20 -118Q-26 0 -4 176M4 -120Q16 0 2 176M22 -116Q34 -30 8 150'], {
      width: 11,
      opacity: 0.55,
    });
    pen.rope('M-37 -34Q0 -22 38 -36', { ...main, colour: darker(main.colour, 0.25) }, 13);
  });
}

/** Open and seen from above: panels round a tip, each lit by how it turns to the light. */
function drawFromAbove(sketch: Sketch): void {
  const { pen, main } = sketch;
  const corners = Array.from({ length: 8 }, (_, index): Point => {
    const angle = ((index + 0.5) * Math.PI) / 4;
    return [Math.round(Math.sin(angle) * 186), Math.round(-Math.cos(angle) * 186)];
  });
  const panels = corners.map(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [0, 0];
    return `M0 0L${x} ${y}Q${(x + nextX) * 0.46} ${(y + nextY) * 0.46} ${nextX} ${nextY}Z`;
  });
  pen.drop(panels.join(''), 18);
  pen.solid(panels.join(''), main, { form: 'flat' });
  panels.forEach((panel, index) => {
    const light = Math.cos(((index + 1) / 4 + 0.25) * Math.PI);
    pen.area(panel, light > 0 ? '#ffffff' : '#0d0805', Math.abs(light) * (light > 0 ? 0.2 : 0.34));
  });
  for (const [x, y] of corners) {
    pen.soft(`M0 0L${x} ${y}`, 9, { opacity: 0.35 });
    pen.line(`M0 0L${x} ${y}`, darker(main.colour, 0.35), 1.6);
    pen.area(ellipse(x, y, [4, 4]), '#d9dcdf');
  }
  pen.solid(ellipse(0, 0, [10, 10]), STEEL, { form: 'ball', edge: 4 });
}

const CANOPIES = ['plain', 'plain', 'plain', 'dotted', 'dotted', 'striped', 'pinstriped', 'floral', 'starry'] as const;

export const UMBRELLAS: DemoKind = {
  name: 'Umbrellas',
  folder: 'umbrellas',
  setting: 'hanging',
  studio: { walls: ['#b5c2cc', '#a8b7c3'], ground: 'wall', grounds: [] },
  zoom: 1.24,
  floor: 322,
  printSize: 44,
  colours: ['yellow', 'red', 'navy', 'black', 'teal', 'purple', 'pink', 'light blue', 'green', 'magenta', 'cream'],
  brands: ['Regenbogen', 'Drizzle & Daughters', 'Northspring'],
  blurb: 'Eight ribs that bend in a gust and spring back. Dries within the hour.',
  shapes: [
    { noun: 'stick umbrella', materials: ['nylon', 'cotton'], patterns: CANOPIES, prices: [24, 59], draw: drawStick },
    { noun: 'dome umbrella', materials: ['nylon', 'plastic'], patterns: CANOPIES, prices: [19, 39], draw: drawDome },
    { noun: 'long umbrella', materials: ['nylon', 'cotton'], patterns: CANOPIES, prices: [29, 69], draw: drawClosed },
    {
      noun: 'pagoda parasol',
      materials: ['paper', 'silk', 'cotton'],
      patterns: CANOPIES,
      prices: [25, 65],
      draw: drawPagoda,
    },
    { noun: 'folding umbrella', materials: ['nylon'], patterns: CANOPIES, prices: [14, 34], draw: drawFromAbove },
  ],
};
