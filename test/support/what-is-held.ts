import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** What this process holds, with a server in it. Linux alone tells. */
export interface Held {
  /** Descriptors of anything but sockets: those to the databases come and go. */
  files: number;
  /** Ends of connections to the server's port, both in this process. */
  connections: number;
  temporary: number;
}

const LISTENING = '0A';
const TIME_WAIT = '06';

/** @param url - of the server. */
export function whatIsHeld(url: string): Held {
  return {
    files: descriptors().filter((target) => !target.startsWith('socket:')).length,
    connections: ['tcp', 'tcp6'].flatMap((table) => connectionsIn(`/proc/self/net/${table}`, url)).length,
    temporary: readdirSync(tmpdir()).filter((name) => /upload|busboy|capacitor/i.test(name)).length,
  };
}

export function isNoMoreThan(now: Held, before: Held): boolean {
  return now.files <= before.files && now.connections <= before.connections && now.temporary <= before.temporary;
}

function descriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // It was that of the folder itself, which is closed by now.
      return [];
    }
  });
}

/** Lines of the system's table whose local or distant port is the server's. */
function connectionsIn(table: string, url: string): string[] {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => {
      const [, local = '', distant = '', state = ''] = line.trim().split(/\s+/);
      return [local, distant].some((end) => end.endsWith(`:${port}`)) && ![LISTENING, TIME_WAIT].includes(state);
    });
}
