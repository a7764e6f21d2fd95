/** What a worker under test is told. */
export type Order =
  | {
      kind: 'start';
      env: Record<string, string>;
      /** A file that gets a letter for each image that the encoder has finished: it survives a kill. */
      encodedFile: string;
      /** How far its clock is ahead. */
      clockShiftMs: number;
    }
  | { kind: 'go on'; question: number }
  | { kind: 'close' };

/** Stages that only the process itself knows of: the encoder is given pixels, and it has made their vector. */
export type InnerStage = 'decoded' | 'embedded';

/** What it says. It has reached a stage, and waits there until it is told to go on. */
export type Report =
  | { kind: 'ready' | 'closed' }
  | { kind: 'reached'; stage: InnerStage; question: number }
  | { kind: 'failed'; message: string };
