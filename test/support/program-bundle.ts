import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundlePrograms } from '../../scripts/bundle-programs.js';
import { projectRoot } from '../../src/paths.js';
import type { Close } from '../../src/types.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the programs, below the project's. */
    programs: string;
  }
}

/** Bundles the programs once for all tests that start them: that takes a second, and the sources would take two at each start. */
export async function setup(project: TestProject): Promise<Close> {
  const folder = `dist-test-${process.pid}`;
  await bundlePrograms(folder, ['bench/evaluate.ts']);
  project.provide('programs', folder);
  return () => rm(join(projectRoot, folder), { recursive: true, force: true });
}
