import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../errors.js';

export interface ListenOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** The environment variable that the port is from. */
  variable: 'PORT' | 'METRICS_PORT';
}

/**
 * @returns where it can be reached from this machine: `http://localhost:4000/`.
 * @throws AppError CONFLICT where the port is taken.
 */
export async function listen(server: Server, { host, port, variable }: ListenOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(cannotListen(cause, port, variable));
    });
    server.listen(port, host, resolve);
  });
  const { port: actualPort, address } = server.address() as AddressInfo;
  return `http://${nameOf(address)}:${actualPort}/`;
}

function cannotListen(cause: NodeJS.ErrnoException, port: number, variable: string): AppError {
  const message =
    cause.code === 'EADDRINUSE'
      ? `Port ${port} is in use by another program. Stop it, or set ${variable} to a free one.`
      : `Port ${port} can't be opened (${cause.code ?? cause.message}). Set ${variable} and HOST to ones that can.`;
  return new AppError('CONFLICT', message, { logLevel: 'error', cause });
}

/** A name that a person can open on this machine. */
function nameOf(address: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
