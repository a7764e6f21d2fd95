import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { workerModuleUrl } from './paths.js';

/**
 * Starts one of the project's own modules in a worker thread, built or from source.
 *
 * Node does not hand `--import` hooks on to worker threads in a way that reaches their entry file, so from source the
 * thread starts with two lines that register tsx first. tsx is a development dependency; the built code never asks for it.
 *
 * @param module - as for {@link workerModuleUrl}.
 */
export function startWorker(module: string, options: WorkerOptions): Worker {
  const url = workerModuleUrl(module);
  return new Worker(url.pathname.endsWith('.ts') ? throughTsx(url) : url, options);
}

function throughTsx(url: URL): URL {
  // `require.resolve` answers with the CommonJS build, whose `register` looks for its hooks in the wrong folder.
  const build = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const tsx = pathToFileURL(build).href;
  const code = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(url.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
