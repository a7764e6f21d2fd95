import type { LookalikeError } from '@lookalike/apollo';

/** Why a photo is not searched with. All but `refused` are found out here, before anything is sent. */
export type PhotoFault =
  | { kind: 'several'; count: number }
  | { kind: 'empty' }
  /** The browser does not get at its bytes: it was removed meanwhile, or is a folder. */
  | { kind: 'out-of-reach' }
  | { kind: 'no-photo' }
  | { kind: 'heic' }
  | { kind: 'too-large'; bytes: number; mostBytes: number }
  | { kind: 'refused'; error: LookalikeError };
