import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';
import { DownloadError, downloadFile, type FileDownload } from '../../src/services/clip/download-file.js';
import { startModelHub, type ModelHub } from '../support/model-hub.js';

const LARGE = 'onnx/vision_model.onnx';
const SMALL = 'config.json';

let hub: ModelHub;
let folder: string;

beforeEach(async () => {
  hub = await startModelHub();
  folder = await mkdtemp(join(tmpdir(), 'lookalike-download-'));
  return async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  };
});

async function download(file: string, changes: Partial<FileDownload> = {}): Promise<Buffer> {
  const path = join(folder, file);
  const url = `${hub.endpoint}${hub.modelId}/resolve/main/${file}`;
  await downloadFile({ url, path, token: null, stallMs: 20_000, onProgress: () => undefined, ...changes });
  return readFile(path);
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  const error = await attempt.then(
    () => expect.fail('The download succeeded.'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(DownloadError);
  return (error as DownloadError).failure;
}

const original = async (file: string) => readFile(join(bundledModelFolder, file));
/** What was asked of the storage after the first request for a file. */
const ranges = () => hub.requests.flatMap(({ path, range }) => (path.startsWith('/storage/') ? (range ?? []) : []));

describe('a download', () => {
  test.each([SMALL, LARGE])('brings %s, byte for byte, and leaves nothing else', async (file) => {
    expect((await download(file)).equals(await original(file))).toBe(true);
    expect(await readdir(join(folder, file, '..'))).toHaveLength(1);
  });

  test('tells how far it is', async () => {
    const steps: [number, number | null][] = [];
    await download(LARGE, { onProgress: (done, total) => steps.push([done, total]) });
    const { length } = await original(LARGE);
    expect(steps.at(-1)).toEqual([length, length]);
    expect(steps.length).toBeGreaterThan(1);
  });

  test('is taken up again where the connection broke off', async () => {
    hub.faults.set(LARGE, { kind: 'cut', afterBytes: 1_000_000, times: 2 });
    expect((await download(LARGE)).equals(await original(LARGE))).toBe(true);
    expect(ranges()).toHaveLength(2);
  });

  test('that died with its process is not taken for the file, and resumed by the next', async () => {
    // Throwing here leaves what a process leaves that is killed here: the bytes that were written.
    const killed = download(LARGE, {
      onProgress: (done) => {
        if (done > 1_000_000) throw new Error('The process is killed.');
      },
    });
    await expect(killed).rejects.toThrow('The process is killed.');
    expect(existsSync(join(folder, LARGE))).toBe(false);
    const [partial = ''] = await readdir(join(folder, 'onnx'));
    expect(partial).toMatch(/\.part$/);
    expect((await download(LARGE)).equals(await original(LARGE))).toBe(true);
    expect(ranges()).toHaveLength(1);
    expect(await readdir(join(folder, 'onnx'))).toEqual(['vision_model.onnx']);
  });

  test('by two processes at once comes to one whole file', async () => {
    const [one, other] = await Promise.all([download(LARGE), download(LARGE)]);
    expect(one.equals(await original(LARGE))).toBe(true);
    expect(other.equals(one)).toBe(true);
    expect(await readdir(join(folder, 'onnx'))).toEqual(['vision_model.onnx']);
  });

  test('gives the token to the hub', async () => {
    await download(SMALL, { token: 'hf_secret' });
    expect(hub.requests.map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
  });

  test('does not give the token to the storage that the hub refers to', async () => {
    const storage = await startModelHub();
    onTestFinished(() => storage.close());
    hub.storage = storage.endpoint;
    await download(LARGE, { token: 'hf_secret' });
    expect(hub.requests.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true);
    expect(storage.requests).toHaveLength(1);
    expect(storage.requests[0]?.authorization).toBeNull();
  });
});

describe('a download fails, and leaves no file,', () => {
  test('when other bytes come than the hub announced; the next one starts afresh', async () => {
    hub.faults.set(LARGE, { kind: 'damaged' });
    expect(await failureOf(download(LARGE))).toEqual({ kind: 'damaged' });
    expect(await readdir(join(folder, 'onnx'))).toEqual([]);
    hub.faults.clear();
    expect((await download(LARGE)).equals(await original(LARGE))).toBe(true);
  });

  test('when the connection breaks off again and again without a byte', async () => {
    hub.faults.set(LARGE, { kind: 'cut', afterBytes: 0, times: 99 });
    expect(await failureOf(download(LARGE))).toEqual({ kind: 'network' });
    expect(existsSync(join(folder, LARGE))).toBe(false);
  });

  test('when the hub falls silent', async () => {
    hub.faults.set(LARGE, { kind: 'silent' });
    expect(await failureOf(download(LARGE, { stallMs: 2000 }))).toEqual({ kind: 'network' });
    expect(hub.requests.map(({ path }) => path)).toContain(`/storage/${LARGE}`);
  });

  test('when there is no hub', async () => {
    await hub.close();
    expect(await failureOf(download(LARGE))).toEqual({ kind: 'network' });
  });

  test.each([404, 500])('when the hub answers %i', async (status) => {
    hub.faults.set(LARGE, { kind: 'status', status, errorCode: 'EntryNotFound' });
    expect(await failureOf(download(LARGE))).toEqual({ kind: 'status', status, errorCode: 'EntryNotFound' });
  });

  test('when it can not be written', async () => {
    await writeFile(join(folder, 'onnx'), 'a file where a folder has to be');
    expect(await failureOf(download(LARGE))).toMatchObject({ kind: 'disk', code: 'EEXIST' });
  });
});
