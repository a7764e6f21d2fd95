import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Scenario } from '../chaos/scenario.js';
import { startGround, type Ground } from './chaos-ground.js';

/** Plays scenarios one after another, each as a test. To be called once a file. */
export function playAsTests(scenarios: readonly Scenario[]): void {
  let ground: (Ground & { close: () => Promise<void> }) | null = null;
  beforeAll(async () => {
    ground = await startGround(inject('databaseTemplates'));
  });
  afterAll(() => ground?.close());
  it.each(scenarios)('$name', async (scenario) => {
    if (ground === null) throw new Error('There is no ground.');
    const { faults } = await scenario.play(ground);
    expect(faults).toEqual([]);
  });
}
