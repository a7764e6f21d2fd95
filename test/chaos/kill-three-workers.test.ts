import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { killScenarios } from './scenarios.js';

describe('a run of three workers of which some are killed is put right by the others', () => {
  playAsTests(killScenarios(3, 1));
});
