import type { TestShop } from './test-shop.js';

/** A backfill as an admin sees it. */
export interface SeenBackfill {
  id: string;
  state: string;
  scope: string;
  model: string;
  productIds: string[] | null;
  counts: { total: number | null; processed: number; embedded: number; skipped: number; failed: number };
  imagesPerSecond: number | null;
  secondsLeft: number | null;
  stages: Record<string, number> | null;
  createdAt: string;
  startedAt: string | null;
  updatedAt: string;
  finishedAt: string | null;
  error: string | null;
}

export interface UserError {
  field: string[] | null;
  code: string;
  message: string;
}

/** A failure as an admin sees it. */
export interface SeenFailure {
  imageId: string;
  productId: string;
  imageUrl: string;
  product: { id: string; title: string } | null;
  reason: string;
  message: string;
  httpStatus: number | null;
  attempts: number;
  firstFailedAt: string;
  lastFailedAt: string;
  nextTryAt: string | null;
  isMended: boolean;
}

const BACKFILL = `id state scope model productIds imagesPerSecond secondsLeft createdAt startedAt updatedAt finishedAt error
  counts { total processed embedded skipped failed } stages { downloadMs decodeMs encodeMs storeMs }`;

const USER_ERRORS = 'userErrors { field code message }';

const START = `mutation ($input: StartEmbeddingBackfillInput) {
  startEmbeddingBackfill(input: $input) {
    backfill { ${BACKFILL} } estimate { total toEmbed left seconds } ${USER_ERRORS}
  }
}`;

const RETRY = `mutation ($input: RetryFailedImagesInput!) {
  retryFailedImages(input: $input) { backfill { ${BACKFILL} } retriedCount ${USER_ERRORS} }
}`;

const FAILURES = `query ($id: ID!, $first: Int! = 20, $after: String, $reason: ImageFailureReason) {
  embeddingBackfill(id: $id) {
    failures(first: $first, after: $after, reason: $reason) {
      nodes {
        imageId productId imageUrl product { id title } reason message httpStatus attempts firstFailedAt lastFailedAt nextTryAt
        isMended
      }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
    failureCounts { reason count }
  }
}`;

type Admin = Pick<TestShop, 'asAdmin'>;

async function dataOf<Data>(admin: Admin, query: string, variables: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await admin.asAdmin(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data as Data;
}

export interface Estimate {
  total: number;
  toEmbed: number;
  left: number;
  seconds: number | null;
}

export interface StartPayload {
  backfill: SeenBackfill | null;
  estimate: Estimate | null;
  userErrors: UserError[];
}

/** Starts a backfill, or does not: what came of it. */
export async function startPayload(admin: Admin, input?: Record<string, unknown>): Promise<StartPayload> {
  const data = await dataOf<{ startEmbeddingBackfill: StartPayload }>(
    admin,
    START,
    input === undefined ? {} : { input },
  );
  return data.startEmbeddingBackfill;
}

export type Command = 'pause' | 'resume' | 'cancel';

export interface SteerPayload {
  backfill: SeenBackfill | null;
  userErrors: UserError[];
}

/** The mutation of a command. */
export function steerMutation(command: Command): string {
  return `mutation ($id: ID!) {
    steered: ${command}EmbeddingBackfill(input: { id: $id }) { backfill { ${BACKFILL} } ${USER_ERRORS} }
  }`;
}

/** Pauses, resumes or cancels a backfill. */
export async function steer(admin: Admin, command: Command, id: string): Promise<SteerPayload> {
  return (await dataOf<{ steered: SteerPayload }>(admin, steerMutation(command), { id })).steered;
}

export interface RetryPayload extends SteerPayload {
  retriedCount: number;
}

/** Asks for another try of what a backfill could not embed. */
export async function retryFailed(
  admin: Admin,
  input: { backfillId: string; reasons?: string[]; imageIds?: string[] },
): Promise<RetryPayload> {
  return (await dataOf<{ retryFailedImages: RetryPayload }>(admin, RETRY, { input })).retryFailedImages;
}

export interface FailureList {
  failures: {
    nodes: SeenFailure[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  };
  failureCounts: { reason: string; count: number }[];
}

/** What a backfill could not embed. */
export async function failuresOf(admin: Admin, id: string, page: Record<string, unknown> = {}): Promise<FailureList> {
  return (await dataOf<{ embeddingBackfill: FailureList }>(admin, FAILURES, { id, ...page })).embeddingBackfill;
}

/** A backfill as it is now. */
export async function seenBackfill(admin: Admin, id: string): Promise<SeenBackfill> {
  const query = `query ($id: ID!) { embeddingBackfill(id: $id) { ${BACKFILL} } }`;
  return (await dataOf<{ embeddingBackfill: SeenBackfill }>(admin, query, { id })).embeddingBackfill;
}

/** The ids of the images that are embedded, in the order of their numbers. */
export async function embeddedIds({ vectors }: Pick<TestShop, 'vectors'>): Promise<string[]> {
  const rows = await vectors.query<{ id: string }>(
    'select image_id as id from image_embeddings order by image_id::int',
  );
  return rows.map(({ id }) => id);
}

/** The jobs of a run that are not done. */
export async function openJobs(
  { vectors }: Pick<TestShop, 'vectors'>,
  id: string,
): Promise<{ kind: string; isHeld: boolean; isQueued: boolean }[]> {
  return vectors.query(
    `select kind, worker_id is not null as "isHeld", queue_job_id is not null as "isQueued" from embedding_backfill_jobs
     where backfill_id = $1::uuid and finished_at is null order by number`,
    [id],
  );
}
