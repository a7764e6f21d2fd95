import { PICTURE_SIZE, type Drawing } from './drawing.js';
import { gradientStop } from './light.js';
import { darker, lighter } from './palette.js';
import type { SeededRandom } from './seeded-random.js';

/** Where a kind of thing is photographed: one shop, one look for all things of a kind. */
export interface StudioSet {
  /** Tints of the wall, `#rrggbb`. */
  walls: readonly string[];
  /** A roll of paper that bends into the floor, a floor of a tint, a table of boards, or nothing but the wall. */
  ground: 'cove' | 'floor' | 'table' | 'wall';
  /** Tints of the floor or the table. */
  grounds: readonly string[];
}

/** Draws the place where a thing stands or hangs; its foot is at `floor` pixels from the top. */
export function drawStudio(
  drawing: Drawing,
  set: StudioSet,
  { random, floor }: { random: SeededRandom; floor: number },
): void {
  const wall = random.pick(set.walls);
  drawWall(drawing, wall, random.between(0.16, 0.42));
  drawGround(drawing, { set, wall, random, floor });
  if (random.next() < 0.3) drawWindow(drawing, random);
}

interface GroundPlan {
  set: StudioSet;
  wall: string;
  random: SeededRandom;
  floor: number;
}

function drawGround(drawing: Drawing, { set, wall, random, floor }: GroundPlan): void {
  const horizon = floor - random.between(70, 115);
  switch (set.ground) {
    case 'wall':
      return;
    case 'cove':
      drawCove(drawing, wall, floor);
      return;
    case 'floor':
      drawFloor(drawing, random.pick(set.grounds), horizon);
      return;
    case 'table':
      drawTable(drawing, random.pick(set.grounds), horizon);
  }
}

/** A wall that is brightest at a height, as a share of the picture's. Film adds the rest of the light. */
function drawWall(drawing: Drawing, wall: string, brightest: number): void {
  const stops = [
    [0, lighter(wall, 0.24)],
    [brightest * 0.6, lighter(wall, 0.43)],
    [brightest, lighter(wall, 0.48)],
    [brightest + 0.16, lighter(wall, 0.42)],
    [1, darker(wall, 0.1)],
  ] as const;
  const content = stops.map(([offset, colour]) => gradientStop(offset, colour, 1)).join('');
  cover(drawing, drawing.define('linearGradient', 'x1="0" y1="0" x2="0" y2="1"', content));
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

/** Daylight that falls through a window: two bright slanted panes, drawn ever smaller so that their edges are soft. */
function drawWindow(drawing: Drawing, random: SeededRandom): void {
  const [left, top] = [random.between(-60, 260), random.between(-80, 60)];
  const panes = [0, 150].flatMap((offset) =>
    [0, 3, 6, 9, 12, 15].map((inset) => {
      const start = `M${left + offset + inset * 1.3} ${top + inset}`;
      return `<path d="${start}l${128 - 2 * inset} 0l${110 - inset * 0.6} ${420 - 2 * inset}l${2 * inset - 128} 0Z"/>`;
    }),
  );
  drawing.show(`<g fill="#fff6e0" fill-opacity="0.06">${panes.join('')}</g>`);
}

function cover(drawing: Drawing, fill: string): void {
  drawing.show(`<rect width="${PICTURE_SIZE}" height="${PICTURE_SIZE}" fill="${fill}"/>`);
}

function below(drawing: Drawing, y: number, fill: string): void {
  drawing.show(
    `<rect y="${y.toFixed(1)}" width="${PICTURE_SIZE}" height="${(PICTURE_SIZE - y).toFixed(1)}" fill="${fill}"/>`,
  );
}
