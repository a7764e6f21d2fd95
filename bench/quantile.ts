/**
 * @param ascending - numbers, least first; not empty.
 * @param share - 0 for the least, 0.5 for the median, 1 for the most.
 */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? NaN;
}
