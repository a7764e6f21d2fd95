/** Longest text that a cell shows, unless it is said otherwise. */
const MAX_CELL = 60;

/**
 * Plain text columns, as wide as what is in them, two spaces apart.
 *
 * @param options.maxCell - characters that a cell shows at most.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { maxCell = MAX_CELL }: { maxCell?: number } = {},
): string {
  const all = [header, ...rows].map((row) => row.map((cell) => shorten(cell, maxCell)));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shorten(cell: string, maxCell: number): string {
  return cell.length > maxCell ? `${cell.slice(0, maxCell - 1)}…` : cell;
}
