import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { killScenario, STAGES } from './kill-matrix.js';

describe('a run whose only worker is killed is put right by the next one', () => {
  playAsTests(STAGES.map((stage) => killScenario({ stage, workers: 1, seed: 1 })));
});
