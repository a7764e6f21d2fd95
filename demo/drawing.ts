/** Side of every picture in pixels. */
export const PICTURE_SIZE = 640;

/** An SVG in the making: what it defines and what it shows, in order. */
export class Drawing {
  readonly #definitions = new Map<string, string>();
  readonly #shown: string[] = [];

  /**
   * Defines an element once, however often it is asked for.
   *
   * @returns its reference for a `fill` or `clip-path`: `url(#d3)`.
   */
  define(element: string, attributes: string, content: string): string {
    const key = `${element} ${attributes}>${content}</${element}>`;
    const id = this.#definitions.get(key) ?? `d${this.#definitions.size}`;
    this.#definitions.set(key, id);
    return `url(#${id})`;
  }

  show(markup: string): void {
    this.#shown.push(markup);
  }

  toSvg(): string {
    const definitions = [...this.#definitions].map(([key, id]) => `<${key.replace(' ', ` id="${id}" `)}`);
    const size = `width="${PICTURE_SIZE}" height="${PICTURE_SIZE}"`;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${definitions.join('')}</defs>`;
    return `${head}${this.#shown.join('')}</svg>`;
  }
}
