import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { killScenario, STAGES } from './kill-matrix.js';

describe('a run of three workers of which some are killed is put right by the others', () => {
  playAsTests(STAGES.map((stage) => killScenario({ stage, workers: 3, seed: 1 })));
});
