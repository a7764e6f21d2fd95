/**
 * Bundles the programs, their worker threads and what they share, with packages left in node_modules.
 *
 * @param outdir - folder that lies directly in the project's: the programs find the rest of it from there.
 */
export function bundlePrograms(outdir: string): Promise<void>;
