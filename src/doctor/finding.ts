import { AppError } from '../errors.js';

/** How a thing was found: as it should be, in need of a look, or such that something does not work. */
export type FindingStatus = 'ok' | 'warning' | 'fault';

/** One thing that the doctor looked at. */
export interface Finding {
  status: FindingStatus;
  /** What was found, as full sentences. */
  what: string;
  /** How to mend it, as full sentences; null for what is ok. */
  fix: string | null;
}

export function ok(what: string): Finding {
  return { status: 'ok', what, fix: null };
}

export function warning(what: string, fix: string): Finding {
  return { status: 'warning', what, fix };
}

export function fault(what: string, fix: string): Finding {
  return { status: 'fault', what, fix };
}

/**
 * The fault that an error stands for. The messages of ours end in the remedy, as a sentence of its own or behind a colon.
 *
 * @param otherwise - the remedy where the message has none, or is not ours.
 */
export function faultOf(error: unknown, otherwise: string): Finding {
  if (!(error instanceof AppError)) return fault(`Something unforeseen: ${messageOf(error)}.`, otherwise);
  return faultIn(error.message, otherwise);
}

/** The same for a sentence or several. */
export function faultIn(message: string, otherwise: string): Finding {
  const { what, fix } = splitRemedy(message);
  return fault(what, fix ?? otherwise);
}

/** Verbs that a remedy begins with. */
const REMEDY =
  /^(Add|Check|Choose|Copy|Correct|Create|Drop|Free|Give|Grant|Install|Let|Lower|Make|Point|Put|Raise|Remove|Restart|Restore|Run|Set|Start|Stop|Try|Update|Use)\b/;

function splitRemedy(message: string): { what: string; fix: string | null } {
  const sentences = message.split(/(?<=[.!?]["”]?) (?=[A-Z])/);
  const last = sentences.at(-1) ?? '';
  if (sentences.length > 1 && REMEDY.test(last)) return { what: sentences.slice(0, -1).join(' '), fix: last };
  const colon = message.indexOf(': ');
  const behind = message.slice(colon + 2);
  const remedy = behind.charAt(0).toUpperCase() + behind.slice(1);
  return colon > 0 && REMEDY.test(remedy)
    ? { what: `${message.slice(0, colon)}.`, fix: remedy }
    : { what: message, fix: null };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}, ${error.message}` : String(error);
}
