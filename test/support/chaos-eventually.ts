import { setTimeout as pause } from 'node:timers/promises';

/** Only a broken program takes as long, on a machine however busy. */
const PATIENCE_MS = 90_000;

const ASK_EVERY_MS = 100;

/**
 * Asks until the answer is yes, a few times a second: each question is a statement for a database that workers need too.
 *
 * @throws Error with `what` where it does not come.
 */
export async function eventually(what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await pause(ASK_EVERY_MS);
  }
}
