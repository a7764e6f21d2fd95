/** The page is in British English, and so are its numbers. */
const LOCALE = 'en-GB';

const formats = new Map<string, Intl.NumberFormat>();

/** "€21.90", or "21.90" where the shop does not say which currency. */
export function formatPrice(price: number, currency: string | null): string {
  return formatFor(currency).format(price);
}

/** A share as a percentage: "85%". */
export function formatShare(share: number): string {
  return new Intl.NumberFormat(LOCALE, { style: 'percent' }).format(share);
}

/** "12,340". */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(LOCALE).format(count);
}

function formatFor(currency: string | null): Intl.NumberFormat {
  const key = currency ?? '';
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = isCurrency(currency)
    ? new Intl.NumberFormat(LOCALE, { style: 'currency', currency })
    : new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, trailingZeroDisplay: 'stripIfInteger' });
  formats.set(key, made);
  return made;
}

/** A shop may write anything there; what is not a code of three letters makes `Intl` throw. */
function isCurrency(currency: string | null): currency is string {
  return currency !== null && /^[A-Za-z]{3}$/.test(currency);
}
