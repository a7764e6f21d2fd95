import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTelemetryVariables, withDotEnv } from '../../src/dot-env.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-dot-env-'));
  return () => rm(folder, { recursive: true });
});

describe('withDotEnv', () => {
  it('adds what the .env of the folder sets', async () => {
    await writeFile(join(folder, '.env'), '# The shop\nPORT=4100\nADMIN_TOKEN="with a space # and a hash"\n');
    expect(withDotEnv({ HOST: '0.0.0.0' }, folder)).toEqual({
      HOST: '0.0.0.0',
      PORT: '4100',
      ADMIN_TOKEN: 'with a space # and a hash',
    });
  });

  it('lets a variable of the environment win', async () => {
    await writeFile(join(folder, '.env'), 'PORT=4100\nHOST=0.0.0.0\n');
    expect(withDotEnv({ PORT: '4200' }, folder)).toEqual({ PORT: '4200', HOST: '0.0.0.0' });
  });

  it('is the environment alone where the folder has no .env', () => {
    expect(withDotEnv({ PORT: '4200' }, folder)).toEqual({ PORT: '4200' });
  });
});

describe('openTelemetryVariables', () => {
  it('are those that its libraries read by themselves', () => {
    const env = { PORT: '1', OTEL_TRACES_SAMPLER: 'always_off', ADMIN_TOKEN: 'x' };
    expect(openTelemetryVariables(env)).toEqual({ OTEL_TRACES_SAMPLER: 'always_off' });
  });
});
