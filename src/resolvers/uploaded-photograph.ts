/** What the `Upload` scalar resolves to: the whole file, read and within the size limit. */
export interface UploadedPhotograph {
  /** As the client named it; not to be trusted. */
  filename: string;
  bytes: Buffer;
}
