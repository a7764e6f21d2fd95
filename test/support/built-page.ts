import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Close } from '../../src/types.js';

export const PAGE = '<!doctype html><title>The page</title>';
export const GRAPHIQL = '<!doctype html><title>GraphiQL</title>';

/** What browsers ask for when a person opens an address. */
export const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

export const CURL = { accept: '*/*' };

/** Long enough to be worth compressing. */
export const STYLES = 'p { margin: 0 }\n'.repeat(200);

const FILES = {
  'index.html': PAGE,
  'graphiql.html': GRAPHIQL,
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'site.webmanifest': '{}',
  '.secret': 'hidden',
  'assets/index-Bx3kQ9.js': 'void 0;',
  'assets/index-Q2cVb7.css': STYLES,
  'assets/.secret.js': 'hidden',
  '../package.json': '{"name":"hidden"}',
};

/** Makes a folder as the build of the page does, with a few files that are to stay hidden in and beside it. */
export async function makeBuiltPage(): Promise<{ webRoot: string; remove: Close }> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-web-'));
  const webRoot = join(folder, 'web');
  await mkdir(join(webRoot, 'assets', 'fonts'), { recursive: true });
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(webRoot, name), content);
  return { webRoot, remove: () => rm(folder, { recursive: true }) };
}

export interface Got {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks a server for a path as it stands: `fetch` would take its dots out first. */
export async function getAsSpelt(
  url: string,
  path: string,
  { headers = CURL, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
): Promise<Got> {
  const { hostname, port } = new URL(url);
  const asking = request({ hostname, port, path, headers, method });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const bytes = await buffer(answer);
  const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return { status: answer.statusCode, headers: answer.headers, body: plain.toString() };
}

/** The body of the answer that there is nothing at an address: `GET /unknown`. */
export function notFound(address: string): string {
  const message = `There is nothing at "${address}". The API is at /graphql.`;
  return JSON.stringify({ errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
}
