import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { startProgram, type Ended } from '../support/run-cli.js';

let vectors: TestDatabase;

beforeAll(async () => {
  vectors = await startTestDatabase();
});

afterAll(() => vectors.close());

function backfill(...args: string[]): Promise<Ended> {
  const env = { VECTOR_DATABASE_URL: vectors.url, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
  return startProgram('cli', ['backfill', ...args], env).ended;
}

/** Every one is a process of its own. */
const SLOW = { timeout: 120_000 };

describe('what lookalike backfill does not understand', SLOW, () => {
  const nobodys = randomUUID();

  it.each([
    ['an id that is none', ['pause', 'seven'], `"seven" can't be the id of a backfill, which is a UUID.`],
    ['an id that is none, to watch', ['--watch', 'seven'], `"seven" can't be the id of a backfill, which is a UUID.`],
    ["nobody's id", ['resume', nobodys], `There is no backfill with the id "${nobodys}".`],
    ["nobody's id, to watch", ['--watch', nobodys], `There is no backfill with the id "${nobodys}".`],
    ["nobody's id, to list failures of", ['failures', nobodys], `There is no backfill with the id "${nobodys}".`],
    ["nobody's id, to retry", ['retry', nobodys], `There is no backfill with the id "${nobodys}".`],
  ])('ends with 1 and a sentence: %s', async (_what, args, sentence) => {
    expect(await backfill(...args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `lookalike: ${sentence} \`lookalike backfill list\` shows them.\n`,
    });
  });

  it.each([
    ['a command that there is none of', ['puase'], "there is no command 'puase' below backfill"],
    ['an option before the command', ['--dry-run', 'cancel'], "option '--dry-run' is not for 'backfill cancel'"],
    ['an option of another command', ['list', '--scope', 'all'], "unknown option '--scope'"],
    ['an option that watching has no use for', ['--watch', nobodys, '--dry-run'], 'cannot be used with option'],
    ['a count of none', ['list', '-n', '0'], 'It must be a whole number from 1 to 10000.'],
    ['a reason that there is none of', ['retry', nobodys, '--reason', 'BAD'], 'Allowed choices are NOT_FOUND,'],
  ])('ends with 1 and help: %s', async (_what, args, sentence) => {
    const { code, stderr } = await backfill(...args);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });
});
