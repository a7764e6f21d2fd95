import { DYED, type ColourName } from './palette.js';

/** How a surface answers light. */
export type Finish = 'matte' | 'satin' | 'gloss' | 'metal' | 'glass' | 'cloth';

export type TextureName =
  'weave' | 'linen' | 'knit' | 'denim' | 'grain' | 'hide' | 'speckle' | 'wicker' | 'brushed' | 'quilt';

export interface Material {
  /** The word that titles use. */
  word: string;
  finish: Finish;
  texture: TextureName | null;
  /** The colours it comes in. */
  colours: readonly ColourName[];
}

const WOODS: readonly ColourName[] = ['oak', 'walnut', 'ash', 'cherry', 'ebony'];
const METALS: readonly ColourName[] = ['silver', 'gold', 'rose gold', 'copper', 'gunmetal'];
const EARTHS: readonly ColourName[] = ['tan', 'orange', 'coral', 'sand', 'brown', 'cream', 'white', 'burgundy'];
const HIDES: readonly ColourName[] = [
  ...([
    'brown',
    'tan',
    'black',
    'burgundy',
    'navy',
    'olive',
    'cream',
    'red',
    'forest',
    'grey',
    'mustard',
    'white',
  ] as const),
];
const STRAWS: readonly ColourName[] = ['sand', 'tan', 'cream', 'brown', 'mustard'];

/** Makes a material that may be dyed in any colour, but where `colours` says otherwise. */
function material(word: string, finish: Finish, more: Partial<Pick<Material, 'texture' | 'colours'>> = {}): Material {
  return { word, finish, texture: more.texture ?? null, colours: more.colours ?? DYED };
}

export const MATERIALS = {
  ceramic: material('ceramic', 'gloss'),
  stoneware: material('stoneware', 'satin', { texture: 'speckle' }),
  porcelain: material('porcelain', 'gloss'),
  enamel: material('enamel', 'gloss'),
  terracotta: material('terracotta', 'matte', { texture: 'speckle', colours: EARTHS }),
  concrete: material('concrete', 'matte', {
    texture: 'speckle',
    colours: ['grey', 'charcoal', 'sand', 'white', 'black'],
  }),
  glass: material('glass', 'glass'),
  wood: material('wooden', 'satin', { texture: 'grain', colours: WOODS }),
  metal: material('metal', 'metal', { texture: 'brushed', colours: METALS }),
  steel: material('steel', 'satin'),
  aluminium: material('aluminium', 'satin'),
  plastic: material('plastic', 'gloss'),
  acetate: material('acetate', 'gloss'),
  rubber: material('rubber', 'satin'),
  leather: material('leather', 'satin', { texture: 'hide', colours: HIDES }),
  suede: material('suede', 'cloth', { texture: 'hide' }),
  canvas: material('canvas', 'cloth', { texture: 'weave' }),
  cotton: material('cotton', 'cloth'),
  linen: material('linen', 'cloth', { texture: 'linen' }),
  silk: material('silk', 'satin'),
  wool: material('wool', 'cloth', { texture: 'knit' }),
  knit: material('knitted', 'cloth', { texture: 'knit' }),
  felt: material('felt', 'cloth'),
  denim: material('denim', 'cloth', {
    texture: 'denim',
    colours: ['navy', 'blue', 'light blue', 'black', 'grey', 'white'],
  }),
  velvet: material('velvet', 'cloth'),
  nylon: material('nylon', 'satin'),
  quilted: material('quilted', 'satin', { texture: 'quilt' }),
  paper: material('paper', 'matte', { texture: 'linen' }),
  mesh: material('mesh', 'cloth', { texture: 'weave' }),
  straw: material('straw', 'matte', { texture: 'wicker', colours: STRAWS }),
  rattan: material('rattan', 'matte', { texture: 'wicker', colours: STRAWS }),
} as const satisfies Record<string, Material>;

interface Texture {
  /** Width and height of the tile in pixels. */
  size: readonly [width: number, height: number];
  content: string;
}

const dark = (opacity: number, width = 1) =>
  `fill="none" stroke="#000" stroke-opacity="${opacity}" stroke-width="${width}"`;
const light = (opacity: number, width = 1) =>
  `fill="none" stroke="#fff" stroke-opacity="${opacity}" stroke-width="${width}"`;

/** Tiles that are laid over a surface's colour and pattern. */
export const TEXTURES: Record<TextureName, Texture> = {
  weave: {
    size: [6, 6],
    content: `<path d="M0 1.5H6M0 4.5H6" ${dark(0.13, 1.1)}/><path d="M1.5 0V6M4.5 0V6" ${light(0.14, 1.1)}/>`,
  },
  linen: {
    size: [14, 14],
    content:
      `<path d="M0 2H14M0 7H9M4 11H14" ${dark(0.1)}/><path d="M3 0V14M8 3V14M12 0V8" ${dark(0.08)}/>` +
      `<path d="M0 4.5H14M5.5 0V14M0 9.5H6" ${light(0.16)}/>`,
  },
  knit: {
    size: [10, 9],
    content:
      `<path d="M0 1L5 6L10 1M0 10L5 15L10 10M0 -8L5 -3L10 -8" ${dark(0.24, 1.7)}/>` +
      `<path d="M1.5 -1L5 2.8L8.5 -1M1.5 8L5 11.8L8.5 8" ${light(0.22, 1.7)}/>`,
  },
  denim: {
    size: [6, 6],
    content: `<path d="M-1 7L7 -1M-4 4L4 -4M2 10L10 2" ${light(0.17, 1.3)}/><path d="M-1 4L4 -1M2 7L7 2" ${dark(0.14)}/>`,
  },
  grain: {
    size: [170, 46],
    content:
      `<path d="M0 4C40 1 70 9 110 5S150 2 170 4M0 13C50 17 80 9 120 14S160 12 170 13" ${dark(0.16, 1.3)}/>` +
      `<path d="M0 22C30 19 60 27 90 23S140 18 170 22M0 31C40 36 100 26 130 32S160 30 170 31" ${dark(0.12, 2.2)}/>` +
      `<path d="M0 39C60 36 90 43 170 39M0 9C60 12 110 5 170 9M0 27C50 24 120 31 170 27" ${light(0.13, 1.5)}/>`,
  },
  hide: {
    size: [26, 22],
    content:
      `<path d="M2 3q3 2 6 0M12 6q3 -3 6 0M21 12q2 3 5 1M5 13q2 3 6 1M14 17q3 2 6 -1M1 20q3 -2 5 0M22 3q2 2 4 0" ${dark(0.13)}/>` +
      `<path d="M3 5q3 2 5 0M13 8q3 -2 5 0M6 15q2 2 5 1M15 19q2 1 4 -1" ${light(0.13)}/>`,
  },
  speckle: {
    size: [58, 52],
    content: specks(),
  },
  wicker: {
    size: [16, 12],
    content:
      `<path d="M0 1.5q4 -2.5 8 0t8 0M0 7.5q4 2.5 8 0t8 0" ${dark(0.36, 1.7)}/>` +
      `<path d="M0 4.4q4 -2.5 8 0t8 0M0 10.4q4 2.5 8 0t8 0" ${light(0.36, 1.7)}/><path d="M4 0V12M12 0V12" ${dark(0.14, 1.5)}/>`,
  },
  brushed: {
    size: [120, 9],
    content: `<path d="M0 1H120M0 4.2H70M20 6.4H120" ${light(0.11)}/><path d="M0 2.6H120M30 5.2H110M0 7.6H64" ${dark(0.07)}/>`,
  },
  quilt: {
    size: [38, 38],
    content:
      `<path d="M0 0L38 38M38 0L0 38" ${dark(0.4, 2)}/><path d="M2 -2L40 36M40 2L2 40M-2 36L36 -2" ${light(0.22, 2.2)}/>` +
      `<path d="M-3 3L35 41M35 -3L-3 35" ${dark(0.12, 4)}/>`,
  },
};

/** Specks of glaze or sand, at places that the golden ratio spreads evenly. */
function specks(): string {
  const spots = Array.from({ length: 22 }, (_, index) => {
    const x = (index * 0.618034 * 58) % 58;
    const y = (index * 0.754877 * 52) % 52;
    const radius = 0.5 + (index % 4) * 0.28;
    const colour = index % 3 === 0 ? '#fff' : '#2a1c10';
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(2)}" fill="${colour}" fill-opacity="0.34"/>`;
  });
  return spots.join('');
}
