import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type * as Esbuild from 'esbuild';
import { projectRoot, workerModuleUrl } from './paths.js';

/**
 * Starts one of the project's own modules in a worker thread, built or from source.
 *
 * Node does not hand `--import` hooks on to worker threads in a way that reaches their entry file, so from source the
 * module is bundled first. esbuild is a development dependency; the built code never asks for it.
 *
 * @param module - as for {@link workerModuleUrl}.
 */
export function startWorker(module: string, options: WorkerOptions): Worker {
  const url = workerModuleUrl(module);
  return new Worker(url.pathname.endsWith('.ts') ? bundled(url) : url, options);
}

/** What was bundled by this process, by the module's address. */
const bundles = new Map<string, URL>();

function bundled(url: URL): URL {
  const known = bundles.get(url.href) ?? bundle(url);
  bundles.set(url.href, known);
  return known;
}

/** As `npm run build` does it, into a file that has its digest for a name, so that processes do not meet. */
function bundle(url: URL): URL {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(url)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // The project's folder is found from where the programs lie.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(projectRoot, 'dist', 'worker.js')).href) },
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = join(projectRoot, 'node_modules', '.cache', 'lookalike-workers');
  const file = join(folder, `${createHash('sha256').update(code).digest('hex')}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const draft = `${file}.${process.pid}.part`;
    writeFileSync(draft, code);
    renameSync(draft, file);
  }
  return pathToFileURL(file);
}
