import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
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
  pen.softInside(outline, ribs.map(([x = 0, y = 0]) => ribPath(x, y, { top, hem })), { width: 10, opacity: 0.4 });
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
  const canopy = 'M0 -190C10 -110 80 -50 196 -4Q150 -14 118 20Q80 -2 40 30Q0 8 -40 30Q-80 -2 -118 20Q-150 -14 -196 -4C-80 -50 -10 -110 0 -190Z';
  pen.drop(canopy, 12);
  pen.moved('translate(0 11)', () => pen.area(canopy, darker(main.colour, 0.6)));
  pen.solid(canopy, main, { form: 'slab', edge: 28 });
  pen.softInside(canopy, ['M0 -190Q14 -60 40 30M0 -190Q-14 -60 -40 30M0 -190Q40 -60 118 20M0 -190Q-40 -60 -118 20'], { width: 9, opacity: 0.45 });
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
    pen.softInside(body, ['M-20 -118Q-26 0 -4 176M4 -120Q16 0 2 176M22 -116Q34 -30 8 150'], { width: 11, opacity: 0.55 });
    pen.rope('M-37 -34Q0 -22 38 -36', { ...main, colour: darker(main.colour, 0.25) }, 13);
  });
}

function drawCompact(sketch: Sketch): void {
  const { pen, main } = sketch;
  const body = 'M-40 150C-46 60 -48 -40 -38 -92C-30 -104 30 -104 38 -92C48 -40 46 60 40 150C30 162 -30 162 -40 150Z';
  pen.moved('rotate(-24)', () => {
    pen.drop(body, 14);
    pen.rope('M10 -150C70 -190 84 -90 50 -60', plain('charcoal', 'nylon'), 6);
    pen.solid('M-24 -92V-160Q0 -178 24 -160V-92Z', plain('charcoal', 'rubber'), { form: 'tube', edge: 10 });
    pen.solid(body, main, { form: 'tube', edge: 20 });
    pen.softInside(body, ['M-22 -100Q-34 30 -20 156M6 -100Q16 30 4 158M28 -98Q40 30 26 152'], { width: 13, opacity: 0.5 });
    pen.rope('M-44 26Q0 42 45 26', { ...main, colour: darker(main.colour, 0.25) }, 20);
  });
}

const CANOPIES = ['plain', 'plain', 'striped', 'dotted', 'floral', 'checked', 'leafy', 'starry', 'wavy', 'pinstriped', 'two-tone'] as const;

export const UMBRELLAS: DemoKind = {
  name: 'Umbrellas',
  folder: 'umbrellas',
  setting: 'hanging',
  zoom: 1.24,
  floor: 322,
  printSize: 44,
  brands: ['Regenbogen', 'Drizzle & Daughters', 'Northspring'],
  blurb: 'Eight ribs that bend in a gust and spring back. Dries within the hour.',
  shapes: [
    { noun: 'stick umbrella', materials: ['nylon', 'cotton'], patterns: CANOPIES, prices: [24, 59], draw: drawStick },
    { noun: 'dome umbrella', materials: ['nylon', 'plastic'], patterns: CANOPIES, prices: [19, 39], draw: drawDome },
    { noun: 'long umbrella', materials: ['nylon', 'cotton'], patterns: CANOPIES, prices: [29, 69], draw: drawClosed },
    { noun: 'pagoda parasol', materials: ['paper', 'silk', 'cotton'], patterns: CANOPIES, prices: [25, 65], draw: drawPagoda },
    { noun: 'folding umbrella', materials: ['nylon'], patterns: CANOPIES, prices: [14, 34], draw: drawCompact },
  ],
};
