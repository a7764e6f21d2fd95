import pg from 'pg';
import { AppError, ServiceUnavailableError } from '../errors.js';
import type { DatabaseName } from './database.js';

/** The variable that holds each database's address, for remedies. */
const VARIABLE: Record<DatabaseName, string> = { catalogue: 'DATABASE_URL', vector: 'VECTOR_DATABASE_URL' };

/** What each SQLSTATE says when the trouble is the server's and not the statement's (Postgres docs, appendix A). */
const SENTENCES: Readonly<Record<string, (database: DatabaseName) => string>> = {
  '28000': refused,
  '28P01': refused,
  '3D000': (database) =>
    `The ${database} database does not exist on its server. Create it, or correct the name at the end of ${VARIABLE[database]}.`,
  '42501': (database) =>
    `The user in ${VARIABLE[database]} lacks a right that is needed on the ${database} database. Grant it, or use another user.`,
  '25006': (database) =>
    `The ${database} database is read-only now, as a standby is. Point ${VARIABLE[database]} at the primary server.`,
  '40001': conflicted,
  '40P01': conflicted,
  '55P03': conflicted,
  '53100': (database) => `The disk of the ${database} database is full. Free some space on its server.`,
  '53200': (database) => `The ${database} database is out of memory. Try again later.`,
  '53300': (database) =>
    `The ${database} database has no connection left. Lower DATABASE_POOL_SIZE, or raise max_connections on its server.`,
  '57014': (database) => `The ${database} database cancelled a statement that took too long. Try again later.`,
  '57P01': restarting,
  '57P02': restarting,
  '57P03': restarting,
  '57P04': (database) => `The ${database} database was dropped while it was in use. Restore it.`,
  '57P05': restarting,
};

/** Translates what went wrong while connecting. Everything but an answer of the server means that it can't be reached. */
export function translateConnectError(error: unknown, database: DatabaseName): AppError {
  const translated = translateQueryError(error, database);
  if (translated instanceof AppError) return translated;
  const message = `The ${database} database can't be reached${inBrackets(error)}. Check that it runs and that its address is right.`;
  return new ServiceUnavailableError(message, { cause: error });
}

/** Translates an error of a statement where it is the server's; one of the statement itself comes back as it is. */
export function translateQueryError(error: unknown, database: DatabaseName): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return error;
  const sentence = SENTENCES[error.code];
  if (sentence !== undefined) return new ServiceUnavailableError(sentence(database), { cause: error });
  return endsConnection(error) ? connectionLost(database, error) : error;
}

/** Class 08 is that of connection exceptions; after an error of these severities the server hangs up. */
export function endsConnection(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  const { code, severity } = error;
  return code?.startsWith('08') === true || severity === 'FATAL' || severity === 'PANIC';
}

export function connectionLost(database: DatabaseName, cause: unknown): AppError {
  return new ServiceUnavailableError(
    `The connection to the ${database} database was lost${inBrackets(cause)}. Try again; if it stays so, check that it runs.`,
    { cause },
  );
}

/** The one failure after which nobody can say whether the transaction is stored. */
export function commitLost(database: DatabaseName, cause: unknown): AppError {
  return new ServiceUnavailableError(
    `The connection to the ${database} database was lost during a commit, so the change may or may not be stored. Look before doing it again.`,
    { cause, details: { outcome: 'unknown' } },
  );
}

function refused(database: DatabaseName): string {
  return `The ${database} database refused the user or password. Correct them in ${VARIABLE[database]}.`;
}

function restarting(database: DatabaseName): string {
  return `The ${database} database is stopping or starting. Try again in a moment.`;
}

function conflicted(database: DatabaseName): string {
  return `Two statements on the ${database} database were in each other's way. Try again.`;
}

/** The system's code for it (`ECONNREFUSED`, `ENOTFOUND`), never its message, which has the address. */
function inBrackets(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? ` (${code})` : '';
}
