import type { Drawing } from './drawing.js';
import { TEXTURES, type Finish, type Material } from './materials.js';
import { darker, lighter } from './palette.js';
import { definePrint, type Print, type Wrap } from './patterns.js';

/** What a surface is made of. */
export interface Paint extends Print {
  colour: string;
  material: Material;
}

/** How the form of a surface turns to the light, which comes from the upper left. */
export type Form = 'tube' | 'ball' | 'cloth' | 'slab' | 'flat';

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

/** Widths of the strokes that lie on each other to make a soft edge: as smooth as a blur here, and five times cheaper. */
const SOFT_STEPS = [1, 0.78, 0.58, 0.4, 0.24, 0.1];

/** Draws lit surfaces, soft shadows and lines into a drawing. */
export class Pen {
  readonly #drawing: Drawing;

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  /** A surface with its pattern, its texture and its light. `wrap` bends the pattern round a turned body. */
  solid(path: string, paint: Paint, look: { form: Form; wrap?: Wrap; edge?: number; opacity?: number }): void {
    const { form, wrap = null, edge = 26, opacity = paint.material.finish === 'glass' ? 0.62 : 1 } = look;
    this.#fill(path, paint.colour, opacity);
    this.#fill(path, definePrint(this.#drawing, paint, wrap), 1);
    this.#fill(path, this.#texture(paint.material), 1);
    if (form === 'flat') return;
    this.#fill(path, this.#light(form, paint.material.finish), 1);
    if (edge > 0) this.#roundEdge(path, edge, paint.material.finish);
  }

  /** A round bar along a path: a handle, a leg, a strap. */
  rope(path: string, paint: Pick<Paint, 'colour' | 'material'>, width: number): void {
    const { colour, material } = paint;
    const shine = material.finish === 'metal' ? 0.75 : material.finish === 'gloss' ? 0.5 : 0.24;
    this.#stroke(path, darker(colour, 0.42), width);
    this.#stroke(path, darker(colour, 0.14), width * 0.84, 'translate(-0.6 -0.6)');
    this.#stroke(path, colour, width * 0.58, `translate(${-width * 0.09} ${-width * 0.07})`);
    this.#stroke(path, lighter(colour, shine), width * 0.2, `translate(${-width * 0.17} ${-width * 0.14})`);
  }

  line(path: string, colour: string, width: number): void {
    this.#stroke(path, colour, width);
  }

  /** A row of stitches. */
  stitch(path: string, colour: string, length = 5): void {
    const dashes = `stroke-dasharray="${length} ${length * 0.7}" stroke-width="1.8" stroke-opacity="0.75"`;
    this.#drawing.show(`<path d="${path}" fill="none" stroke="${colour}" ${dashes}/>`);
  }

  /** A soft dark or light line: a fold, a crease, a reflection. */
  soft(path: string, width: number, look: { colour?: string; opacity?: number } = {}): void {
    const { colour = '#000', opacity = 0.3 } = look;
    const strokes = SOFT_STEPS.map((step) => `<path d="${path}" stroke-width="${(width * step).toFixed(2)}"/>`);
    const alpha = (opacity / SOFT_STEPS.length).toFixed(4);
    const style = `fill="none" stroke="${colour}" stroke-opacity="${alpha}" stroke-linecap="round" stroke-linejoin="round"`;
    this.#drawing.show(`<g ${style}>${strokes.join('')}</g>`);
  }

  /** Soft lines that end where the outline ends. */
  softInside(
    outline: string,
    paths: readonly string[],
    look: { width: number; colour?: string; opacity?: number },
  ): void {
    this.clipped(outline, () => {
      for (const path of paths) this.soft(path, look.width, look);
    });
  }

  /** Whatever `draw` draws, cut off at the outline. */
  clipped(outline: string, draw: () => void): void {
    this.#drawing.show(`<g clip-path="${this.#clip(outline)}">`);
    draw();
    this.#drawing.show('</g>');
  }

  /** Whatever `draw` draws, moved, turned or scaled by an SVG transform. */
  moved(transform: string, draw: () => void): void {
    this.#drawing.show(`<g transform="${transform}">`);
    draw();
    this.#drawing.show('</g>');
  }

  /** A flat, possibly translucent area. */
  area(path: string, colour: string, opacity = 1): void {
    this.#fill(path, colour, opacity);
  }

  /** An area that fades from one colour to another, downwards or, with `angle` in degrees, elsewhere. */
  fade(path: string, stops: readonly (readonly [offset: number, colour: string, opacity: number])[], angle = 90): void {
    const content = stops.map(([offset, colour, opacity]) => stop(offset, colour, opacity)).join('');
    const turn = `gradientTransform="rotate(${angle} 0.5 0.5)"`;
    this.#fill(path, this.#drawing.define('linearGradient', `x1="0" y1="0.5" x2="1" y2="0.5" ${turn}`, content), 1);
  }

  /** The shadow that something with a foot of this half width throws on the ground at a point. */
  ground(x: number, y: number, halfWidth: number): void {
    const [near, far] = [this.#shadow(0.62), this.#shadow(0.34)];
    this.#ellipse([x + halfWidth * 0.22, y + 5], [halfWidth * 1.55, halfWidth * 0.34 + 10], far);
    this.#ellipse([x + halfWidth * 0.04, y + 1], [halfWidth * 1.08 + 4, halfWidth * 0.15 + 6], near);
  }

  /** The shadow that a hanging or lying thing throws on the plane behind it. */
  drop(path: string, distance = 14): void {
    const strokes = SOFT_STEPS.map(
      (step) => `<path d="${path}" stroke-width="${(step * distance * 2.4).toFixed(1)}"/>`,
    );
    const style = 'fill="#1d1712" fill-opacity="0.06" stroke="#1d1712" stroke-opacity="0.045" stroke-linejoin="round"';
    this.#drawing.show(`<g transform="translate(${distance * 0.6} ${distance})" ${style}>${strokes.join('')}</g>`);
  }

  /** A long soft shape of light, such as a softbox throws on a glaze. */
  sheen(path: string, opacity: number): void {
    this.fade(path, [
      [0, '#fff', opacity],
      [1, '#fff', opacity * 0.25],
    ]);
  }

  #fill(path: string, fill: string | null, opacity: number): void {
    if (fill === null) return;
    const alpha = opacity === 1 ? '' : ` fill-opacity="${opacity}"`;
    this.#drawing.show(`<path d="${path}" fill="${fill}"${alpha}/>`);
  }

  #stroke(path: string, colour: string, width: number, transform = ''): void {
    const style = `fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"`;
    this.#drawing.show(`<path d="${path}" ${style}${transform && ` transform="${transform}"`}/>`);
  }

  #ellipse([x, y]: readonly [number, number], [rx, ry]: readonly [number, number], fill: string): void {
    this.#drawing.show(`<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`);
  }

  #texture(material: Material): string | null {
    if (material.texture === null) return null;
    const { size, content } = TEXTURES[material.texture];
    return this.#drawing.define(
      'pattern',
      `width="${size[0]}" height="${size[1]}" patternUnits="userSpaceOnUse"`,
      content,
    );
  }

  #light(form: 'tube' | 'ball' | 'cloth' | 'slab', finish: Finish): string {
    if (form === 'ball') {
      return this.#drawing.define('radialGradient', 'cx="0.36" cy="0.28" r="0.78"', shadeStops(BALLS[finish]));
    }
    const stops = form === 'tube' ? TUBES[finish] : form === 'slab' ? SLABS[finish] : SLABS.cloth;
    const direction = form === 'tube' ? 'x1="0" y1="0" x2="1" y2="0"' : 'x1="0.1" y1="0" x2="0.8" y2="1"';
    return this.#drawing.define('linearGradient', direction, shadeStops(stops));
  }

  /** Darkens the edges that turn away from the light and lightens the others, as on anything padded or turned. */
  #roundEdge(path: string, width: number, finish: Finish): void {
    const bright = finish === 'cloth' || finish === 'matte' ? 0.22 : 0.34;
    this.clipped(path, () => {
      this.moved(`translate(${-width * 0.16} ${-width * 0.2})`, () => {
        this.soft(path, width * 1.5, { opacity: 0.34 });
      });
      this.moved(`translate(${width * 0.2} ${width * 0.24})`, () => {
        this.soft(path, width * 0.55, { colour: '#fff', opacity: bright });
      });
    });
  }

  #clip(path: string): string {
    return this.#drawing.define('clipPath', '', `<path d="${path}"/>`);
  }

  #shadow(opacity: number): string {
    const stops = [0, 0.35, 0.6, 0.8, 1].map((offset) => stop(offset, '#15100c', opacity * (1 - offset) ** 1.6));
    return this.#drawing.define('radialGradient', 'cx="0.5" cy="0.5" r="0.5"', stops.join(''));
  }
}

function stop(offset: number, colour: string, opacity: number): string {
  return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity.toFixed(3)}"/>`;
}

function shadeStops(stops: readonly Stop[]): string {
  return stops.map(([offset, colour, opacity]) => stop(offset, colour === 'w' ? '#fff' : '#120a05', opacity)).join('');
}
