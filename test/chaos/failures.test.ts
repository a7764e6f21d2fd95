import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { failureScenarios, plainScenarios } from './scenarios.js';

describe('a run comes to its end with everything in place where', () => {
  playAsTests([...failureScenarios({ statement: 14, read: 6 }, 1), ...plainScenarios]);
});
