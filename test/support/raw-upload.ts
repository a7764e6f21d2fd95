import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

const SEARCH = 'query ($image: Upload) { similarProducts(image: $image, limit: 1) { nodes { id } } }';

const BOUNDARY = 'the-boundary-of-the-tests';

/** A whole HTTP request that searches with a photograph, byte by byte as it goes over the wire. The connection ends with its answer. */
export function rawUpload(photograph: Buffer): Buffer {
  const part = (name: string, rest: string): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}`;
  const operations = JSON.stringify({ query: SEARCH, variables: { image: null } });
  const body = Buffer.concat([
    Buffer.from(part('operations', `\r\n\r\n${operations}\r\n`)),
    Buffer.from(part('map', `\r\n\r\n${JSON.stringify({ 0: ['variables.image'] })}\r\n`)),
    Buffer.from(part('0', '; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n')),
    photograph,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    'Apollo-Require-Preflight: true',
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** Sends a whole request. @returns The answer's bytes as text, headers and all. */
export async function sendRaw(url: string, request: Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(request);
  return text(socket);
}

/** Sends the beginning of a request and breaks the connection off. */
export async function breakOff(url: string, beginning: Buffer): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  await new Promise<void>((resolve) => {
    socket.write(beginning, () => {
      resolve();
    });
  });
  const closed = once(socket, 'close');
  socket.resetAndDestroy();
  await closed;
}
