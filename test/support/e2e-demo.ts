import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import type { Close } from '../../src/types.js';
import { startDemo } from './demo-process.js';
import { drawnDemoFolder, keepDrawnDemo } from './drawn-demo.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the demo runs: `http://localhost:4000/`. */
    demoUrl: string;
    /** The folder of its photographs. */
    demoImages: string;
    demoAdminToken: string;
  }
}

/** One demo for all of the browser's tests, whose pictures are drawn where no earlier run has kept them. E2E_DATA_DIR names a folder that keeps it from one run to the next. */
export async function setup(project: TestProject): Promise<Close> {
  const folder = await drawnDemoFolder();
  const pictures = existsSync(folder) ? { folder, isTaken: () => true } : undefined;
  const demo = await startDemo({ keptFolder: process.env.E2E_DATA_DIR, pictures });
  // What a folder has kept may be of other sources.
  if (process.env.E2E_DATA_DIR === undefined) await keepDrawnDemo(demo.images);
  project.provide('demoUrl', demo.url);
  project.provide('demoImages', demo.images);
  project.provide('demoAdminToken', demo.adminToken);
  return demo.close;
}
