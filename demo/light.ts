import type { Drawing } from './drawing.js';
import type { Finish } from './materials.js';

/** How the form of a surface turns to the light, which comes from the upper left. */
export type Form = 'tube' | 'ball' | 'cloth' | 'slab' | 'flat';

/** A place between the lit and the dark side, white or black light there, and how much of it. */
type Stop = readonly [offset: number, colour: 'w' | 'k', opacity: number];

const TUBES: Record<Finish, readonly Stop[]> = {
  matte: [
    [0, 'k', 0.32],
    [0.16, 'k', 0.04],
    [0.3, 'w', 0.16],
    [0.46, 'w', 0],
    [0.72, 'k', 0.18],
    [0.94, 'k', 0.46],
    [1, 'k', 0.34],
  ],
  cloth: [
    [0, 'k', 0.28],
    [0.16, 'k', 0.04],
    [0.32, 'w', 0.12],
    [0.48, 'w', 0],
    [0.74, 'k', 0.16],
    [0.94, 'k', 0.38],
    [1, 'k', 0.32],
  ],
  satin: [
    [0, 'k', 0.34],
    [0.12, 'k', 0.05],
    [0.24, 'w', 0.36],
    [0.38, 'w', 0.05],
    [0.7, 'k', 0.2],
    [0.93, 'k', 0.48],
    [1, 'k', 0.26],
  ],
  gloss: [
    [0, 'k', 0.3],
    [0.1, 'k', 0.02],
    [0.15, 'w', 0.12],
    [0.17, 'w', 0.5],
    [0.25, 'w', 0.46],
    [0.27, 'w', 0.1],
    [0.45, 'w', 0],
    [0.72, 'k', 0.2],
    [0.9, 'k', 0.44],
    [0.96, 'w', 0.12],
    [1, 'k', 0.28],
  ],
  metal: [
    [0, 'k', 0.55],
    [0.07, 'k', 0.2],
    [0.18, 'w', 0.75],
    [0.26, 'w', 0.4],
    [0.4, 'k', 0.28],
    [0.56, 'k', 0.12],
    [0.7, 'w', 0.38],
    [0.78, 'w', 0.02],
    [0.92, 'k', 0.56],
    [1, 'w', 0.1],
  ],
  glass: [
    [0, 'k', 0.34],
    [0.05, 'w', 0.5],
    [0.1, 'w', 0.06],
    [0.17, 'w', 0.6],
    [0.24, 'w', 0.55],
    [0.27, 'w', 0.05],
    [0.75, 'k', 0.04],
    [0.88, 'w', 0.4],
    [0.94, 'k', 0.26],
    [1, 'k', 0.34],
  ],
};

const BALLS: Record<Finish, readonly Stop[]> = {
  matte: [
    [0, 'w', 0.24],
    [0.4, 'w', 0],
    [0.7, 'k', 0.18],
    [1, 'k', 0.46],
  ],
  cloth: [
    [0, 'w', 0.16],
    [0.4, 'w', 0],
    [0.72, 'k', 0.14],
    [1, 'k', 0.38],
  ],
  satin: [
    [0, 'w', 0.44],
    [0.22, 'w', 0.18],
    [0.45, 'w', 0],
    [0.75, 'k', 0.22],
    [1, 'k', 0.46],
  ],
  gloss: [
    [0, 'w', 0.85],
    [0.09, 'w', 0.7],
    [0.14, 'w', 0.2],
    [0.45, 'w', 0],
    [0.76, 'k', 0.24],
    [0.93, 'k', 0.46],
    [1, 'k', 0.3],
  ],
  metal: [
    [0, 'w', 0.95],
    [0.16, 'w', 0.5],
    [0.36, 'k', 0.2],
    [0.5, 'k', 0.32],
    [0.66, 'w', 0.2],
    [0.85, 'k', 0.5],
    [1, 'k', 0.2],
  ],
  glass: [
    [0, 'w', 0.8],
    [0.1, 'w', 0.4],
    [0.3, 'w', 0.05],
    [0.8, 'k', 0.06],
    [0.95, 'k', 0.3],
    [1, 'w', 0.2],
  ],
};

const SLABS: Record<Finish, readonly Stop[]> = {
  matte: [
    [0, 'w', 0.16],
    [0.5, 'k', 0.02],
    [1, 'k', 0.26],
  ],
  cloth: [
    [0, 'w', 0.1],
    [0.5, 'k', 0.02],
    [1, 'k', 0.24],
  ],
  satin: [
    [0, 'w', 0.3],
    [0.35, 'w', 0.04],
    [1, 'k', 0.3],
  ],
  gloss: [
    [0, 'w', 0.42],
    [0.3, 'w', 0.1],
    [0.32, 'w', 0],
    [1, 'k', 0.26],
  ],
  metal: [
    [0, 'w', 0.6],
    [0.2, 'k', 0.1],
    [0.4, 'w', 0.4],
    [0.62, 'k', 0.3],
    [0.8, 'w', 0.2],
    [1, 'k', 0.4],
  ],
  glass: [
    [0, 'w', 0.6],
    [0.3, 'w', 0.25],
    [0.32, 'w', 0.04],
    [0.7, 'w', 0.02],
    [1, 'k', 0.16],
  ],
};

/** Defines the light on a surface in the drawing. @returns a fill to lay over its colour. */
export function defineLight(drawing: Drawing, form: Exclude<Form, 'flat'>, finish: Finish): string {
  switch (form) {
    case 'ball':
      return drawing.define('radialGradient', 'cx="0.36" cy="0.28" r="0.78"', shadeStops(BALLS[finish]));
    case 'tube':
      return drawing.define('linearGradient', 'x1="0" y1="0" x2="1" y2="0"', shadeStops(TUBES[finish]));
    case 'slab':
      return drawing.define('linearGradient', DIAGONAL, shadeStops(SLABS[finish]));
    case 'cloth':
      return drawing.define('linearGradient', DIAGONAL, shadeStops(SLABS.cloth));
  }
}

const DIAGONAL = 'x1="0.1" y1="0" x2="0.8" y2="1"';

/** A stop of a gradient; offset and opacity from 0 to 1. */
export function gradientStop(offset: number, colour: string, opacity: number): string {
  return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity.toFixed(3)}"/>`;
}

function shadeStops(stops: readonly Stop[]): string {
  return stops
    .map(([offset, colour, opacity]) => gradientStop(offset, colour === 'w' ? '#fff' : '#120a05', opacity))
    .join('');
}
