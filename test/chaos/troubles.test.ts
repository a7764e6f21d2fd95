import { describe } from 'vitest';
import { playAsTests } from '../support/chaos-tests.js';
import { courseScenarios } from './scenarios.js';

describe('a run of several workers comes to its end with everything in place where', () => {
  playAsTests(courseScenarios(2));
});
