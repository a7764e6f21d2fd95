import type { DemoKind } from './demo-kind.js';
import { BACKPACKS } from './kinds/backpack.js';
import { BOTTLES } from './kinds/bottle.js';
import { CHAIRS } from './kinds/chair.js';
import { DRESSES } from './kinds/dress.js';
import { HANDBAGS } from './kinds/handbag.js';
import { HATS } from './kinds/hat.js';
import { HEADPHONES } from './kinds/headphones.js';
import { LAMPS } from './kinds/lamp.js';
import { MUGS } from './kinds/mug.js';
import { PLANT_POTS } from './kinds/plant-pot.js';
import { SNEAKERS } from './kinds/sneaker.js';
import { SOFAS } from './kinds/sofa.js';
import { SUNGLASSES } from './kinds/sunglasses.js';
import { T_SHIRTS } from './kinds/t-shirt.js';
import { UMBRELLAS } from './kinds/umbrella.js';
import { WATCHES } from './kinds/watch.js';

/** Every kind of the demo, in the order in which products of them take turns. */
export const DEMO_KINDS: readonly DemoKind[] = [
  ...[MUGS, SNEAKERS, LAMPS, DRESSES, CHAIRS, BACKPACKS, WATCHES, PLANT_POTS, SUNGLASSES, SOFAS, T_SHIRTS, BOTTLES],
  ...[HEADPHONES, HATS, HANDBAGS, UMBRELLAS],
];
