import { configVariables } from '../config.js';

/** A variable that is set and means nothing. */
export interface UnknownVariable {
  name: string;
  /** The one that was meant, most likely; null where none is near. */
  meant: string | null;
}

/** Those of other programs' libraries that Lookalike runs with: OpenTelemetry, the hub, Node, Postgres, proxies. */
const OTHERS = /^(OTEL|HF|NODE|PG|npm|SSL|LD|TZ|UV|COMPOSE|POSTGRES)_?|_(proxy|PROXY)$/;

/** Changes of one letter after which a name may be another's misspelling. */
const NEAR = 2;

/** Shorter names are near to everything. */
const SHORTEST = 6;

/**
 * Finds the variables that mean nothing here. The environment of a process is full of them, so there only those count that
 * look like a misspelling; in `.env` each does.
 */
export function unknownVariables({ fromFile, fromProcess }: Record<'fromFile' | 'fromProcess', readonly string[]>) {
  const found: UnknownVariable[] = [];
  for (const name of [...new Set([...fromFile, ...fromProcess])].sort()) {
    if (configVariables.includes(name) || OTHERS.test(name)) continue;
    const meant = nearestVariable(name);
    if (meant !== null || fromFile.includes(name)) found.push({ name, meant });
  }
  return found;
}

function nearestVariable(name: string): string | null {
  if (name.length < SHORTEST && !configVariables.includes(plain(name))) return null;
  const distances = configVariables.map((known) => ({ known, distance: editDistance(plain(name), known) }));
  const [nearest] = distances.sort((one, other) => one.distance - other.distance);
  return nearest !== undefined && nearest.distance <= NEAR ? nearest.known : null;
}

function plain(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** Letters to add, drop, replace, or swap with their neighbour: Damerau and Levenshtein's, by optimal string alignment. */
export function editDistance(from: string, to: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(beforeLast, column - 2) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Infinity;
}
