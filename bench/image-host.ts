/**
 * A host of photographs, to be forked: it serves the JPEGs of the folder that it is told, over and over under any number, and sends its
 * parent the port. No two answers have the same bytes, for what is embedded already is not embedded again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { withComment } from './drawn-photograph.js';

const [, , folder = ''] = process.argv;
const photographs = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const server = createServer((request, response) => {
  const number = Number(/\d+/.exec(request.url ?? '')?.[0]);
  const photograph = photographs[number % photographs.length];
  response.setHeader('content-type', 'image/jpeg');
  response.end(photograph && withComment(photograph, String(number)));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
