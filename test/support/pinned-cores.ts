import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Words to put before a command that keep it off the last core: who measures it then has that one, and does not take of what is
 * measured. None where there is only one core, or no `taskset`.
 */
export function leavingOneCore(): string[] {
  const cores = availableParallelism();
  const prefix = ['taskset', '--cpu-list', `0-${cores - 2}`];
  const [file = '', ...args] = prefix;
  const isPossible = cores > 1 && spawnSync(file, [...args, 'true']).status === 0;
  return isPossible ? prefix : [];
}
