/** The ids in a text that has them apart by spaces, commas or lines. */
export function productIdsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((id) => id !== '');
}
