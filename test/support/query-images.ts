import type { Region } from '../../src/types.js';
import type { Answer, Client } from './test-shop.js';

/** What createQueryImage answers. */
export interface QueryImagePayload {
  queryImage: { id: string; width: number; height: number; expiresAt: string; model: { name: string } } | null;
  userErrors: { field: string[] | null; code: string; message: string }[];
}

export const CREATE_QUERY_IMAGE = `mutation ($input: CreateQueryImageInput!, $region: RegionInput) {
  createQueryImage(input: $input, region: $region) {
    queryImage { id width height expiresAt model { name } }
    userErrors { field code message }
  }
}`;

/** Where a photograph comes from: bytes are uploaded. */
export type GivenPhotograph = Buffer | { url: string } | { base64: string };

/** Gives a photograph to a server, in one of the three ways. */
export async function giveQueryImage(
  server: Pick<Client, 'query' | 'send'>,
  photograph: GivenPhotograph,
  region: Region | null = null,
): Promise<Answer> {
  if (!Buffer.isBuffer(photograph)) return server.query(CREATE_QUERY_IMAGE, { input: photograph, region });
  const variables = { input: { upload: null }, region };
  return server.send({ query: CREATE_QUERY_IMAGE, variables }, { path: 'variables.input.upload', file: photograph });
}

/** As {@link giveQueryImage}, of an answer without errors: its payload. */
export async function queryImagePayload(...given: Parameters<typeof giveQueryImage>): Promise<QueryImagePayload> {
  const { data, errors } = await giveQueryImage(...given);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.createQueryImage as QueryImagePayload;
}

/** As {@link giveQueryImage}, of a photograph that is accepted: its id. */
export async function makeQueryImage(...given: Parameters<typeof giveQueryImage>): Promise<string> {
  const { queryImage, userErrors } = await queryImagePayload(...given);
  if (queryImage === null) throw new Error(JSON.stringify(userErrors));
  return queryImage.id;
}

/** The code and the message of what is wrong with a photograph. */
export type Refusal = [code: string, message: string];

/** What createQueryImage answers where a photograph is refused. */
export function refusedPayload(given: GivenPhotograph, [code, message]: Refusal): QueryImagePayload {
  const kind = Buffer.isBuffer(given) ? 'upload' : Object.keys(given).join();
  return { queryImage: null, userErrors: [{ field: ['input', kind], code, message }] };
}
