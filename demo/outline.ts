/** A point of an outline; a `corner` is sharp, any other point is passed smoothly. */
export type Point = readonly [x: number, y: number, kind?: 'corner'];

/** Path data of a smooth open line through the points (as cubic Béziers). */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const segments = rest.map((_, index) => segment(points, index, neighbour));
  return `M${first[0]} ${first[1]}${segments.join('')}`;
}

/** The same, closed. */
export function closedCurve(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  const segments = points.map((_, index) => segment(points, index, cyclicNeighbour));
  return `M${first[0]} ${first[1]}${segments.join('')}Z`;
}

/** A closed outline that is its own mirror image; `half` runs down its right side, from top to bottom. */
export function symmetric(half: readonly Point[]): string {
  const left = half.filter(([x]) => x !== 0).map(([x, y, kind]): Point => (kind ? [-x, y, kind] : [-x, y]));
  return closedCurve([...half, ...left.reverse()]);
}

/** A closed outline with straight sides. */
export function polygon(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`;
}

export function ellipse(x: number, y: number, radii: readonly [x: number, y: number]): string {
  const [rx, ry] = radii;
  return `M${x - rx} ${y}A${rx} ${ry} 0 0 1 ${x + rx} ${y}A${rx} ${ry} 0 0 1 ${x - rx} ${y}Z`;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  radius: number;
}

export function roundedBox({ x, y, width, height, radius: r }: Box): string {
  const across = `h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}`;
  return `M${x + r} ${y}${across}h${2 * r - width}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - height}a${r} ${r} 0 0 1 ${r} ${-r}Z`;
}

/**
 * The outline of a turned body seen slightly from above.
 *
 * @param profile - its right side from top to bottom: distance from the axis and height.
 * @param tilt - how far it is seen from above: height by width of its circles, from 0 to 1.
 */
export function lathe(profile: readonly Point[], tilt: number): string {
  const top = profile[0] ?? [0, 0];
  const bottom = profile.at(-1) ?? [0, 0];
  const left = [...profile].reverse().map(([x, y, kind]): Point => (kind ? [-x, y, kind] : [-x, y]));
  const over = `M${-top[0]} ${top[1]}A${top[0]} ${top[0] * tilt} 0 0 1 ${top[0]} ${top[1]}`;
  const under = `A${bottom[0]} ${bottom[0] * tilt} 0 0 1 ${-bottom[0]} ${bottom[1]}`;
  return `${over}${withoutStart(curve(profile))}${under}${withoutStart(curve(left))}Z`;
}

type FindNeighbour = (points: readonly Point[], index: number) => Point;

const neighbour: FindNeighbour = (points, index) => pointAt(points, Math.min(Math.max(index, 0), points.length - 1));
const cyclicNeighbour: FindNeighbour = (points, index) => pointAt(points, (index + points.length) % points.length);

function pointAt(points: readonly Point[], index: number): Point {
  return points[index] ?? [0, 0];
}

/**
 * The cubic Bézier from a point to the next. It leaves each point parallel to the line between the point's neighbours, and
 * its handles are a third of the segment long, so that points that stand close together make no kinks.
 */
function segment(points: readonly Point[], index: number, find: FindNeighbour): string {
  const [from, to] = [find(points, index), find(points, index + 1)];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) / 3;
  const [x1, y1] = handle(from, [find(points, index - 1), to], length);
  const [x2, y2] = handle(to, [find(points, index + 2), from], length);
  return `C${x1} ${y1} ${x2} ${y2} ${to[0]} ${to[1]}`;
}

/** The point at this distance from a point towards the second of its neighbours; itself where it is a corner. */
function handle(
  [x, y, kind]: Point,
  [before, after]: readonly [Point, Point],
  length: number,
): readonly [number, number] {
  const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
  const norm = Math.hypot(dx, dy);
  if (kind === 'corner' || norm === 0) return [x, y];
  return [round(x + (dx / norm) * length), round(y + (dy / norm) * length)];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function withoutStart(path: string): string {
  return path.slice(path.indexOf('C'));
}
