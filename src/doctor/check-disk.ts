import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config.js';
import { fault, ok, warning, type Finding } from './finding.js';

const MEGABYTE = 1024 * 1024;

/** Both towers of ViT-B/32 take 600 MB on a disk, and ViT-L/14 some 1.7 GB. */
const ENOUGH_BYTES = 2048 * MEGABYTE;
const TOO_LITTLE_BYTES = 200 * MEGABYTE;

/** Whether there is room in DATA_DIR and for downloaded models, and whether they may be written. */
export async function checkDisk({ dataDir, clip }: Config): Promise<Finding[]> {
  const folders = new Map([
    [dataDir, 'DATA_DIR'],
    [clip.cacheDir, 'CLIP_CACHE_DIR'],
  ]);
  return Promise.all(Array.from(folders, ([folder, variable]) => checkFolder(folder, variable)));
}

async function checkFolder(folder: string, variable: string): Promise<Finding> {
  const nearest = await nearestThere(folder);
  if (nearest === null) return fault(`${variable} can't be reached.`, `Set ${variable} to a folder of this machine.`);
  const elsewhere = `Give this user the right to write it, or set ${variable} to another folder.`;
  if (!(await isWritable(nearest))) return fault(`${variable} can't be written by this user.`, elsewhere);
  const { bavail, bsize } = await statfs(nearest);
  return describeRoom(variable, bavail * bsize);
}

/** What there is to say of so many free bytes. */
export function describeRoom(variable: string, freeBytes: number): Finding {
  const free = `${variable} has ${(freeBytes / (1024 * MEGABYTE)).toFixed(1)} GiB free`;
  const fix = `Free some space, or set ${variable} to a folder on another disk.`;
  if (freeBytes < TOO_LITTLE_BYTES) return fault(`${free}, which is too little to work with.`, fix);
  if (freeBytes < ENOUGH_BYTES) return warning(`${free}; a model takes 0.6 to 1.7 GB.`, fix);
  return ok(`${free}.`);
}

/** The folder, or the one above that it would be made in. */
async function nearestThere(folder: string): Promise<string | null> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  const above = dirname(folder);
  return above === folder ? null : nearestThere(above);
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
