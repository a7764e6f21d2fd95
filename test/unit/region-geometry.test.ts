import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeRegion,
  growRegion,
  HANDLES,
  isSameRegion,
  moveRegion,
  regionBetween,
  resizeRegion,
  SMALLEST_SIDE,
  type Region,
} from '../../web/src/search/photo/region-geometry.js';
import { pressKey } from '../../web/src/search/photo/region-keys.js';

const region: Region = { x: 0.2, y: 0.3, width: 0.4, height: 0.5 };

describe('drawing a region', () => {
  it('takes two opposite corners in any order', () => {
    const drawn = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
    expect(regionBetween({ x: 0.1, y: 0.2 }, { x: 0.4, y: 0.6 })).toEqual(drawn);
    expect(regionBetween({ x: 0.4, y: 0.6 }, { x: 0.1, y: 0.2 })).toEqual(drawn);
    expect(regionBetween({ x: 0.4, y: 0.2 }, { x: 0.1, y: 0.6 })).toEqual(drawn);
  });

  it('ends at the edges of the photo, however far the pointer goes', () => {
    expect(regionBetween({ x: 0.5, y: 0.5 }, { x: 7, y: -3 })).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
    expect(regionBetween({ x: -1, y: -1 }, { x: 2, y: 2 })).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it('makes a slip of the hand as large as the smallest region, on the side it went to', () => {
    expect(regionBetween({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.49 })).toEqual({
      x: 0.5,
      y: 0.45,
      width: 0.05,
      height: 0.05,
    });
  });

  it('keeps the smallest region within the photo where it begins at an edge', () => {
    expect(regionBetween({ x: 1, y: 0 }, { x: 1, y: 0 })).toEqual({ x: 0.95, y: 0, width: 0.05, height: 0.05 });
    expect(regionBetween({ x: 0.01, y: 0.99 }, { x: 0, y: 1 })).toEqual({ x: 0, y: 0.95, width: 0.05, height: 0.05 });
  });
});

describe('moving a region', () => {
  it('keeps its size', () => {
    expect(moveRegion(region, { dx: 0.1, dy: -0.1 })).toEqual({ ...region, x: 0.3, y: 0.2 });
  });

  it('stops at the edges', () => {
    expect(moveRegion(region, { dx: 5, dy: 5 })).toEqual({ ...region, x: 0.6, y: 0.5 });
    expect(moveRegion(region, { dx: -5, dy: -5 })).toEqual({ ...region, x: 0, y: 0 });
  });
});

describe('resizing a region', () => {
  it('moves the edges that the handle belongs to, and no other', () => {
    const distance = { dx: 0.1, dy: 0.1 };
    expect(Object.fromEntries(HANDLES.map((handle) => [handle, resizeRegion(region, handle, distance)]))).toEqual({
      'top-left': { x: 0.3, y: 0.4, width: 0.3, height: 0.4 },
      top: { x: 0.2, y: 0.4, width: 0.4, height: 0.4 },
      'top-right': { x: 0.2, y: 0.4, width: 0.5, height: 0.4 },
      right: { x: 0.2, y: 0.3, width: 0.5, height: 0.5 },
      'bottom-right': { x: 0.2, y: 0.3, width: 0.5, height: 0.6 },
      bottom: { x: 0.2, y: 0.3, width: 0.4, height: 0.6 },
      'bottom-left': { x: 0.3, y: 0.3, width: 0.3, height: 0.6 },
      left: { x: 0.3, y: 0.3, width: 0.3, height: 0.5 },
    });
  });

  it('turns the region over when a handle goes past the opposite edge', () => {
    expect(resizeRegion(region, 'left', { dx: 0.6, dy: 0 })).toEqual({ ...region, x: 0.6, width: 0.2 });
    expect(resizeRegion(region, 'bottom', { dx: 0, dy: -0.7 })).toEqual({ ...region, y: 0.1, height: 0.2 });
  });

  it('keeps the smallest size beside the opposite edge', () => {
    expect(resizeRegion(region, 'right', { dx: -0.39, dy: 0 })).toEqual({ ...region, width: 0.05 });
    expect(resizeRegion(region, 'top-left', { dx: 0.39, dy: 0.49 })).toEqual({
      x: 0.55,
      y: 0.75,
      width: 0.05,
      height: 0.05,
    });
  });
});

describe('growing a region', () => {
  it('moves its right and its lower edge, up to those of the photo', () => {
    expect(growRegion(region, { dx: 0.1, dy: -0.1 })).toEqual({ ...region, width: 0.5, height: 0.4 });
    expect(growRegion(region, { dx: 9, dy: 9 })).toEqual({ ...region, width: 0.8, height: 0.7 });
  });

  it('never turns it over', () => {
    expect(growRegion(region, { dx: -9, dy: -9 })).toEqual({ ...region, width: 0.05, height: 0.05 });
  });
});

describe('any region', () => {
  const anywhere = fc.double({ min: -3, max: 3, noNaN: true });
  const point = fc.record({ x: anywhere, y: anywhere });
  const distance = fc.record({ dx: anywhere, dy: anywhere });
  const drawn = fc.tuple(point, point).map(([from, to]) => regionBetween(from, to));

  const expectValid = ({ x, y, width, height }: Region): void => {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(SMALLEST_SIDE);
    expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1);
  };

  it('lies within the photo, is not too small, and keeps to its grain, whatever is done to it', () => {
    fc.assert(
      fc.property(drawn, distance, fc.constantFrom(...HANDLES), (start, by, handle) => {
        for (const next of [start, moveRegion(start, by), resizeRegion(start, handle, by), growRegion(start, by)]) {
          expectValid(next);
          for (const side of Object.values(next) as number[]) expect(side).toBe(Math.round(side * 10_000) / 10_000);
        }
      }),
    );
  });

  it('never reaches past 1 by the way numbers are rounded', () => {
    for (let grains = 0; grains <= 9_500; grains += 1) {
      expectValid(regionBetween({ x: grains / 10_000, y: 0 }, { x: 1, y: 1 }));
    }
  });

  it('is the same as one of the same numbers, and other than the whole', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        expect(isSameRegion(one, { ...one })).toBe(true);
        expect(isSameRegion(one, null)).toBe(false);
        expect(isSameRegion(one, { ...one, x: one.x + 0.0001 })).toBe(false);
      }),
    );
    expect(isSameRegion(null, null)).toBe(true);
  });

  it('is described in whole percents', () => {
    expect(describeRegion({ x: 0.2, y: 0.1, width: 0.5, height: 0.3951 })).toBe(
      'left 20%, top 10%, width 50%, height 40%',
    );
  });
});

describe('a key', () => {
  const plain = { shiftKey: false, altKey: false, ctrlKey: false };

  it('moves the region by a hundredth, and with Shift by five', () => {
    expect(pressKey(region, { ...plain, key: 'ArrowRight' })).toEqual({ ...region, x: 0.21 });
    expect(pressKey(region, { ...plain, key: 'ArrowUp', shiftKey: true })).toEqual({ ...region, y: 0.25 });
  });

  it('resizes it with Alt or Ctrl', () => {
    expect(pressKey(region, { ...plain, key: 'ArrowLeft', altKey: true })).toEqual({ ...region, width: 0.39 });
    expect(pressKey(region, { ...plain, key: 'ArrowDown', ctrlKey: true, shiftKey: true })).toEqual({
      ...region,
      height: 0.55,
    });
  });

  it('means nothing where it is no arrow', () => {
    expect(pressKey(region, { ...plain, key: 'a' })).toBeNull();
    expect(pressKey(region, { ...plain, key: 'constructor' })).toBeNull();
  });

  it('comes back to where it was after as many presses the other way', () => {
    let moved = region;
    for (let press = 0; press < 15; press += 1) moved = pressKey(moved, { ...plain, key: 'ArrowRight' }) ?? moved;
    for (let press = 0; press < 15; press += 1) moved = pressKey(moved, { ...plain, key: 'ArrowLeft' }) ?? moved;
    expect(moved).toEqual(region);
  });
});
