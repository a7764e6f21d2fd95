/** The manifest of the page's documents. */
export interface PageManifest {
  format: string;
  version: number;
  operations: { id: string; name: string; type: string; body: string }[];
}

export function pageDocuments(): Promise<PageManifest>;
