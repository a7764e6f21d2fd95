import { describe, expect, it } from 'vitest';
import { ModelUnavailableError, ServiceUnavailableError } from '../../src/errors.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import type { StoredModel } from '../../src/services/embedding-model-store.js';
import { ServingModel } from '../../src/services/serving-model.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';
import { makeRecordedLog } from '../support/recorded-log.js';

const rowOf = (name: string, isActive: boolean): StoredModel => ({
  name,
  dimensions: 64,
  source: null,
  isActive,
  activatedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  backfillState: null,
});

/** Models of a database and of a pool whose loads end when the test says so. */
class Stage {
  rows = [rowOf('old', true), rowOf('new', false)];
  reads = 0;
  nowMs = 0;
  loads: { name: string; end: (outcome: ClipEncoder | Error) => void }[] = [];
  isAway = false;
  readonly recorded = makeRecordedLog();
  private readonly pooled = new Map<string, ClipEncoder>();

  readonly serving = new ServingModel(
    {
      models: {
        list: async () => {
          this.reads += 1;
          if (this.isAway) throw new ServiceUnavailableError('The database is away.');
          return this.rows;
        },
      },
      pool: {
        load: ({ name }) =>
          new Promise((resolve, reject) => {
            const end = (outcome: ClipEncoder | Error): void => {
              if (outcome instanceof Error) reject(outcome);
              else resolve(outcome);
              if (!(outcome instanceof Error)) this.pooled.set(name, outcome);
            };
            this.loads.push({ name, end });
          }),
        loaded: (name) => this.pooled.get(name) ?? null,
      },
      log: this.recorded.log,
    },
    () => this.nowMs,
  );

  /** Ends the load that began last. */
  endLoad(outcome: ClipEncoder | Error): void {
    this.loads.at(-1)?.end(outcome);
  }

  /** Another process makes another model the active one, and a second goes by. */
  switchTo(active: string): void {
    this.rows = this.rows.map((row) => ({ ...row, isActive: row.name === active }));
    this.nowMs += 1000;
  }

  drop(name: string): void {
    this.rows = this.rows.filter((row) => row.name !== name);
    this.nowMs += 1000;
  }

  get failures(): number {
    return this.recorded.entries.filter(({ level }) => level === 50).length;
  }
}

const encoderOf = (name: string, dimensions = 64) => makeDeterministicEncoder({ name, dimensions });

/** A stage on which a model serves. */
async function withOldLoaded(): Promise<Stage> {
  const stage = new Stage();
  const encoder = stage.serving.encoder();
  await Promise.resolve();
  stage.endLoad(encoderOf('old'));
  expect((await encoder).model.name).toBe('old');
  return stage;
}

const nameOf = async (encoder: Promise<ClipEncoder>): Promise<string> => (await encoder).model.name;

describe('the model that answers', () => {
  it('is read once a second, however often it is asked for', async () => {
    const stage = new Stage();
    for (let count = 0; count < 5; count += 1)
      expect(await stage.serving.identity()).toEqual({ name: 'old', dimensions: 64 });
    stage.nowMs = 999;
    stage.rows = [rowOf('new', true)];
    expect(await stage.serving.identity()).toMatchObject({ name: 'old' });
    expect(stage.reads).toBe(1);
    stage.nowMs = 1000;
    expect(await stage.serving.identity()).toMatchObject({ name: 'new' });
    expect(stage.reads).toBe(2);
  });

  it('is read anew after a change of its own process, and after a read that failed', async () => {
    const stage = new Stage();
    stage.isAway = true;
    await expect(stage.serving.identity()).rejects.toThrow('The database is away.');
    stage.isAway = false;
    expect(await stage.serving.identity()).toMatchObject({ name: 'old' });
    stage.rows = [rowOf('new', true)];
    stage.serving.refresh();
    expect(await stage.serving.identity()).toMatchObject({ name: 'new' });
  });

  it('is missed in a sentence where there is none', async () => {
    const stage = new Stage();
    stage.rows = [rowOf('old', false)];
    const message = 'No model answers searches here. Make one active with activateEmbeddingModel.';
    await expect(stage.serving.identity()).rejects.toThrow(new ModelUnavailableError(message));
    await expect(stage.serving.encoder()).rejects.toThrow(new ModelUnavailableError(message));
  });
});

describe('the encoder of searches', () => {
  it('is waited for where none served before, by many with one load', async () => {
    const stage = new Stage();
    const encoders = [stage.serving.encoder(), stage.serving.encoder(), stage.serving.encoder()];
    await Promise.resolve();
    stage.endLoad(encoderOf('old'));
    expect(await Promise.all(encoders.map(nameOf))).toEqual(['old', 'old', 'old']);
    expect(stage.loads).toHaveLength(1);
  });

  it('stays that of the model before until the new one is loaded', async () => {
    const stage = await withOldLoaded();
    stage.switchTo('new');
    for (let count = 0; count < 3; count += 1) expect(await nameOf(stage.serving.encoder())).toBe('old');
    expect(await stage.serving.identity()).toMatchObject({ name: 'new' });
    expect(stage.loads.map(({ name }) => name)).toEqual(['old', 'new']);
    stage.endLoad(encoderOf('new'));
    expect(await nameOf(stage.serving.encoder())).toBe('new');
    stage.switchTo('old');
    expect(await nameOf(stage.serving.encoder())).toBe('old');
  });

  it('stays that of the model before where the new one can not be loaded, which is logged once a try', async () => {
    const stage = await withOldLoaded();
    stage.switchTo('new');
    await stage.serving.encoder();
    stage.endLoad(new ModelUnavailableError('It is damaged.'));
    await Promise.resolve();
    for (let count = 0; count < 3; count += 1) expect(await nameOf(stage.serving.encoder())).toBe('old');
    expect([stage.loads.length, stage.failures]).toEqual([2, 1]);
    stage.nowMs += 30_000;
    expect(await nameOf(stage.serving.encoder())).toBe('old');
    expect(stage.loads.length).toBe(3);
    stage.endLoad(encoderOf('new'));
    expect(await nameOf(stage.serving.encoder())).toBe('new');
  });

  it('is not that of a model that was dropped', async () => {
    const stage = await withOldLoaded();
    stage.switchTo('new');
    stage.drop('old');
    const encoder = stage.serving.encoder();
    await Promise.resolve();
    stage.endLoad(new ModelUnavailableError('It is damaged.'));
    await expect(encoder).rejects.toThrow('It is damaged.');
  });

  it('is refused where its vectors are not those that are stored', async () => {
    const stage = new Stage();
    const encoder = stage.serving.encoder();
    await Promise.resolve();
    stage.endLoad(encoderOf('old', 128));
    const message =
      'The model "old" makes vectors of 128 numbers, but its stored embeddings have 64: it is another model under the same ' +
      'name. Give it a name of its own.';
    await expect(encoder).rejects.toThrow(new ModelUnavailableError(message));
    await expect(stage.serving.encoder()).rejects.toThrow(new ModelUnavailableError(message));
  });

  it('is had of any model that there is, and of no other', async () => {
    const stage = await withOldLoaded();
    expect(await nameOf(stage.serving.encoderOf({ name: 'old' }))).toBe('old');
    const other = stage.serving.encoderOf({ name: 'new' });
    await Promise.resolve();
    stage.endLoad(encoderOf('new'));
    expect(await nameOf(other)).toBe('new');
    await expect(stage.serving.encoderOf({ name: 'gone' })).rejects.toThrow(
      new ModelUnavailableError('The model "gone" is not here any more.'),
    );
  });

  it('begins to be loaded before anybody asks, and no more once that is closed', async () => {
    const stage = await withOldLoaded();
    stage.switchTo('new');
    const close = stage.serving.follow();
    await close();
    expect(stage.loads.map(({ name }) => name)).toEqual(['old', 'new']);
    stage.isAway = true;
    stage.nowMs += 5000;
    const closeAgain = stage.serving.follow();
    await closeAgain();
    expect(stage.failures).toBe(0);
  });
});
