import { LRUCache } from 'lru-cache';

export interface BoundedCacheOptions<Value> {
  maxEntries: number;
  /** Sum of what `charactersOf` says of all entries. */
  maxCharacters: number;
  charactersOf: (value: Value) => number;
  /** How long an entry is kept that nobody asks for; by default until others take its place. */
  idleMs?: number;
}

/** A cache as Apollo wants it, in memory, which holds what was asked for last. */
export class BoundedCache<Value extends object | string> {
  private readonly entries: LRUCache<string, { value: Value }>;

  constructor({ maxEntries, maxCharacters, charactersOf, idleMs = 0 }: BoundedCacheOptions<Value>) {
    this.entries = new LRUCache({
      max: maxEntries,
      maxSize: maxCharacters,
      sizeCalculation: ({ value }, key) => charactersOf(value) + key.length,
      ttl: idleMs,
      updateAgeOnGet: true,
    });
  }

  async get(key: string): Promise<Value | undefined> {
    return this.entries.get(key)?.value;
  }

  async set(key: string, value: Value): Promise<void> {
    this.entries.set(key, { value });
  }

  async delete(key: string): Promise<boolean> {
    return this.entries.delete(key);
  }
}
