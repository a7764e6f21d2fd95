import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** True where the sources run as they are (tsx, vitest); false in the bundle that `npm run build` makes in `dist/`. */
const runsFromSource = import.meta.url.endsWith('.ts');

/** The folder that has package.json, migrations/ and models/. `src/` and `dist/` both lie directly in it. */
export const projectRoot: string = fileURLToPath(new URL('..', import.meta.url));

/** The folder of the built page; null where it is not built. */
export function findWebRoot(): string | null {
  const folder = join(projectRoot, 'dist', 'web');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

/**
 * Where the code of a worker thread is.
 *
 * @param module - path of the module below `src/`, without its extension: `db/embedded-postgres-worker`. Its file name is
 *   unique in the project, so that the flat `dist/` can hold it.
 */
export function workerModuleUrl(module: string): URL {
  const file = runsFromSource ? `./${module}.ts` : `./${basename(module)}.js`;
  return new URL(file, import.meta.url);
}
