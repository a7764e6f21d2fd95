/**
 * Bundles the programs, their worker threads and what they share, with packages left in node_modules.
 *
 * @param outdir - folder that lies directly in the project's: the programs find the rest of it from there.
 * @param others - further programs to bundle.
 */
export function bundlePrograms(outdir: string, others?: readonly string[]): Promise<void>;
