import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { killScenarios } from './scenarios.js';

describe('a run whose only worker is killed is put right by the next one', () => {
  playAsTests(killScenarios(1, 1));
});
