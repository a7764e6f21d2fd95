/**
 * Lets happen to backfills what can happen, for as many seeds as asked: `npm run chaos`. One scenario again:
 * `npm run chaos -- --seed 7 --only "kill at decoded"`.
 */
import { parseArgs } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startGround } from '../support/chaos-ground.js';
import { setup, teardown, type DatabaseTemplates } from '../support/database-template.js';
import type { Scenario } from './scenario.js';
import { courseScenarios, killScenarios, longScenarios, plainScenarios } from './scenarios.js';

/** Makes more than 400 kills. */
const SEEDS = 15;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: String(SEEDS) },
    only: { type: 'string', default: '' },
    lanes: { type: 'string', default: '3' },
  },
});

function seedsAsked(): number[] {
  if (values.seed !== undefined) return [Number(values.seed)];
  return Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
}

/** What vitest would be given. */
async function makeTemplates(): Promise<DatabaseTemplates> {
  const provided = new Map<string, unknown>();
  await setup({ provide: (key: string, value: unknown) => provided.set(key, value) } as unknown as TestProject);
  return provided.get('databaseTemplates') as DatabaseTemplates;
}

const sums = { passed: 0, failed: 0, kills: 0 };

async function playAll(queue: Scenario[], templates: DatabaseTemplates): Promise<void> {
  const ground = await startGround(templates);
  for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
    const startedMs = performance.now();
    const { faults, kills } = await scenario
      .play(ground)
      .catch((error: unknown) => ({ faults: [String(error)], kills: 0 }));
    sums.kills += kills;
    sums[faults.length === 0 ? 'passed' : 'failed'] += 1;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`${faults.length === 0 ? 'passed' : 'FAILED'}  ${scenario.name}  (${seconds} s, ${kills} kills)`);
    for (const fault of faults) console.log(`    ${fault}`);
  }
  await ground.close();
}

// So that what is killed with the process is: see the pool of workers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const seeds = seedsAsked();
const everything = [
  ...longScenarios(seeds[0] ?? 1),
  ...plainScenarios,
  ...seeds.flatMap((seed) => [...courseScenarios(seed), ...[1, 3].flatMap((workers) => killScenarios(workers, seed))]),
];
const queue = everything.filter(({ name }) => name.includes(values.only));
console.log(`Seeds ${seeds.join(', ')}: ${queue.length} scenarios.`);
const templates = await makeTemplates();
await Promise.all(Array.from({ length: Number(values.lanes) }, () => playAll(queue, templates)));
await teardown();
console.log(`${sums.kills} kills in ${Math.round(performance.now() / 1000)} s.`);
console.log(`${sums.passed} passed, ${sums.failed} failed`);
process.exit(sums.failed === 0 && sums.passed > 0 ? 0 : 1);
