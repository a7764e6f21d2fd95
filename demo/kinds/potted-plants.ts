import { plain, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';
import type { Pen } from '../pen.js';

const GREENS = ['#3f7d4a', '#4f8f55', '#2f6a48', '#6a9a58'] as const;

/** Where a plant grows: the height of the soil and half the width that it may take at its foot. */
export interface Bed {
  y: number;
  halfWidth: number;
}

/** Draws a plant that grows in a bed, at its origin's x. */
export type Plant = (sketch: Sketch, bed: Bed) => void;

/** A blade from its foot to its tip, bent to one side, with a light midrib. */
function drawBlade(
  pen: Pen,
  colour: string,
  [x, y, tipX, tipY, width]: readonly [number, number, number, number, number],
): void {
  const [midX, midY] = [x + (tipX - x) * 0.3, y + (tipY - y) * 0.62];
  const shape = `M${x - width * 0.35} ${y}Q${midX - width} ${midY} ${tipX} ${tipY}Q${midX + width} ${midY} ${x + width * 0.35} ${y}Z`;
  pen.blend(shape, [lighter(colour, 0.16), darker(colour, 0.45)], 70);
  pen.line(`M${x} ${y}Q${midX} ${midY} ${tipX} ${tipY}`, lighter(colour, 0.24), 1.6);
}

export const drawSnakePlant: Plant = ({ pen, random }, { y, halfWidth }) => {
  for (const share of [-0.8, 0.75, -0.4, 0.45, 0.05]) {
    const x = share * halfWidth * 0.6;
    const height = random.between(150, 205) * (1 - Math.abs(share) * 0.3);
    drawBlade(pen, random.pick(GREENS), [x, y + 4, x + share * 46, y - height, 24]);
  }
};

export const drawPalm: Plant = ({ pen, random }, { y }) => {
  pen.rope(`M0 ${y}L4 ${y - 60}`, plain('brown', 'wood'), 13);
  for (const angle of [-66, 64, -44, 46, -24, 22, 0]) {
    const length = random.between(120, 150);
    const [tipX, tipY] = [
      Math.sin((angle * Math.PI) / 180) * length,
      -Math.cos((angle * Math.PI) / 180) * length * 0.85,
    ];
    drawBlade(pen, random.pick(GREENS), [4, y - 56, 4 + tipX, y - 66 + tipY + Math.abs(angle) * 0.25, 21]);
  }
};

export const drawCactus: Plant = ({ pen, random }, { y }) => {
  const green = { ...plain('#4b8b5d', 'felt'), pattern: 'pinstriped', accent: '#2f6644', size: 22 } as const;
  const arm = `M-34 ${y - 70}C-84 ${y - 66} -86 ${y - 100} -80 ${y - 128}`;
  pen.rope(arm, green, 34);
  pen.rope(`M34 ${y - 50}C76 ${y - 48} 80 ${y - 74} 76 ${y - 92}`, green, 28);
  const trunk = `M-38 ${y + 8}V${y - 150}C-38 ${y - 200} 38 ${y - 200} 38 ${y - 150}V${y + 8}Z`;
  pen.solid(trunk, green, { form: 'tube', edge: 22 });
  for (let spot = 0; spot < 20; spot += 1) {
    const [x, top] = [random.between(-32, 30), random.between(y - 168, y - 4)];
    pen.line(`M${x} ${top}l3 -5M${x} ${top}l-3 -4`, '#f4efd8', 1.2);
  }
  pen.area(ellipse(4, y - 186, [13, 9]), '#e76f8d');
};

export const drawMonstera: Plant = ({ pen, random }, { y }) => {
  const places: readonly Point[] = [
    [-78, -96],
    [80, -104],
    [-40, -168],
    [48, -180],
    [2, -122],
  ];
  for (const [x, top] of places)
    pen.rope(`M0 ${y}Q${x * 0.2} ${y + top * 0.5} ${x} ${y + top + 14}`, plain('#4a7c48', 'felt'), 5);
  for (const [x, top] of places) {
    const size = random.between(0.85, 1.1);
    pen.moved(`translate(${x} ${y + top}) rotate(${x * 0.55}) scale(${size})`, () =>
      drawRoundLeaf(pen, random.pick(GREENS)),
    );
  }
};

function drawRoundLeaf(pen: Pen, green: string): void {
  const leaf = closedCurve([
    [0, 22, 'corner'],
    [-44, 26],
    [-50, -18],
    [-22, -52],
    [0, -64, 'corner'],
    [22, -52],
    [50, -18],
    [44, 26],
  ]);
  pen.blend(leaf, [lighter(green, 0.26), darker(green, 0.34)], 60);
  pen.line('M0 20V-56M0 6L-34 -14M0 6L34 -14M0 -16L-30 -36M0 -16L30 -36', lighter(green, 0.35), 1.7);
  pen.soft(leaf, 7, { opacity: 0.25 });
}

export const drawSucculents: Plant = ({ pen, random }, { y, halfWidth }) => {
  for (const [share, size] of [
    [-0.55, 0.9],
    [0.58, 0.86],
    [0.02, 1.15],
  ] as const) {
    const colour = random.pick(['#7fae92', '#9bbf8a', '#b48aa0', '#5f9a80'] as const);
    pen.moved(`translate(${share * halfWidth} ${y - 16}) scale(${size})`, () => drawRosette(pen, colour));
  }
};

function drawRosette(pen: Pen, colour: string): void {
  for (const [count, length, lift] of [
    [9, 46, 0],
    [7, 34, -8],
    [5, 20, -13],
  ] as const) {
    for (let index = 0; index < count; index += 1) {
      const angle = (index / (count - 1) - 0.5) * 200;
      const petal = `M-9 0Q-12 ${-length * 0.75} 0 ${-length}Q12 ${-length * 0.75} 9 0Z`;
      pen.moved(`translate(0 ${lift}) rotate(${angle})`, () => {
        pen.blend(petal, [lighter(colour, 0.32), darker(colour, 0.36)]);
      });
    }
  }
}
