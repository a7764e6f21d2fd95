import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the programs, their worker threads and what they share, with packages left in node_modules.
 *
 * @param {string} outdir - folder that lies directly in the project's: the programs find the rest of it from there.
 * @param {readonly string[]} [others] - further programs to bundle.
 */
export async function bundlePrograms(outdir, others = []) {
  await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [
      'src/main.ts',
      'src/cli.ts',
      'src/services/clip/encoder-worker.ts',
      'src/db/embedded-postgres-worker.ts',
      ...others,
    ],
    outdir,
    entryNames: '[name]',
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
  });
}
