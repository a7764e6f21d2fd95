/** The colours of the demo's products by the name that stands in their titles, as `#rrggbb`. */
export const COLOURS = {
  white: '#f3f1ec',
  cream: '#eee0c4',
  sand: '#d6c1a0',
  tan: '#c0925f',
  brown: '#77492f',
  grey: '#9b9da0',
  charcoal: '#45484d',
  black: '#232427',
  red: '#c4302d',
  burgundy: '#74203a',
  coral: '#ee7c67',
  orange: '#e2742a',
  mustard: '#d7a02a',
  yellow: '#f1cf4d',
  olive: '#7b7d41',
  green: '#3d8a55',
  forest: '#1f4f3b',
  mint: '#a8d8c1',
  teal: '#1c7f82',
  'light blue': '#8ebbe0',
  blue: '#2d60b6',
  navy: '#22315e',
  purple: '#69429a',
  lilac: '#b9a4d8',
  pink: '#eda6ba',
  magenta: '#c43a80',
  oak: '#c99d66',
  walnut: '#6f4a34',
  ash: '#ddc6a1',
  cherry: '#99522f',
  ebony: '#35291f',
  silver: '#c3c7cb',
  gold: '#d3a854',
  'rose gold': '#d9a28c',
  copper: '#b8703f',
  gunmetal: '#5d636b',
} as const;

export type ColourName = keyof typeof COLOURS;

export const DYED: readonly ColourName[] = [
  ...([
    'red',
    'navy',
    'mustard',
    'white',
    'teal',
    'black',
    'pink',
    'olive',
    'blue',
    'coral',
    'cream',
    'forest',
  ] as const),
  ...(['purple', 'grey', 'orange', 'light blue', 'burgundy', 'mint', 'yellow', 'brown', 'lilac', 'green'] as const),
  ...(['charcoal', 'sand', 'magenta'] as const),
];

/** Accents that stand out on a dark or strong colour, and on a light one. */
const LIGHT_ACCENTS: readonly ColourName[] = ['white', 'cream', 'mustard', 'mint', 'pink', 'light blue', 'coral'];
const DARK_ACCENTS: readonly ColourName[] = ['navy', 'red', 'teal', 'charcoal', 'forest', 'burgundy', 'blue', 'purple'];

/** The accents that can be told from a colour at a glance. */
export function accentsOf(colour: ColourName): readonly ColourName[] {
  const hex = COLOURS[colour];
  const candidates = luminance(hex) > 0.55 ? DARK_ACCENTS : LIGHT_ACCENTS;
  return candidates.filter((candidate) => Math.abs(luminance(COLOURS[candidate]) - luminance(hex)) > 0.24);
}

/** Perceived brightness from 0 to 1, by the weights of ITU-R BT.601. */
export function luminance(hex: string): number {
  const [red, green, blue] = channelsOf(hex);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

/** The colour `amount` (0 to 1) of the way from one to another. */
export function mix(from: string, to: string, amount: number): string {
  const target = channelsOf(to);
  const mixed = channelsOf(from).map((value, index) => Math.round(value + ((target[index] ?? 0) - value) * amount));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

export function darker(hex: string, amount: number): string {
  return mix(hex, '#120e0c', amount);
}

export function lighter(hex: string, amount: number): string {
  return mix(hex, '#fffdf8', amount);
}

function channelsOf(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
