/** The parts of an installation, and what each is called where it is printed. */
export const AREAS = {
  configuration: 'Configuration',
  access: 'Access',
  catalogue: 'Catalogue database',
  vectors: 'Vector database',
  images: 'Images',
  model: 'Model',
  disk: 'Disk',
  ports: 'Ports',
} as const;

export type Area = keyof typeof AREAS;
