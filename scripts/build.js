/**
 * Builds `dist/`: the two programs, their worker threads and what they share, with packages left in node_modules, and the page
 * that the server sends. Then the kit for frontends, `packages/apollo/dist/`.
 */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build as buildPage } from 'vite';
import { bundlePrograms } from './bundle-programs.js';
import { generateDocuments } from './generate-documents.js';
import { pageDocuments } from './page-documents.js';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

await Promise.all(
  [path('dist'), path('packages/apollo/dist')].map((folder) => rm(folder, { recursive: true, force: true })),
);
await generateDocuments();
await bundlePrograms('dist');
await buildPage({ configFile: path('web/vite.config.ts'), logLevel: 'warn' });
await writeFile(path('dist/web/documents.json'), JSON.stringify(await pageDocuments()));
await promisify(execFile)(process.execPath, [
  path('node_modules/typescript/bin/tsc'),
  ...['-p', path('packages/apollo'), '--noEmit', 'false'],
]);
