import { setTimeout as pause } from 'node:timers/promises';

/** How long a test waits for something that must come. Only a broken program takes as long. */
const TIMEOUT_MS = 20_000;

/**
 * Asks again and again until there is an answer other than `undefined`, `null` and `false`.
 *
 * @throws Error with `what` when it does not come.
 */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | null | false> | Value | undefined | null | false,
  timeoutMs = TIMEOUT_MS,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await pause(10);
  }
}
