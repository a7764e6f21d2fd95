import { ModelUnavailableError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { EncoderThread, OnDeath } from './encoder-thread.js';

/** Starts a thread that calls `onDeath` when it ends by itself. */
export type StartThread<Input> = (onDeath: OnDeath) => Promise<EncoderThread<Input>>;

/** Deaths without a single batch in between, after which something is wrong that another start does not mend. */
const MAX_DEATHS_IN_A_ROW = 3;

/** The thread of a model's tower that is started again when it dies. A batch that comes meanwhile waits for the new one. */
export class RestartingThread<Input> {
  private current: Promise<EncoderThread<Input>>;
  private deathsInARow = 0;
  private isClosed = false;

  constructor(
    private readonly start: StartThread<Input>,
    private readonly log: Log,
  ) {
    this.current = start(this.onDeath);
  }

  /**
   * Resolves when the model is loaded.
   *
   * @returns the length of its vectors.
   * @throws what `start` throws.
   */
  async ready(): Promise<number> {
    return (await this.current).dimensions;
  }

  /**
   * @throws ServiceUnavailableError where the thread dies during this batch.
   * @throws ModelUnavailableError once it died too often.
   */
  async infer(batch: readonly Input[]): Promise<Float32Array> {
    const thread = await this.current;
    const outputs = await thread.infer(batch);
    this.deathsInARow = 0;
    return outputs;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    // A start that failed has nothing to close.
    const thread = await this.current.catch(() => null);
    await thread?.close();
  }

  private readonly onDeath = (cause: unknown): void => {
    if (this.isClosed) return;
    this.current = this.restart(cause);
    // Whoever infers next gets the rejection; without anyone it is no fault of its own.
    this.current.catch(() => undefined);
  };

  private async restart(cause: unknown): Promise<EncoderThread<Input>> {
    this.deathsInARow += 1;
    if (this.deathsInARow >= MAX_DEATHS_IN_A_ROW) throw this.givenUp(cause);
    this.log.error(
      { err: cause, deathsInARow: this.deathsInARow },
      'the thread of the model died and is started again',
    );
    try {
      return await this.start(this.onDeath);
    } catch (error) {
      return this.restart(error);
    }
  }

  private givenUp(cause: unknown): ModelUnavailableError {
    const message = `The model stopped ${MAX_DEATHS_IN_A_ROW} times in a row and is not started again: look for the reason in the log and restart the process.`;
    this.log.error({ err: cause }, 'the thread of the model died too often and stays down');
    return new ModelUnavailableError(message, { cause });
  }
}
