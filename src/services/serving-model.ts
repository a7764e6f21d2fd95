import { setTimeout as sleep } from 'node:timers/promises';
import { ModelUnavailableError, ServiceUnavailableError } from '../errors.js';
import type { Log } from '../log.js';
import type { Close, ModelIdentity } from '../types.js';
import type { EncoderPool } from './clip/encoder-pool.js';
import type { ClipEncoder } from './clip/image-encoder.js';
import type { EmbeddingModelStore, StoredModel } from './embedding-model-store.js';
import { checkDimensions } from './vector/partition.js';

export interface ServingModelOptions {
  models: Pick<EmbeddingModelStore, 'list'>;
  pool: Pick<EncoderPool, 'load' | 'loaded'>;
  log: Log;
}

/** Every process knows of a switch within this time and that of a statement. */
const TTL_MS = 1000;

/** How long a model that could not be loaded is left alone. */
const RETRY_MS = 30_000;

interface Try {
  encoder: Promise<ClipEncoder>;
  /** Until then there is no other. */
  untilMs: number;
}

/** Knows which model answers searches, and which encoder makes the vectors of new ones. */
export class ServingModel {
  private reading: { models: Promise<StoredModel[]>; readAtMs: number } | null = null;
  private readonly tries = new Map<string, Try>();
  /** What encoded new searches last. */
  private latest: ClipEncoder | null = null;

  constructor(
    private readonly options: ServingModelOptions,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /**
   * The model that answers searches, as it is at most a second ago.
   *
   * @throws ModelUnavailableError where none does.
   */
  async identity(): Promise<ModelIdentity> {
    const { name, dimensions } = activeOf(await this.list());
    return { name, dimensions };
  }

  /** All models by name, as they are at most a second ago. */
  list(): Promise<StoredModel[]> {
    const { reading } = this;
    if (reading !== null && this.nowMs() - reading.readAtMs < TTL_MS) return reading.models;
    const fresh = { models: this.options.models.list(), readAtMs: this.nowMs() };
    this.reading = fresh;
    fresh.models.catch(() => {
      if (this.reading === fresh) this.reading = null;
    });
    return fresh.models;
  }

  /** Forgets what it knows, after this process has changed something about the models. */
  refresh(): void {
    this.reading = null;
  }

  /**
   * What makes the vectors of new searches: the encoder of the active model once it is loaded, until then that of the model that
   * served before, whose embeddings are still there. It waits only where there is neither.
   *
   * @throws ModelUnavailableError where no model is active, or its encoder can't be loaded and none served before.
   */
  async encoder(): Promise<ClipEncoder> {
    const models = await this.list();
    const active = activeOf(models);
    const loaded = this.loaded(active);
    if (loaded !== null) return this.use(loaded);
    const loading = this.load(active);
    const { latest } = this;
    if (latest === null || !models.some(({ name }) => name === latest.model.name)) return this.use(await loading);
    loading.catch(() => undefined);
    return latest;
  }

  /**
   * The encoder of any model that there is room for.
   *
   * @throws ModelUnavailableError where it can't be loaded, or the model was dropped.
   */
  async encoderOf({ name }: Pick<ModelIdentity, 'name'>): Promise<ClipEncoder> {
    const model = (await this.list()).find((one) => one.name === name);
    if (model === undefined) throw new ModelUnavailableError(`The model "${name}" is not here any more.`);
    return this.loaded(model) ?? this.load(model);
  }

  /** Loads what encodes searches. A model that can't be loaded is logged and tried again later: products need none. */
  async prepare(): Promise<void> {
    await this.encoder().catch((error: unknown) => {
      if (!(error instanceof ModelUnavailableError)) throw error;
    });
  }

  /**
   * Whether new searches are encoded at once, without waiting for a model to be loaded.
   *
   * @throws ModelUnavailableError where they are not, or no model is active.
   */
  async checkWarm(): Promise<void> {
    const models = await this.list();
    const active = activeOf(models);
    const { latest } = this;
    if (this.loaded(active) !== null || models.some(({ name }) => name === latest?.model.name)) return;
    const hasFailed = Number.isFinite(this.tries.get(active.name)?.untilMs ?? Number.POSITIVE_INFINITY);
    throw new ModelUnavailableError(
      hasFailed
        ? `The model "${active.name}" could not be loaded; the log says why. It is tried again.`
        : `The model "${active.name}" is being loaded.`,
      { logLevel: 'debug' },
    );
  }

  /** Looks once a second whether another model answers, so that its encoder is being loaded before anybody asks. */
  follow(): Close {
    const stop = new AbortController();
    const following = this.lookUntil(stop.signal);
    return async () => {
      stop.abort();
      await following;
    };
  }

  private async lookUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // It must not wait for a model that takes its time: meanwhile another one may be made active.
      await this.list().catch(() => undefined);
      this.encoder().catch((error: unknown) => {
        if (!isForeseen(error)) this.options.log.error({ err: error }, 'could not look for the model of searches');
      });
      await sleep(TTL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private use(encoder: ClipEncoder): ClipEncoder {
    if (this.latest !== encoder)
      this.options.log.info({ model: encoder.model.name }, 'searches use this model from now on');
    this.latest = encoder;
    return encoder;
  }

  /** Null too where its vectors are not those that are stored, as a folder's files may have changed: loading it says so. */
  private loaded(model: StoredModel): ClipEncoder | null {
    const encoder = this.options.pool.loaded(model.name);
    return encoder?.model.dimensions === model.dimensions ? encoder : null;
  }

  private async loadChecked(model: StoredModel): Promise<ClipEncoder> {
    const encoder = await this.options.pool.load(model);
    checkDimensions(encoder.model, model.dimensions);
    return encoder;
  }

  /** A try is everybody's, and logged once, though many wait for it. */
  private load(model: StoredModel): Promise<ClipEncoder> {
    const { log } = this.options;
    const known = this.tries.get(model.name);
    if (known !== undefined && this.nowMs() < known.untilMs) return known.encoder;
    const current: Try = { encoder: this.loadChecked(model), untilMs: Number.POSITIVE_INFINITY };
    this.tries.set(model.name, current);
    current.encoder.then(
      () => this.tries.delete(model.name),
      (error: unknown) => {
        current.untilMs = this.nowMs() + RETRY_MS;
        log.error(
          { err: error, model: model.name },
          'the model can not be loaded for searches; it is tried again later',
        );
      },
    );
    return current.encoder;
  }
}

/** @throws ModelUnavailableError */
function activeOf(models: readonly StoredModel[]): StoredModel {
  const active = models.find(({ isActive }) => isActive);
  if (active !== undefined) return active;
  throw new ModelUnavailableError('No model answers searches here. Make one active with activateEmbeddingModel.');
}

/** A database that is away, and a model that can't be loaded, which is logged where it is tried. */
function isForeseen(error: unknown): boolean {
  return error instanceof ServiceUnavailableError || error instanceof ModelUnavailableError;
}
