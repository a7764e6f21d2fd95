import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { readConfiguration } from '../../src/doctor/check-configuration.js';
import { describeRoom } from '../../src/doctor/check-disk.js';
import { checkExposure } from '../../src/doctor/check-exposure.js';
import { faultIn } from '../../src/doctor/finding.js';
import { secretsHider } from '../../src/doctor/secrets.js';
import { editDistance } from '../../src/doctor/unknown-variables.js';

const SHOP = {
  DATABASE_URL: 'postgresql://reader:hunter2hunter2@db.example/shop',
  VECTOR_DATABASE_URL: 'postgresql://lookalike:hunter2hunter2@vectors.example/lookalike',
};
const SAFE = { ...SHOP, ADMIN_TOKEN: 'qvD0cM3yG1mUXo0QxFQ1lZ0mJmJ3cSgT', TRUST_PROXY: '1' };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-doctor-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const whats = (env: Record<string, string>): string[] =>
  checkExposure(loadConfig(env)).map(({ status, what }) => `${status}: ${what}`);

describe('the configuration', () => {
  it('is fine where nothing is set', () => {
    const { findings } = readConfiguration({ PATH: '/bin', HOSTNAME: 'a', DATABASE: 'b' }, folder);
    expect(findings).toEqual([
      {
        status: 'ok',
        what: 'There is no .env in this folder; every setting of the environment is accepted.',
        fix: null,
      },
    ]);
  });

  it('names the variable that a misspelt one is meant for, in the environment and in .env', async () => {
    await writeFile(join(folder, '.env'), 'clip-model=tiny-clip\nSOMETHING_ELSE=1\nPGSSLMODE=require\n', {
      mode: 0o600,
    });
    const { findings } = readConfiguration({ DATABSE_URL: 'x', WORKER: '2', HOSTNAME: 'a' }, folder);
    expect(findings.map(({ what, fix }) => `${what} ${fix ?? ''}`)).toEqual([
      'DATABSE_URL is set and means nothing. Set DATABASE_URL instead.',
      'SOMETHING_ELSE is set and means nothing. Remove it from .env; .env.example has what can be set.',
      'WORKER is set and means nothing. Set WORKERS instead.',
      'clip-model is set and means nothing. Set CLIP_MODEL instead.',
    ]);
  });

  it('has every fault at once, and the rest is read in spite of them', () => {
    const { config, faulty, findings } = readConfiguration(
      { ...SHOP, PORT: 'abc', BATCH_SIZE: '0', WORKERS: '3' },
      folder,
    );
    expect(findings.map(({ status }) => status)).toEqual(['fault', 'fault']);
    expect(findings[0]).toMatchObject({
      what: 'PORT: "abc" is not accepted: it must be a whole number from 0 to 65535.',
      fix: 'Correct or remove PORT; .env.example says what it takes.',
    });
    expect([...faulty]).toEqual(['PORT', 'BATCH_SIZE']);
    expect(config.backfill).toMatchObject({ workers: 3, batchSize: 100 });
    expect(config.server.port).toBe(4000);
  });

  it.skipIf(process.platform === 'win32')('tells of an .env that everybody may read', async () => {
    await writeFile(join(folder, '.env'), 'PORT=4001\n');
    await chmod(join(folder, '.env'), 0o644);
    expect(readConfiguration({}, folder).findings).toMatchObject([{ status: 'warning', fix: 'Run `chmod 640 .env`.' }]);
  });
});

describe('who may what', () => {
  it('is fine in the demo, and in a shop that is set up', () => {
    for (const env of [{}, SAFE]) expect(whats(env)).toEqual([expect.stringMatching(/^ok: /)]);
  });

  it('is to be looked at in a shop that sets databases only', () => {
    expect(whats(SHOP)).toEqual([
      expect.stringContaining('warning: ADMIN_TOKEN is not set'),
      expect.stringContaining('warning: TRUST_PROXY is not set'),
    ]);
  });

  it.each([
    [{ HOST: '0.0.0.0', GRAPHIQL: 'true', INTROSPECTION: 'false' }, 'GraphiQL is on where other machines reach it.'],
    [{ HOST: '0.0.0.0', INTROSPECTION: 'true' }, 'Strangers may ask for the whole schema.'],
    [{ ALLOWED_ORIGINS: '*' }, 'Pages of every site may call this server from a browser.'],
    [{ RATE_LIMIT_SEARCHES: '0' }, 'A client without a token may have any number of searches or photographs a minute.'],
    [{ ADMIN_TOKEN: 'changemechangeme' }, 'ADMIN_TOKEN has a token that can be guessed.'],
    [
      { JWT_JWKS_URL: 'https://login.example/keys', JWT_ISSUER: 'https://login.example/' },
      'A token that the identity provider made for any other service is good here too.',
    ],
    [
      { VECTOR_DATABASE_URL: SHOP.DATABASE_URL },
      'The vectors are kept in the catalogue database itself, with a user that may write there.',
    ],
  ])('warns of %o', (env, what) => {
    expect(whats({ ...SAFE, ...env })).toEqual([`warning: ${what}`]);
  });

  it('warns of a demo that other machines reach', () => {
    expect(whats({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('warning: The demo can be reached')]);
  });
});

describe('words', () => {
  it('keep what is wrong and how to fix it apart', () => {
    expect(faultIn('The disk is full (ENOSPC). Free some space.', '')).toMatchObject({
      what: 'The disk is full (ENOSPC).',
      fix: 'Free some space.',
    });
    expect(faultIn('There is no base for it: set IMAGE_ROOT.', '')).toMatchObject({
      what: 'There is no base for it.',
      fix: 'Set IMAGE_ROOT.',
    });
    expect(faultIn('There was no answer: none at all.', 'Look.')).toMatchObject({
      what: 'There was no answer: none at all.',
      fix: 'Look.',
    });
  });

  it('never have a secret', () => {
    const hide = secretsHider({ ...SAFE, HF_TOKEN: 'hf_abcdef', EMPTY: '', ODD: 'postgresql://me:p%40ss:word@db/x' });
    const text =
      'connect postgresql://reader:hunter2hunter2@db.example with qvD0cM3yG1mUXo0QxFQ1lZ0mJmJ3cSgT, hf_abcdef, p@ss:word';
    expect(hide(text)).toBe('connect postgresql://reader:…@db.example with …, …, …');
  });

  it('tell how much room is too little', () => {
    const gigabyte = 1024 ** 3;
    const statuses = [0.1, 1, 3].map((free) => describeRoom('DATA_DIR', free * gigabyte).status);
    expect(statuses).toEqual(['fault', 'warning', 'ok']);
  });

  it('are near where a letter is added, dropped, replaced or swapped', () => {
    expect(['PORT', 'PORTS', 'POT', 'PART', 'PROT', 'HOST'].map((word) => editDistance(word, 'PORT'))).toEqual([
      0, 1, 1, 1, 1, 2,
    ]);
  });
});
