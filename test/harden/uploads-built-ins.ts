import { EventEmitter } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Upload } from 'graphql-upload-minimal';

/** What a process shares, with a name for each. */
const SHARED = new Map<string, object>(
  [
    ...[
      Object,
      Function,
      Array,
      String,
      Number,
      Boolean,
      Symbol,
      BigInt,
      Date,
      RegExp,
      Error,
      Promise,
      Map,
      Set,
      WeakMap,
    ],
    ...[
      ArrayBuffer,
      Uint8Array,
      Buffer,
      URL,
      URLSearchParams,
      Headers,
      EventEmitter,
      Readable,
      IncomingMessage,
      Upload,
    ],
  ].flatMap((made): [string, object][] => [
    [made.name, made],
    [`${made.name}.prototype`, made.prototype as object],
  ]),
)
  .set('globalThis', globalThis)
  .set('JSON', JSON)
  .set('Math', Math)
  .set('Reflect', Reflect)
  .set('process', process);

/** All own properties of what a process shares: functions by what they are, and by what they say. */
export function builtIns(): Map<string, unknown[]> {
  const seen = new Map<string, unknown[]>();
  for (const [name, shared] of SHARED) {
    for (const key of Reflect.ownKeys(shared)) {
      const { value, ...rest } = { value: undefined, ...Object.getOwnPropertyDescriptor(shared, key) } as {
        value: unknown;
      };
      const isFunction = typeof value === 'function';
      const text = isFunction ? Function.prototype.toString.call(value) : '';
      const parts = isFunction ? Reflect.ownKeys(value).map(String).join() : '';
      seen.set(`${name}.${String(key)}`, [value, ...Object.values(rest), Object.keys(rest).join(), text, parts]);
    }
  }
  return seen;
}

/** The names of the properties that are other ones now. */
export function changesSince(before: ReadonlyMap<string, unknown[]>): string[] {
  const now = builtIns();
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names].filter((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    return was === undefined || is === undefined || was.some((part, index) => !Object.is(part, is[index]));
  });
}
