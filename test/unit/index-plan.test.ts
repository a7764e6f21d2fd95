import { describe, expect, it } from 'vitest';
import { ivfflatLists, planIndex, type ExistingIndex } from '../../src/services/vector/index-plan.js';

const hnsw: ExistingIndex = { name: 'a_hnsw', kind: 'hnsw', isValid: true, lists: null };
const invalid: ExistingIndex = { ...hnsw, isValid: false };
const ivfflat: ExistingIndex = { name: 'a_ivf10', kind: 'ivfflat', isValid: true, lists: 10 };
const exactSearchRows = 100;

describe('the plan of an index', () => {
  it('is to do without one up to the limit of exact search', () => {
    const plan = planIndex({ rows: 100, existing: [], kind: 'hnsw', exactSearchRows });
    expect(plan).toEqual({ dropFirst: [], build: null, dropAfterwards: [] });
  });

  it('is to build one past the limit', () => {
    const plan = planIndex({ rows: 101, existing: [], kind: 'hnsw', exactSearchRows });
    expect(plan.build).toEqual({ kind: 'hnsw', suffix: 'hnsw' });
  });

  it('is to keep the one that is there, also when the table has shrunk', () => {
    const plan = planIndex({ rows: 5, existing: [hnsw], kind: 'hnsw', exactSearchRows });
    expect(plan).toEqual({ dropFirst: [], build: null, dropAfterwards: [] });
  });

  it('is to drop what a killed build left before building again', () => {
    const plan = planIndex({ rows: 101, existing: [invalid], kind: 'hnsw', exactSearchRows });
    expect(plan).toEqual({ dropFirst: [invalid], build: { kind: 'hnsw', suffix: 'hnsw' }, dropAfterwards: [] });
  });

  it('is to replace one of another kind, and only when the new one is there', () => {
    const plan = planIndex({ rows: 5000, existing: [hnsw], kind: 'ivfflat', exactSearchRows });
    expect(plan).toEqual({
      dropFirst: [],
      build: { kind: 'ivfflat', suffix: 'ivf10', lists: 10 },
      dropAfterwards: [hnsw],
    });
  });

  it('is to drop the one that is there where none is wanted', () => {
    const plan = planIndex({ rows: 101, existing: [hnsw], kind: 'none', exactSearchRows });
    expect(plan).toEqual({ dropFirst: [], build: null, dropAfterwards: [hnsw] });
  });

  it('is to build IVFFlat again when its lists are four times too long', () => {
    const kept = planIndex({ rows: 40_000, existing: [ivfflat], kind: 'ivfflat', exactSearchRows });
    expect(kept).toEqual({ dropFirst: [], build: null, dropAfterwards: [] });
    const outgrown = planIndex({ rows: 41_000, existing: [ivfflat], kind: 'ivfflat', exactSearchRows });
    expect(outgrown.build).toEqual({ kind: 'ivfflat', suffix: 'ivf41', lists: 41 });
    expect(outgrown.dropAfterwards).toEqual([ivfflat]);
  });
});

describe('ivfflatLists', () => {
  it.each([
    [100, 10],
    [50_000, 50],
    [1_000_000, 1000],
    [4_000_000, 2000],
  ])('makes of %i rows %i lists', (rows, lists) => {
    expect(ivfflatLists(rows)).toBe(lists);
  });
});
