import { PICTURE_SIZE, type Drawing } from './drawing.js';
import { darker, lighter, mix } from './palette.js';
import type { SeededRandom } from './seeded-random.js';

const WALLS = [
  ...['#e9e5de', '#dfe2e4', '#ece2d3', '#e6dcd6', '#d9ded6', '#dbe1e6', '#f0eeea', '#cfc9c0', '#d8d2cb', '#e8dfd9'],
  ...['#c9cdd0', '#e3dcc9'],
];
const TABLES = ['#b98f63', '#d9c6aa', '#8d6a4d', '#d6d2cc', '#eeeae3', '#a9aaa8'];

/** Draws the backdrop of a standing thing, whose foot is at `floor` pixels from the top. */
export function drawStage(drawing: Drawing, random: SeededRandom, floor: number): void {
  const wall = random.pick(WALLS);
  const light = [random.between(0.22, 0.5), random.between(0.15, 0.4)] as const;
  drawWall(drawing, wall, light);
  const setting = random.next();
  if (setting < 0.4) drawCove(drawing, wall, floor);
  else if (setting < 0.75)
    drawFloor(drawing, mix(wall, random.pick(TABLES), random.between(0.12, 0.4)), floor - random.between(70, 130));
  else drawTable(drawing, random.pick(TABLES), floor - random.between(50, 100));
  if (random.next() < 0.3) drawWindow(drawing, random);
}

/** Draws the backdrop of a thing that hangs on a wall or lies on a table seen from above. */
export function drawBackdrop(drawing: Drawing, random: SeededRandom): void {
  drawWall(drawing, random.pick(WALLS), [random.between(0.2, 0.5), random.between(0.1, 0.35)]);
  if (random.next() < 0.4) drawWindow(drawing, random);
}

/** Darkens the corners, as a lens does. */
export function drawVignette(drawing: Drawing): void {
  const stops = '<stop offset="0.62" stop-opacity="0"/><stop offset="1" stop-color="#0d0a08" stop-opacity="0.2"/>';
  cover(drawing, drawing.define('radialGradient', 'cx="0.5" cy="0.48" r="0.78"', stops));
}

function drawWall(drawing: Drawing, wall: string, [x, y]: readonly [number, number]): void {
  const stops = [
    [0, lighter(wall, 0.55)],
    [0.45, lighter(wall, 0.12)],
    [1, darker(wall, 0.2)],
  ] as const;
  const content = stops.map(([offset, colour]) => `<stop offset="${offset}" stop-color="${colour}"/>`).join('');
  cover(drawing, drawing.define('radialGradient', `cx="${x.toFixed(3)}" cy="${y.toFixed(3)}" r="0.95"`, content));
}

/** A roll of paper that bends from wall to floor without an edge. */
function drawCove(drawing: Drawing, wall: string, floor: number): void {
  const stops =
    `<stop offset="0" stop-color="${darker(wall, 0.3)}" stop-opacity="0"/>` +
    `<stop offset="0.3" stop-color="${darker(wall, 0.3)}" stop-opacity="0.34"/>` +
    `<stop offset="1" stop-color="${lighter(wall, 0.5)}" stop-opacity="0.7"/>`;
  below(drawing, floor - 190, drawing.define('linearGradient', 'x1="0" y1="0" x2="0" y2="1"', stops));
}

function drawFloor(drawing: Drawing, colour: string, horizon: number): void {
  below(drawing, horizon - 9, drawing.define('linearGradient', 'x1="0" y1="0" x2="0" y2="1"', blurredEdge(colour)));
}

/** The floor starts within 18 pixels, out of focus. */
function blurredEdge(colour: string): string {
  return (
    `<stop offset="0" stop-color="${darker(colour, 0.26)}" stop-opacity="0"/>` +
    `<stop offset="0.06" stop-color="${darker(colour, 0.26)}"/>` +
    `<stop offset="0.5" stop-color="${colour}"/><stop offset="1" stop-color="${lighter(colour, 0.2)}"/>`
  );
}

/** A table top with boards. */
function drawTable(drawing: Drawing, colour: string, horizon: number): void {
  drawFloor(drawing, colour, horizon);
  const boards = [0.12, 0.3, 0.58, 0.98].map((share, index) => {
    const y = horizon + 6 + share * (PICTURE_SIZE - horizon);
    return `<path d="M0 ${y}H${PICTURE_SIZE}" stroke-width="${1 + index * 0.6}"/>`;
  });
  drawing.show(`<g stroke="#20150c" stroke-opacity="0.14">${boards.join('')}</g>`);
}

/** Daylight that falls through a window: two bright slanted panes with soft edges. */
function drawWindow(drawing: Drawing, random: SeededRandom): void {
  const [left, top] = [random.between(-60, 260), random.between(-80, 60)];
  const panes = [0, 150].flatMap((offset) => {
    const path = `M${left + offset} ${top}l128 0l110 420l-128 0Z`;
    return [26, 18, 11, 5].map((width) => `<path d="${path}" stroke-width="${width}"/>`);
  });
  const style = 'fill="#fff8e6" fill-opacity="0.07" stroke="#fff8e6" stroke-opacity="0.05" stroke-linejoin="round"';
  drawing.show(`<g ${style}>${panes.join('')}</g>`);
}

function cover(drawing: Drawing, fill: string): void {
  drawing.show(`<rect width="${PICTURE_SIZE}" height="${PICTURE_SIZE}" fill="${fill}"/>`);
}

function below(drawing: Drawing, y: number, fill: string): void {
  drawing.show(
    `<rect y="${y.toFixed(1)}" width="${PICTURE_SIZE}" height="${(PICTURE_SIZE - y).toFixed(1)}" fill="${fill}"/>`,
  );
}
