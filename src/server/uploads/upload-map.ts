import { Upload } from 'graphql-upload-minimal';
import { BadUserInputError } from '../../errors.js';
import { limitJson } from '../limit-json.js';

/** The `operations` field of a multipart request: one GraphQL request. */
export type Operations = Record<string, unknown>;

/** Files by the name of their form field, with the paths of the variables that want them. */
export type UploadMap = ReadonlyMap<string, readonly string[]>;

/** @throws BadUserInputError where it is not one GraphQL request in JSON. */
export function parseOperations(json: string): Operations {
  const operations = parseJson('operations', json);
  if (isRecord(operations)) return operations;
  throw new BadUserInputError('operations', '`operations` must be one GraphQL request: a JSON object, not a batch.');
}

/**
 * @param maxFiles - files that one request may have.
 * @throws BadUserInputError where it is not a JSON object from field names to lists of `variables.` paths.
 */
export function parseUploadMap(json: string, maxFiles: number): UploadMap {
  const map = parseJson('map', json);
  if (!isRecord(map)) throw malformedMap();
  const entries = Object.entries(map);
  if (entries.length > maxFiles) throw tooManyFiles(entries.length, maxFiles);
  return new Map(
    entries.map(([field, paths]) => {
      if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) throw malformedMap();
      return [field, paths];
    }),
  );
}

export function tooManyFiles(count: number, maxFiles: number): BadUserInputError {
  const accepted = maxFiles === 1 ? 'One file is' : `${maxFiles} files are`;
  return new BadUserInputError('map', `${accepted} accepted in a request, and this one has ${count}.`);
}

/**
 * Puts an upload where `path` says: only below `variables`, only along own properties, and only over a null.
 *
 * A path is the client's to choose. One that is walked carelessly reaches the prototypes that the whole process shares:
 * `hasOwnProperty.call` would replace a built-in function for good.
 *
 * @throws BadUserInputError where the path leads elsewhere.
 */
export function placeUpload(operations: Operations, path: string, upload: Upload): void {
  const keys = path.split('.');
  const leaf = keys.pop();
  let target: unknown = operations;
  for (const key of keys) target = ownValue(target, key);
  const isPlace = keys[0] === 'variables' && leaf !== undefined && ownValue(target, leaf) === null;
  if (!isPlace || !isContainer(target)) throw wrongPath(path);
  target[leaf] = upload;
}

/** Undefined where there is no such own property. `__proto__` is never one, though JSON can write it. */
function ownValue(target: unknown, key: string): unknown {
  if (!isContainer(target) || key === '__proto__' || !Object.hasOwn(target, key)) return undefined;
  return target[key];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Upload);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

function parseJson(field: string, json: string): unknown {
  limitJson(Buffer.from(json));
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new BadUserInputError(field, `\`${field}\` is not JSON.`, { cause });
  }
}

function malformedMap(): BadUserInputError {
  return new BadUserInputError('map', '`map` must be a JSON object like { "0": ["variables.image"] }.');
}

function wrongPath(path: string): BadUserInputError {
  const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
  return new BadUserInputError('map', `\`map\` names "${shown}", and that is not a variable whose value is null.`);
}
