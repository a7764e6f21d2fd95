/** Builds `dist/`: the two programs, their worker threads, and what they share. Packages stay in node_modules. */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: [
    'src/main.ts',
    'src/cli.ts',
    'src/services/clip/encoder-worker.ts',
    'src/db/embedded-postgres-worker.ts',
  ],
  outdir: 'dist',
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
