import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { projectRoot } from '../../src/paths.js';

/** Images a chunk, so that a run over some dozen images has several. */
const SMALL_CHUNK = 5;

/** Runs are cut as they are, only finer. */
const smallChunks: Plugin = {
  name: 'small-chunks',
  setup: (build) => {
    build.onLoad({ filter: /\bbackfill-chunks\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(/CHUNK_SIZE = \d+;/, `CHUNK_SIZE = ${SMALL_CHUNK};`);
      if (contents === source) throw new Error('The size of a chunk is not where it was.');
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Bundles the worker program of these tests: it starts in a fraction of the time that the sources take. The bundle lies where
 * it finds the packages, and takes itself for one in `dist/`.
 *
 * @returns The path of the program, and what removes it.
 */
export async function bundleChaosWorker(): Promise<{ program: string; remove: () => void }> {
  const cache = join(projectRoot, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'lookalike-chaos-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const program = join(folder, 'chaos-worker.mjs');
  await build({
    entryPoints: [join(projectRoot, 'test', 'chaos', 'chaos-worker.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(projectRoot, 'dist', 'chaos-worker.js')).href) },
    plugins: [smallChunks],
  });
  return { program, remove };
}
