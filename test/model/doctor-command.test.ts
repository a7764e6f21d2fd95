import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../support/run-cli.js';

test('lookalike doctor ends with 0 where there is no fault, and has all of it as JSON with 1 where there is one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-doctor-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const env = { DATA_DIR: dataDir, PORT: '0' };

  const well = await startProgram('cli', ['doctor'], { ...env, CLIP_MODLE: 'tiny-clip' }).ended;
  expect(well).toMatchObject({ code: 0, stderr: '' });
  expect(well.stdout).toContain(
    'warning  CLIP_MODLE is set and means nothing.\n           To fix: Set CLIP_MODEL instead.',
  );
  expect(well.stdout).toContain('ok       It tells pictures apart: 512 numbers a picture');
  expect(well.stdout).toMatch(/Faults: 0\. Warnings: 1\. As it should be: \d+\.\n$/);

  const settings = { ...env, ADMIN_TOKEN: 'hunter2', CLIP_MODEL: './nowhere' };
  const ill = await startProgram('cli', ['doctor', '--json', '--only', 'configuration', 'model'], settings).ended;
  expect(ill.code).toBe(1);
  expect(ill.stdout).not.toContain('hunter2');
  expect(JSON.parse(ill.stdout)).toMatchObject({
    isUsable: false,
    counts: { ok: 0, warning: 0, fault: 2 },
    findings: [
      {
        area: 'configuration',
        status: 'fault',
        fix: 'Correct or remove ADMIN_TOKEN; .env.example says what it takes.',
      },
      { area: 'model', status: 'fault', what: 'The folder of the model "nowhere" does not exist.' },
    ],
  });
});
