import type { Drawing } from './drawing.js';

/** A pattern by the adjective that titles use; `plain` has none. */
export type PatternName =
  | 'plain'
  | 'striped'
  | 'pinstriped'
  | 'dotted'
  | 'checked'
  | 'floral'
  | 'zigzag'
  | 'speckled'
  | 'diamond'
  | 'leafy'
  | 'starry'
  | 'wavy'
  | 'two-tone'
  | 'ombre';

/** What a pattern is printed with. */
export interface Print {
  pattern: PatternName;
  /** Colour of the motif, `#rrggbb`. */
  accent: string;
  /** Side of one repeat in pixels. */
  size: number;
}

/** The turned body that a pattern runs around: the tiles narrow towards its sides and bend with its circles. */
export interface Wrap {
  radius: number;
  /** How far the middle of a circle hangs below its ends, in pixels. */
  depth: number;
}

type Motif = (size: number, accent: string) => string;

const PETALS = [0, 72, 144, 216, 288];

const MOTIFS: Partial<Record<PatternName, Motif>> = {
  striped: (s, accent) => `<rect x="-1" y="0" width="${s + 2}" height="${s * 0.5}" fill="${accent}"/>`,
  pinstriped: (s, accent) =>
    `<path d="M${s * 0.25} -1V${s + 1}M${s * 0.75} -1V${s + 1}" stroke="${accent}" stroke-width="${s * 0.16}"/>`,
  dotted: (s, accent) => dot(s * 0.27, s * 0.27, s * 0.17, accent) + dot(s * 0.77, s * 0.77, s * 0.17, accent),
  checked: (s, accent) =>
    `<g fill="${accent}"><rect x="-1" y="0" width="${s + 2}" height="${s / 2}" fill-opacity="0.55"/>` +
    `<rect x="0" y="-1" width="${s / 2}" height="${s + 2}" fill-opacity="0.55"/>` +
    `<rect x="0" y="0" width="${s / 2}" height="${s / 2}" fill-opacity="0.4"/></g>`,
  floral: (s, accent) =>
    leaf(s, [0.5, 0.2, 40]) +
    leaf(s, [0.08, 0.72, -30]) +
    blossom(s, [0.27, 0.3, 0.23], accent) +
    blossom(s, [0.76, 0.76, 0.17], accent),
  zigzag: (s, accent) =>
    `<path d="M${-s * 0.1} ${s * 0.6}L${s * 0.25} ${s * 0.25}L${s * 0.75} ${s * 0.75}L${s * 1.1} ${s * 0.4}" fill="none" stroke="${accent}" stroke-width="${s * 0.2}"/>`,
  speckled: (s, accent) =>
    [
      [0.12, 0.2, 0.05],
      [0.46, 0.1, 0.03],
      [0.78, 0.28, 0.06],
      [0.3, 0.5, 0.035],
      [0.62, 0.58, 0.05],
      [0.9, 0.7, 0.03],
      [0.16, 0.82, 0.055],
      [0.5, 0.88, 0.04],
    ]
      .map(([x = 0, y = 0, r = 0]) => dot(x * s, y * s, r * s, accent))
      .join(''),
  diamond: (s, accent) =>
    `<path d="M${s / 2} ${s * 0.06}L${s * 0.9} ${s / 2}L${s / 2} ${s * 0.94}L${s * 0.1} ${s / 2}Z" fill="${accent}"/>` +
    `<path d="M0 ${s * 0.14}L${s * 0.12} 0M0 ${s * 0.86}L${s * 0.12} ${s}M${s} ${s * 0.14}L${s * 0.88} 0M${s} ${s * 0.86}L${s * 0.88} ${s}" stroke="${accent}" stroke-width="${s * 0.06}"/>`,
  leafy: (s, accent) => branch(s, accent),
  starry: (s, accent) => star(s * 0.27, s * 0.27, s * 0.22, accent) + star(s * 0.77, s * 0.77, s * 0.15, accent),
  wavy: (s, accent) =>
    `<path d="M${-s * 0.25} ${s * 0.5}Q0 ${s * 0.14} ${s * 0.25} ${s * 0.5}T${s * 0.75} ${s * 0.5}T${s * 1.25} ${s * 0.5}" fill="none" stroke="${accent}" stroke-width="${s * 0.22}"/>`,
};

const FADES: Partial<Record<PatternName, (accent: string) => string>> = {
  'two-tone': (accent) =>
    `<stop offset="0.6" stop-color="${accent}" stop-opacity="0"/><stop offset="0.6" stop-color="${accent}"/>`,
  ombre: (accent) =>
    `<stop offset="0.15" stop-color="${accent}" stop-opacity="0"/><stop offset="0.95" stop-color="${accent}" stop-opacity="0.95"/>`,
};

/** Defines the pattern in the drawing. @returns a fill to lay over the base colour; null for `plain`. */
export function definePrint(drawing: Drawing, print: Print, wrap: Wrap | null): string | null {
  const fade = FADES[print.pattern];
  if (fade) return drawing.define('linearGradient', 'x1="0" y1="0" x2="0" y2="1"', fade(print.accent));
  const motif = MOTIFS[print.pattern];
  if (!motif) return null;
  const cell = motif(print.size, print.accent);
  return wrap ? defineWrapped(drawing, { cell, size: print.size, wrap }) : defineFlat(drawing, cell, print.size);
}

function defineFlat(drawing: Drawing, cell: string, size: number): string {
  return drawing.define('pattern', `width="${size}" height="${size}" patternUnits="userSpaceOnUse"`, cell);
}

interface WrappedCell {
  cell: string;
  size: number;
  wrap: Wrap;
}

/**
 * One tile as wide as the body. A cell at the angle a of the axis stands at x = r sin a and y = depth cos a; the
 * derivatives of both by the arc length make the matrix that lays it on the body there.
 */
function defineWrapped(drawing: Drawing, { cell, size, wrap: { radius, depth } }: WrappedCell): string {
  const columns = Math.max(3, Math.round((Math.PI * radius) / size));
  const spill = Math.ceil(depth / size);
  const cells = Array.from({ length: columns * (spill + 2) }, (_, index) => {
    const angle = (((index % columns) + 0.5) / columns - 0.5) * Math.PI;
    const row = Math.floor(index / columns) - spill - 1;
    const [a, b] = [Math.cos(angle) * 1.03, (-depth / radius) * Math.sin(angle)];
    const x = radius * (1 + Math.sin(angle)) - (a * size) / 2;
    const y = depth * Math.cos(angle) + row * size - (b * size) / 2;
    return `<g transform="matrix(${a.toFixed(4)} ${b.toFixed(4)} 0 1 ${x.toFixed(2)} ${y.toFixed(2)})">${cell}</g>`;
  });
  const area = `x="${-radius}" y="0" width="${2 * radius}" height="${size}" patternUnits="userSpaceOnUse"`;
  return drawing.define('pattern', area, cells.join(''));
}

function dot(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`;
}

/** Five petals round a yellow eye; place and radius as shares of the repeat. */
function blossom(s: number, [x, y, radius]: readonly [number, number, number], accent: string): string {
  const r = radius * s;
  const petals = PETALS.map(
    (turn) =>
      `<ellipse cy="${-r * 0.58}" rx="${r * 0.38}" ry="${r * 0.46}" fill="${accent}" transform="rotate(${turn})"/>`,
  );
  return `<g transform="translate(${x * s} ${y * s})">${petals.join('')}${dot(0, 0, r * 0.24, '#f2c14b')}</g>`;
}

function leaf(s: number, [x, y, turn]: readonly [number, number, number]): string {
  const path = `M0 0Q${s * 0.14} ${-s * 0.1} ${s * 0.3} 0Q${s * 0.14} ${s * 0.1} 0 0Z`;
  return `<path d="${path}" fill="#4d7a52" transform="translate(${x * s} ${y * s}) rotate(${turn})"/>`;
}

function branch(s: number, accent: string): string {
  const blades = [0.16, 0.38, 0.6, 0.82].map((y) => {
    const path = `M${s / 2} ${y * s + s * 0.1}q${s * 0.1} ${-s * 0.22} ${s * 0.36} ${-s * 0.2}q${-s * 0.06} ${s * 0.2} ${-s * 0.36} ${s * 0.2}`;
    return `<path d="${path}Z"/><path d="${path}Z" transform="translate(${s} 0) scale(-1 1)"/>`;
  });
  return `<g fill="${accent}">${blades.join('')}<rect x="${s * 0.485}" y="-1" width="${s * 0.03}" height="${s + 2}"/></g>`;
}

function star(x: number, y: number, radius: number, fill: string): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const r = index % 2 === 0 ? radius : radius * 0.42;
    const angle = (index * Math.PI) / 5;
    return `${(x + r * Math.sin(angle)).toFixed(2)} ${(y - r * Math.cos(angle)).toFixed(2)}`;
  });
  return `<path d="M${points.join('L')}Z" fill="${fill}"/>`;
}
