import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

// One copy of graphql: without this, vite loads its ES module and the packages its CommonJS one, and
// `instanceof GraphQLError` is false between them.
const alias = [{ find: /^graphql$/, replacement: require.resolve('graphql') }];

// What a group may need sets its limits. `retry` stays off: a test that passes at the second try is a defect.
const project = (name: string, extra: object = {}) => ({
  resolve: { alias },
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 30_000, hookTimeout: 60_000, ...extra },
});

const databases = ['test/support/database-template.ts'];
const programs = ['test/support/program-bundle.ts'];

export default defineConfig({
  test: {
    // Much of the time a test waits for a process or a database; all cores are kept busy so.
    maxWorkers: '100%',
    projects: [
      // Where files share a process, what they import is loaded once, and the two databases that test-shop.ts empties for each shop
      // are made once.
      project('unit', { isolate: false }),
      project('db', { globalSetup: databases, isolate: false }),
      project('api', { globalSetup: [...databases, ...programs], isolate: false }),
      project('model', { globalSetup: [...databases, ...programs], isolate: false }),
      // The page that `npm run build` made, in Chromium. Not part of `npm test`, which needs no browser.
      project('e2e', {
        globalSetup: [...databases, 'test/support/e2e-demo.ts'],
        isolate: false,
        testTimeout: 90_000,
        hookTimeout: 120_000,
      }),
      // What strangers may try. `npm run harden` does the same at length.
      project('harden', { globalSetup: [...databases, ...programs], testTimeout: 120_000, isolate: false }),
      // A scenario has deadlines of its own, and ends its processes when it has missed them.
      project('chaos', { globalSetup: databases, testTimeout: 300_000, isolate: false }),
    ],
  },
});
