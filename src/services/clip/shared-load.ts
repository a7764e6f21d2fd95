/** Milliseconds after a failure in which it is not tried again. */
export const RETRY_AFTER_MS = 10_000;

export interface SharedLoadOptions<T> {
  load: () => Promise<T>;
  /** Milliseconds, from any start. */
  now?: (() => number) | undefined;
}

type State<T> =
  | { kind: 'idle' }
  | { kind: 'loading'; loading: Promise<T> }
  | { kind: 'loaded'; value: T }
  | { kind: 'failed'; error: unknown; atMs: number };

/** Loads something slow when it is first asked for: once, however many ask, and again after a failure, though not at once. */
export class SharedLoad<T> {
  private state: State<T> = { kind: 'idle' };

  constructor(private readonly options: SharedLoadOptions<T>) {}

  /**
   * @throws what `load` throws. For ten seconds everyone gets the same error; whoever asks after that has it tried again.
   */
  async get(): Promise<T> {
    const { state } = this;
    switch (state.kind) {
      case 'loaded':
        return state.value;
      case 'loading':
        return state.loading;
      case 'failed':
        if (this.now() - state.atMs < RETRY_AFTER_MS) throw state.error;
        return this.load();
      case 'idle':
        return this.load();
    }
  }

  /** What is loaded; null while it is not. */
  loaded(): T | null {
    return this.state.kind === 'loaded' ? this.state.value : null;
  }

  /** Waits for what is being loaded. Null where nothing is, or it came to nothing. */
  async settled(): Promise<T | null> {
    return this.state.kind === 'loading' ? this.state.loading.catch(() => null) : this.loaded();
  }

  private load(): Promise<T> {
    const loading = this.options.load().then(
      (value) => {
        this.state = { kind: 'loaded', value };
        return value;
      },
      (error: unknown) => {
        this.state = { kind: 'failed', error, atMs: this.now() };
        throw error;
      },
    );
    this.state = { kind: 'loading', loading };
    return loading;
  }

  private now(): number {
    return (this.options.now ?? performance.now.bind(performance))();
  }
}
