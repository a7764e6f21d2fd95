import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { projectRoot } from '../../src/paths.js';
import type { Close } from '../../src/types.js';
import { until } from './until.js';

/** The demo, in a process of its own. */
export interface Demo {
  /** `http://localhost:4000/` */
  url: string;
  /** The folder of its photographs. */
  images: string;
  adminToken: string;
  close: Close;
}

const ADMIN_TOKEN = 'the-admin-token-of-the-demo';

/** It takes some 30 seconds on two cores. */
const EMBEDDING_TIMEOUT_MS = 170_000;

export interface DemoOptions {
  /** A folder that stays, so that the next start is quick; a new one that goes with the demo by default. */
  keptFolder?: string | undefined;
  /** Pictures that are drawn already, and which of them are taken over; the rest is drawn, by default all. */
  pictures?: { folder: string; isTaken: (path: string) => boolean } | undefined;
}

/** Starts the demo, and waits until all of it is embedded. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const demo = await launchDemo(options);
  await until('the demo is embedded', () => isEmbedded(demo.url), EMBEDDING_TIMEOUT_MS);
  return demo;
}

/** Starts the demo as a newcomer does, from what `npm run build` made: ready, with everything still to embed. */
export async function launchDemo({ keptFolder, pictures }: DemoOptions = {}): Promise<Demo> {
  if (!existsSync(join(projectRoot, 'dist', 'web', 'index.html'))) {
    throw new Error('The page is not built: `npm run build` does it.');
  }
  const folder = keptFolder ?? (await mkdtemp(join(tmpdir(), 'lookalike-e2e-')));
  if (pictures !== undefined) {
    const filter = (path: string): boolean => !path.endsWith('.jpg') || pictures.isTaken(path);
    await cp(pictures.folder, join(folder, 'data', 'demo'), { recursive: true, filter });
  }
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'main.js')], {
    cwd: folder,
    env: { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), PORT: '0', ADMIN_TOKEN, LOG_FORMAT: 'json' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close: Close = async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
    if (keptFolder === undefined) await rm(folder, { recursive: true, force: true });
  };
  const url = await addressOf(child);
  return { url, images: join(folder, 'data', 'demo'), adminToken: ADMIN_TOKEN, close };
}

/** From the line that says that it is ready. */
function addressOf(child: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    child.once('exit', () => {
      reject(new Error(`The demo ended: ${lines.join('\n')}`));
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const { msg, url } = JSON.parse(line) as { msg: string; url?: string };
      if (msg === 'Lookalike is ready' && url !== undefined) resolve(url);
    });
  });
}

async function isEmbedded(url: string): Promise<boolean> {
  const query = '{ embeddingStatus { coverage { total embedded } } }';
  const response = await fetch(`${url}graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': 'true' },
  });
  const { data } = (await response.json()) as {
    data: { embeddingStatus: { coverage: { total: number; embedded: number } } };
  };
  const { total, embedded } = data.embeddingStatus.coverage;
  return total > 0 && total === embedded;
}
