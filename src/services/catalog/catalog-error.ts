import { AppError } from '../../errors.js';

/** The shop's tables can't be used as a catalogue; `faults` has every fault there is, not just the first. */
export class CatalogError extends AppError {
  override readonly name = 'CatalogError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options: { cause?: unknown } = {}) {
    const lines = faults.map((fault) => `  ${fault}`);
    super('BAD_USER_INPUT', `The catalogue is not usable.\n${lines.join('\n')}`, { ...options, logLevel: 'error' });
    this.faults = faults;
  }
}
