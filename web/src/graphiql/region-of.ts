import type { RegionInput } from '@lookalike/apollo';

/** The sides of a region as they were typed; what is empty is as in the whole photograph. */
export type RegionFieldTexts = Readonly<Record<keyof RegionInput, string>>;

export const WHOLE: RegionFieldTexts = { x: '', y: '', width: '', height: '' };

/** The region that was typed; null is the whole photograph. Whether there is such a region, the server says. */
export function regionOf(texts: RegionFieldTexts): RegionInput | null {
  if (Object.values(texts).every((text) => text === '')) return null;
  const x = numberOr(texts.x, 0);
  const y = numberOr(texts.y, 0);
  return { x, y, width: numberOr(texts.width, 1 - x), height: numberOr(texts.height, 1 - y) };
}

/** Whether two regions are the same part of a photograph. */
export function isSameRegion(one: RegionInput | null, other: RegionInput | null): boolean {
  if (one === null || other === null) return one === other;
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}

function numberOr(text: string, otherwise: number): number {
  return text === '' ? otherwise : Number(text);
}
