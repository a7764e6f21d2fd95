import { AREAS } from '../doctor/areas.js';
import { diagnose, type DiagnosisOptions } from '../doctor/diagnose.js';
import type { Finding, FindingStatus } from '../doctor/finding.js';
import { EXIT } from './interruption.js';

/**
 * `lookalike doctor`: prints what is right and wrong with an installation, each thing that is wrong with how to mend it.
 *
 * @returns The exit code: 0 where there is no fault, whatever warnings there are.
 */
export async function doctorCommand(options: DiagnosisOptions & { asJson: boolean }): Promise<number> {
  const counts: Record<FindingStatus, number> = { ok: 0, warning: 0, fault: 0 };
  const all: (Finding & { area: string })[] = [];
  for await (const { area, findings } of diagnose(options)) {
    if (!options.asJson) console.log([AREAS[area], ...findings.map(describe), ''].join('\n'));
    for (const finding of findings) {
      counts[finding.status]++;
      all.push({ area, ...finding });
    }
  }
  const { ok, warning, fault } = counts;
  if (options.asJson) console.log(JSON.stringify({ isUsable: fault === 0, counts, findings: all }, null, 2));
  else console.log(`Faults: ${fault}. Warnings: ${warning}. As it should be: ${ok}.`);
  return fault === 0 ? EXIT.done : EXIT.failed;
}

const WIDTH = Math.max(...(['ok', 'warning', 'fault'] as const).map(({ length }) => length));

function describe({ status, what, fix }: Finding): string {
  const line = `  ${status.padEnd(WIDTH)}  ${what}`;
  return fix === null ? line : `${line}\n  ${' '.repeat(WIDTH)}  To fix: ${fix}`;
}
