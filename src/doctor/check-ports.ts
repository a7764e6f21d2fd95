import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config.js';
import { fault, ok, warning, type Finding } from './finding.js';

/** Time for whoever has a port to say who it is. */
const ANSWER_TIMEOUT_MS = 2000;

/** Whether a server could open its ports, or one has them open already. */
export async function checkPorts({ server, telemetry }: Config): Promise<Finding[]> {
  const findings = [await checkPort('PORT', server.host, server.port)];
  if (telemetry.metricsPort !== null)
    findings.push(await checkPort('METRICS_PORT', server.host, telemetry.metricsPort));
  return findings;
}

async function checkPort(variable: string, host: string, port: number): Promise<Finding> {
  if (port === 0) return ok(`The system chooses a port at each start (${variable}=0).`);
  const code = await tryToListen(host, port);
  const place = `Port ${port} of ${host} (${variable})`;
  switch (code) {
    case null:
      return ok(`${place} is free.`);
    case 'EADDRINUSE':
      return (await isLookalike(host, port))
        ? ok(`${place} is open, and a running Lookalike answers there.`)
        : warning(`${place} is in use by another program.`, `Stop it, or set ${variable} to a free one.`);
    case 'EACCES':
      return fault(`${place} may not be opened by this user.`, `Set ${variable} to 1024 or more.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return fault(`${host} is no address of this machine (HOST).`, 'Set HOST=0.0.0.0, or 127.0.0.1 behind a proxy.');
    default:
      return fault(`${place} can't be opened (${code}).`, `Set ${variable} and HOST to ones that can.`);
  }
}

/** @returns The system's code for why not; null where it can be opened. */
async function tryToListen(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  } finally {
    server.close();
  }
}

async function isLookalike(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/livez`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return ((await answer.json()) as { status?: unknown }).status === 'alive';
  } catch {
    return false;
  }
}
