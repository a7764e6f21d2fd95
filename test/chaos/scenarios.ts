import { LONG_TROUBLES, QUICK_TROUBLES, troubleScenario } from './database-troubles.js';
import { HTTP_MISHAPS, httpScenario } from './http-failures.js';
import { killScenario, STAGES } from './kill-matrix.js';
import type { Scenario } from './scenario.js';
import { MISHAPS, statementScenario } from './statement-failures.js';

/** What each seed has. */
export function scenariosOf(seed: number): Scenario[] {
  return [1, 3].flatMap((workers) => STAGES.map((stage) => killScenario({ stage, workers, seed })));
}

/** What is long, and done once. */
export function longScenarios(seed: number): Scenario[] {
  return [
    ...MISHAPS.map((mishap) => statementScenario({ mishap, every: 1, seed })),
    ...HTTP_MISHAPS.map((mishap) => httpScenario({ mishap, every: 1, seed })),
    ...[...QUICK_TROUBLES, ...LONG_TROUBLES].map((trouble) => troubleScenario(trouble, seed)),
  ];
}
