import type { LookalikeError } from '@lookalike/apollo';

/** Why a photo is not searched with. All but `refused` are found out here, before anything is sent. */
export type PhotoFault =
  | { kind: 'several'; count: number }
  | { kind: 'empty' }
  /** The browser does not get at its bytes: it was removed meanwhile, or is a folder. */
  | { kind: 'out-of-reach' }
  | { kind: 'no-photo' }
  | { kind: 'heic' }
  /** Neither the browser nor the server reads it. */
  | { kind: 'other-format'; format: 'bmp' | 'tiff' }
  /** What was dragged here says where it is in a way that makes no sense. */
  | { kind: 'no-address' }
  /** Something failed that never should. */
  | { kind: 'unforeseen' }
  | { kind: 'too-large'; bytes: number; mostBytes: number }
  | { kind: 'refused'; error: LookalikeError };
