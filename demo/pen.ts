import type { Drawing } from './drawing.js';
import { defineLight, gradientStop, type Form } from './light.js';
import { TEXTURES, type Finish, type Material } from './materials.js';
import { darker, lighter } from './palette.js';
import { definePrint, type Print, type Wrap } from './patterns.js';

/** What a surface is made of. */
export interface Paint extends Print {
  colour: string;
  material: Material;
}

/** Widths of the strokes that lie on each other to make a soft edge: as smooth as a blur here, and five times cheaper. */
const SOFT_STEPS = [1, 0.75, 0.52, 0.32, 0.14];

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
    this.#fill(path, defineLight(this.#drawing, form, paint.material.finish), 1);
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
    const content = stops.map(([offset, colour, opacity]) => gradientStop(offset, colour, opacity)).join('');
    const turn = `gradientTransform="rotate(${angle} 0.5 0.5)"`;
    this.#fill(path, this.#drawing.define('linearGradient', `x1="0" y1="0.5" x2="1" y2="0.5" ${turn}`, content), 1);
  }

  /** The same from one opaque colour to another. */
  blend(path: string, [from, to]: readonly [string, string], angle = 90): void {
    const stops = [
      [0, from, 1],
      [1, to, 1],
    ] as const;
    this.fade(path, stops, angle);
  }

  /** The shadow that something with a foot of this half width throws on the ground at a point. */
  ground(x: number, y: number, halfWidth: number): void {
    const [near, far] = [this.#shadow(0.62), this.#shadow(0.34)];
    this.#ellipse([x + halfWidth * 0.2, y + 3], [halfWidth * 1.5, halfWidth * 0.2 + 13], far);
    this.#ellipse([x + halfWidth * 0.03, y], [halfWidth * 1.1 + 4, halfWidth * 0.07 + 9], near);
  }

  /** The shadow that a hanging or lying thing throws on the plane behind it. */
  drop(path: string, distance = 14): void {
    const style = 'fill="#1d1712" stroke="#1d1712" stroke-linejoin="round"';
    // An opacity of the whole layer, not of fill and stroke, for those overlap and would show the outline.
    const layers = SOFT_STEPS.map((step) => {
      const width = (step * distance * 1.9).toFixed(1);
      return `<path d="${path}" stroke-width="${width}" opacity="0.078"/>`;
    });
    this.#drawing.show(
      `<g transform="translate(${distance * 0.5} ${distance * 0.85})" ${style}>${layers.join('')}</g>`,
    );
  }

  /** The same of a bar along a path. */
  dropRope(path: string, width: number, distance = 14): void {
    this.moved(`translate(${distance * 0.5} ${distance * 0.85})`, () => {
      this.soft(path, width + distance * 1.6, { colour: '#1d1712', opacity: 0.5 });
    });
  }

  /** A long soft shape of light, such as a softbox throws on a glaze. */
  sheen(path: string, opacity: number): void {
    this.fade(path, [
      [0, '#fff', opacity],
      [1, '#fff', opacity * 0.08],
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
    const stops = [0, 0.35, 0.6, 0.8, 1].map((offset) =>
      gradientStop(offset, '#15100c', opacity * (1 - offset) ** 1.6),
    );
    return this.#drawing.define('radialGradient', 'cx="0.5" cy="0.5" r="0.5"', stops.join(''));
  }
}
