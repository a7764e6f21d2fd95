import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../src/paths.js';

/**
 * The pictures of the demo as they were drawn once, kept from one run to the next: to draw them takes half a minute of a core. They are of
 * the very sources of the demo; after any change of those there are none.
 *
 * @returns The folder, whether there are any or not.
 */
export async function drawnDemoFolder(): Promise<string> {
  const sources = join(projectRoot, 'demo');
  const hash = createHash('sha256');
  const files = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.ts'));
  for (const name of files.toSorted()) hash.update(name).update(await readFile(join(sources, name)));
  return join(projectRoot, 'node_modules', '.cache', 'lookalike-demo', hash.digest('hex'));
}

/** Keeps the pictures of a demo that has drawn all of them. */
export async function keepDrawnDemo(images: string): Promise<void> {
  const folder = await drawnDemoFolder();
  if (existsSync(folder)) return;
  const draft = join(dirname(folder), `${randomUUID()}.part`);
  await mkdir(dirname(folder), { recursive: true });
  await cp(images, draft, { recursive: true });
  // Another process may have kept the same pictures meanwhile.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
}
