import type { Log } from './log.js';
import type { Close } from './types.js';

/** What has been acquired so far, to be let go of in the opposite order: also when a start fails half-way. */
export class Closers {
  private readonly stack: { name: string; close: Close }[] = [];
  private closing: Promise<void> | null = null;

  constructor(private readonly log: Log) {}

  /** @param name - for the log, where letting go fails. */
  push(name: string, close: Close): void {
    this.stack.push({ name, close });
  }

  /** Closes everything, last first; one that fails is logged and does not keep the others open. Safe to call twice. */
  closeAll(): Promise<void> {
    this.closing = (this.closing ?? Promise.resolve()).then(() => this.closeStack());
    return this.closing;
  }

  private async closeStack(): Promise<void> {
    for (let entry = this.stack.pop(); entry !== undefined; entry = this.stack.pop()) {
      const { name, close } = entry;
      await close().catch((error: unknown) => {
        this.log.error({ err: error, name }, 'could not close');
      });
    }
  }
}
