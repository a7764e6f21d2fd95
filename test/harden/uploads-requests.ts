import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export const BOUNDARY = 'the-boundary-of-the-tests';

/** A part of a request, as it goes over the wire. */
export interface Part {
  /** Lines of its head, without that of its disposition. */
  head?: string[];
  /** What follows `form-data`: `; name="map"`. */
  disposition: string;
  content: string | Buffer;
}

export const field = (name: string, content: string): Part => ({ disposition: `; name="${name}"`, content });

export const file = (name: string, content: string | Buffer): Part => ({
  head: ['Content-Type: image/jpeg'],
  disposition: `; name="${name}"; filename="photo.jpg"`,
  content,
});

export function bodyOf(parts: readonly Part[], boundary = BOUNDARY): Buffer {
  const pieces = parts.map(({ head = [], disposition, content }) => {
    const lines = [`--${boundary}`, `Content-Disposition: form-data${disposition}`, ...head, '', ''];
    return Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(content), Buffer.from('\r\n')]);
  });
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

export const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

/** What came of a request. */
export interface Outcome {
  status: number;
  /** Of the first error; null where there is none. */
  code: string | null;
  message: string;
  retryAfter: string | null;
}

export async function post(
  url: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Outcome> {
  const response = await fetch(`${url}graphql`, {
    method: 'POST',
    headers: { 'apollo-require-preflight': 'true', 'content-type': FORM, ...headers },
    body,
    duplex: 'half',
  });
  const { errors = [] } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  const [error] = errors;
  return {
    status: response.status,
    code: error?.extensions.code ?? null,
    message: error?.message ?? '',
    retryAfter: response.headers.get('retry-after'),
  };
}

/** Sends the head of an upload of so many bytes and a few of them, and keeps the connection. */
export async function beginUpload(url: string, bytes: number, headers: readonly string[] = []): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Apollo-Require-Preflight: true',
    `Content-Type: ${FORM}`,
    `Content-Length: ${bytes}`,
    ...headers,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n--${BOUNDARY}\r\n`);
  return socket;
}
