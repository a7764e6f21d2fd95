/** Nearly everything that shops sell comes in these, and every model sees them. */
const LOOKS = ['red', 'blue', 'green', 'yellow'];

/** For shops whose categories are not known. */
const PLAIN_EXAMPLES = ['something red', 'blue stripes', 'made of wood', 'dark green'];

/**
 * Words to try, of the shop's own categories: "red mugs".
 *
 * @param categories - empty where they are not known.
 */
export function exampleWords(categories: readonly { value: string }[], count: number): string[] {
  if (categories.length === 0) return PLAIN_EXAMPLES.slice(0, count);
  const step = Math.max(1, Math.floor(categories.length / count));
  return categories
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map(({ value }, index) => `${LOOKS[index % LOOKS.length] ?? ''} ${value.toLowerCase()}`);
}
