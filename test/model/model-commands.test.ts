import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModelFolder } from '../../src/services/clip/clip-models.js';
import { IMAGES, startProcessShop, type ProcessShop } from '../support/process-shop.js';
import { startProgram, type Ended } from '../support/run-cli.js';

/** A folder with the files of the bundled model: another model by its name. */
const OTHER = 'other-clip';

let shop: ProcessShop;
let folder: string;

beforeAll(async () => {
  shop = await startProcessShop();
  folder = await mkdtemp(join(tmpdir(), 'lookalike-models-'));
  await cp(bundledModelFolder, join(folder, OTHER), { recursive: true });
});

afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<Ended> => startProgram('cli', args, shop.env).ended;

/** Several programs are started one after another, and some load the model. */
const SLOW = { timeout: 120_000 };

describe('moving to another model from the command line', SLOW, () => {
  it('says that there is none as long as nothing was embedded', async () => {
    const message = 'There is no model yet: `lookalike backfill` embeds with the one of CLIP_MODEL.\n';
    expect(await run('models', 'status')).toMatchObject({ code: 0, stdout: message });
  });

  it('embeds with the other one, whose name then stands for its folder', async () => {
    expect((await run('backfill')).code).toBe(0);
    expect((await run('backfill', '--model', join(folder, OTHER))).code).toBe(0);
    const again = await run('backfill', '--model', OTHER);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain(`0 embedded, ${IMAGES} were already, 0 failed.`);
    expect((await run('backfill', '--model', OTHER, '--dry-run')).stdout).toContain(`images:           ${IMAGES}\n`);
    const { stdout } = await run('models', 'status');
    expect(stdout).toMatch(/^ {2}other-clip +512 +STANDBY +59 +59 of 60 images \(98\.3 %\)$/m);
    expect(stdout).toMatch(/^\* tiny-clip +512 +ACTIVE +59 +59 of 60 images \(98\.3 %\)$/m);
  });

  it('switches only where enough is embedded, and says how to go back', async () => {
    const refused = await run('models', 'activate', OTHER, '--min-coverage', '0.99');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('has embedded 59 of 60 images, a coverage of 0.9833, and `minCoverage` is 0.99.');
    expect(await run('models', 'activate', OTHER)).toMatchObject({
      code: 0,
      stdout:
        'The model other-clip answers searches now, in every server within two seconds.\n' +
        'To go back: lookalike models activate tiny-clip\n',
    });
    expect((await run('models', 'activate', OTHER)).stdout).toBe('The model other-clip answers searches already.\n');
    expect((await run('models', 'status')).stdout).toMatch(/^\* other-clip /m);
  });

  it('drops the old one, and never the one that answers', async () => {
    const refused = await run('models', 'drop', OTHER);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toBe(
      'lookalike: The model "other-clip" answers searches, so it can\'t be dropped. Activate another one first.\n',
    );
    expect(await run('models', 'drop', 'tiny-clip')).toMatchObject({
      code: 0,
      stdout: 'The model tiny-clip is gone, and all that belonged to it.\n',
    });
    expect(await shop.storedCount()).toBe(IMAGES - 1);
  });

  it('refuses what it can not do, in a sentence', async () => {
    expect((await run('models', 'activate', 'nobody')).stderr).toBe(
      'lookalike: There is no model "nobody" here. There are: other-clip.\n',
    );
    expect((await run('models', 'drop', 'nobody')).stderr).toBe(
      'lookalike: There is no model "nobody" here. There are: other-clip.\n',
    );
    const share = await run('models', 'activate', OTHER, '--min-coverage', '95');
    expect(share.code).toBe(1);
    expect(share.stderr).toContain("option '--min-coverage <share>' argument '95' is invalid. It must be from 0 to 1.");
    expect((await run('models', 'activte')).stderr).toContain("error: there is no command 'activte' below models");
  });
});
