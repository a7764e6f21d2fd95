import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long what was accepted may take to come to its end, a photograph that dribbles in included. */
const DRAIN_DEADLINE_MS = 5000;

/**
 * Lets the requests that a server has accepted come to their end when it stops, and loses none that was on its way: connections
 * stay open until `end`, and every answer after `begin` is the last one on its connection.
 */
export class HttpDrain {
  private readonly connections = new Set<Socket>();
  private readonly answers = new Set<ServerResponse>();
  private phase: 'serving' | 'leaving' | 'ending' = 'serving';

  /** To be made before anything else listens to requests. */
  constructor(
    private readonly server: Server,
    private readonly deadlineMs = DRAIN_DEADLINE_MS,
  ) {
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    server.prependListener('request', (_request, response) => {
      this.take(response);
    });
  }

  /** From now on clients are told to open another connection for their next request, which may lead to another server. */
  begin(): void {
    this.phase = 'leaving';
    for (const response of this.answers) leaveAfter(response);
  }

  /** Opens no further connection, waits for what is under way, and breaks off what takes too long. */
  async end(): Promise<void> {
    this.phase = 'ending';
    const closed = new Promise<void>((resolve) => {
      // It fails where the server does not listen, and then there is nothing to wait for.
      this.server.close(() => {
        resolve();
      });
    });
    // Node takes a connection that has not sent a byte yet for one with a request.
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
    const deadline = setTimeout(() => {
      for (const socket of this.connections) socket.destroy();
    }, this.deadlineMs);
    await closed;
    clearTimeout(deadline);
  }

  private take(response: ServerResponse): void {
    this.answers.add(response);
    response.once('close', () => {
      this.answers.delete(response);
      // One whose head was sent before the stop keeps its connection: only now is that idle.
      if (this.phase === 'ending') setImmediate(() => this.server.closeIdleConnections());
    });
    if (this.phase !== 'serving') leaveAfter(response);
  }
}

/** Node closes the connection behind such an answer. */
function leaveAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
