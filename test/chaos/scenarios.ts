import { killScenario, STAGES } from './kill-matrix.js';
import type { Scenario } from './scenario.js';

/** Everything that a seed has. */
export function scenariosOf(seed: number): Scenario[] {
  return [1, 3].flatMap((workers) => STAGES.map((stage) => killScenario({ stage, workers, seed })));
}
