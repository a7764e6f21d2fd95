import { cancelledScenario, changedContentScenario, editedWhileEmbedded } from './changing-shop.js';
import { LONG_TROUBLES, QUICK_TROUBLES, troubleScenario } from './database-troubles.js';
import { frozenScenario } from './frozen-worker.js';
import { HTTP_MISHAPS, httpScenario } from './http-failures.js';
import { killScenario, STAGES } from './kill-matrix.js';
import type { Scenario } from './scenario.js';
import { clocksScenario, jobHandedOutTwice, startsAtOnce } from './shared-work.js';
import { slowHosts } from './slow-hosts.js';
import { MISHAPS, statementScenario } from './statement-failures.js';

export function killScenarios(workers: number, seed: number): Scenario[] {
  return STAGES.map((stage) => killScenario({ stage, workers, seed }));
}

/** @param every - of so many statements and reads one fails. */
export function failureScenarios(every: { statement: number; read: number }, seed: number): Scenario[] {
  return [
    ...MISHAPS.map((mishap) => statementScenario({ mishap, every: every.statement, seed })),
    ...HTTP_MISHAPS.map((mishap) => httpScenario({ mishap, every: every.read, seed })),
  ];
}

/** What befalls the shop and its workers, kills apart. */
export function courseScenarios(seed: number): Scenario[] {
  return [
    ...QUICK_TROUBLES.map((trouble) => troubleScenario(trouble, seed)),
    clocksScenario(seed),
    frozenScenario(seed),
    changedContentScenario(seed),
    cancelledScenario(seed),
  ];
}

/** What is the same for every seed. */
export const plainScenarios: readonly Scenario[] = [startsAtOnce, jobHandedOutTwice, editedWhileEmbedded, slowHosts];

/** What takes minutes. */
export function longScenarios(seed: number): Scenario[] {
  return [
    ...LONG_TROUBLES.map((trouble) => troubleScenario(trouble, seed)),
    ...failureScenarios({ statement: 1, read: 1 }, seed),
  ];
}
