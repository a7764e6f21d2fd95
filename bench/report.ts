import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTable } from '../src/cli/format-table.js';
import { projectRoot } from '../src/paths.js';
import { describeMachine, type Machine } from './machine.js';
import type { Spread } from './side-by-side.js';

/** What was to be reached. */
export type Goal = { atLeast: number } | { atMost: number };

/** One line of a report. */
export interface Figure {
  /** What is compared with what, or measured. */
  what: string;
  /** Over the rounds; the three are the same for what was measured once. */
  value: Spread;
  /** Of the value: `ratio`, `ms`, `s`. */
  unit: string;
  /** Null for what is only told. */
  goal: Goal | null;
  /** Absolute figures behind a ratio: they hold for this machine at this moment alone. */
  beside?: string;
}

export interface Report {
  bench: string;
  rounds: number;
  figures: readonly Figure[];
}

/** Of something that is the same in each round, or was measured once. */
export function once(value: number): Spread {
  return { median: value, least: value, most: value };
}

/**
 * Prints the machine and a table, and writes both as JSON into `bench-results`, or the folder that BENCH_RESULTS names.
 *
 * @returns The path of the JSON.
 */
export async function report(bench: string, rounds: number, figures: readonly Figure[]): Promise<string> {
  const machine = describeMachine();
  console.log(`\n${bench}, ${rounds} rounds, on ${sentenceOf(machine)}\n`);
  const header = ['what', 'median', 'least', 'most', 'unit', 'goal', 'holds', 'beside'];
  console.log(formatTable(header, figures.map(cells), { maxCell: 90 }));
  const folder = process.env.BENCH_RESULTS ?? join(projectRoot, 'bench-results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${bench}.json`);
  const takenAt = new Date().toISOString();
  await writeFile(path, `${JSON.stringify({ bench, takenAt, machine, rounds, figures }, null, 2)}\n`);
  console.log(`\nwritten to ${path}`);
  return path;
}

function cells({ what, value, unit, goal, beside = '' }: Figure): string[] {
  const numbers = [value.median, value.least, value.most].map(short);
  return [
    what,
    ...numbers,
    unit,
    goalText(goal),
    goal === null ? '' : holds(value.median, goal) ? 'yes' : 'no',
    beside,
  ];
}

/** Whether a median is what was to be reached. */
export function holds(median: number, goal: Goal): boolean {
  return 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
}

function goalText(goal: Goal | null): string {
  if (goal === null) return '';
  return 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
}

/** Three digits that count. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function sentenceOf(machine: Machine): string {
  const { cpu, cores, memoryGb, system, node, onnxruntime, sharp, commit, load } = machine;
  return (
    `${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, onnxruntime ${onnxruntime}, sharp ${sharp}, ` +
    `commit ${commit ?? 'unknown'}, load ${load}`
  );
}
