import { access, constants, stat } from 'node:fs/promises';
import { ImageError, type ImageFailureReason } from '../errors.js';
import { makeImageSource, hostOf, type ImageSource } from '../services/images/image-source.js';
import { sniffFormat } from '../services/images/sniff-format.js';
import type { CatalogImage } from '../types.js';
import type { Installation } from './installation.js';
import { notChecked } from './check-catalogue.js';
import { fault, faultIn, ok, warning, type Finding } from './finding.js';

/** Images that the sample is taken from, and how large it is. */
const LOOKED_AT = 500;
const HOSTS = 6;
const PER_HOST = 3;

/** A host that is slower is told of, whatever IMAGE_TIMEOUT_MS allows. */
const SLOWEST_MS = 8000;

/** Whether photographs come where the catalogue says that they are: some of each of some hosts, and of IMAGE_ROOT. */
export async function checkImages(installation: Installation): Promise<Finding[]> {
  const faulty = installation.faultyOf('DATABASE_URL', 'IMAGE_ROOT', 'IMAGE_BASE_URL', 'IMAGE_ALLOWED_PRIVATE_HOSTS');
  if (faulty.length > 0) return [notChecked(faulty)];
  const catalog = await installation.catalog().catch(() => null);
  const { images, backfill, catalogDatabaseUrl } = installation.config;
  const isDemo = catalogDatabaseUrl === null;
  const folder = await checkFolder(images.root, isDemo);
  if (folder?.status === 'fault' || (isDemo && folder === null)) {
    return [folder ?? ok("The demo's pictures are drawn at the first start.")];
  }
  const before = folder === null ? [] : [folder];
  if (catalog === null) {
    return [
      ...before,
      warning('No picture was fetched, for the catalogue can not be read.', 'Mend the catalogue first.'),
    ];
  }
  const page = await catalog.imagePage({ scope: backfill.images, after: null, until: null, limit: LOOKED_AT });
  const source = makeImageSource(
    { ...images, timeoutMs: Math.min(images.timeoutMs, SLOWEST_MS), maxAttempts: 1 },
    { log: installation.log },
  );
  try {
    const sample = [...sampleByHost(page)].map(async ([host, urls]) => checkHost(host, urls, source));
    return [...before, ...(await Promise.all(sample)).flat()];
  } finally {
    await source.close();
  }
}

/** Null where there is no such setting, or the demo's folder is not made yet. */
async function checkFolder(root: string | null, isDemo: boolean): Promise<Finding | null> {
  if (root === null) return null;
  const found = await stat(root).catch(() => null);
  if (found === null && isDemo) return null;
  if (found?.isDirectory() !== true) {
    return fault(
      'IMAGE_ROOT is no folder of this machine.',
      'Set IMAGE_ROOT to the folder that relative image URLs are below.',
    );
  }
  const isReadable = await access(root, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return isReadable
    ? ok(`The folder of pictures is there${isDemo ? '' : ' (IMAGE_ROOT)'}.`)
    : fault('The folder of IMAGE_ROOT may not be read by this user.', 'Give this user the right to read and enter it.');
}

/** Some URLs of each of the first hosts; relative ones are under `''`. */
function sampleByHost(images: readonly CatalogImage[]): Map<string, string[]> {
  const sample = new Map<string, string[]>();
  for (const { url } of images) {
    const host = hostOf(url);
    const urls = sample.get(host);
    if (urls === undefined && sample.size < HOSTS) sample.set(host, [url]);
    else if (urls !== undefined && urls.length < PER_HOST) urls.push(url);
  }
  return sample;
}

type Attempt = { format: string } | { error: ImageError };

async function checkHost(host: string, urls: readonly string[], source: ImageSource): Promise<Finding[]> {
  const attempts = await Promise.all(urls.map((url) => attempt(url, source)));
  const errors = attempts.flatMap((result) => ('error' in result ? [result.error] : []));
  const where = host === '' ? 'Relative addresses' : host;
  const formats = [...new Set(attempts.flatMap((result) => ('format' in result ? [result.format] : [])))];
  const [first] = errors;
  const got = `${where}: ${attempts.length - errors.length} of ${attempts.length} addresses gave a picture`;
  if (first === undefined) return [ok(`${got} (${formats.join(', ')}).`)];
  const told = faultIn(first.message, remedyFor(first, host));
  const finding = { ...told, what: `${got}. ${told.what}` };
  return [errors.length === attempts.length ? finding : { ...finding, status: 'warning' }];
}

async function attempt(url: string, source: ImageSource): Promise<Attempt> {
  try {
    return { format: sniffFormat((await source.read(url)).bytes).toUpperCase() };
  } catch (error) {
    if (error instanceof ImageError) return { error };
    throw error;
  }
}

const REMEDIES: Readonly<Partial<Record<ImageFailureReason, string>>> = {
  FORBIDDEN: 'Let the machines of Lookalike fetch pictures there: hosts often refuse what is no browser.',
  NOT_FOUND: 'Correct the addresses in the catalogue, or IMAGE_BASE_URL and IMAGE_ROOT, which relative ones are below.',
  GONE: 'Correct the addresses in the catalogue.',
  TIMEOUT: 'Check whether this machine has a way to the host; IMAGE_TIMEOUT_MS is what a backfill waits.',
  TLS: 'Mend the certificate of the host, or set NODE_EXTRA_CA_CERTS to the authority that signed it.',
  TOO_LARGE: 'Raise IMAGE_MAX_BYTES or IMAGE_MAX_PIXELS, or have the catalogue name smaller pictures.',
};

function remedyFor({ reason, httpStatus }: ImageError, host: string): string {
  if (reason === 'BLOCKED_ADDRESS') {
    return `Where ${host === '' ? 'it' : host} is a host of your own network, set IMAGE_ALLOWED_PRIVATE_HOSTS to it.`;
  }
  const otherwise =
    httpStatus === null
      ? 'Check whether this machine has a way to the host, and whether the address leads to a photograph.'
      : 'Check whether the host serves photographs at these addresses.';
  return REMEDIES[reason] ?? otherwise;
}
