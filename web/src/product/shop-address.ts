/**
 * Where the shop shows a product itself; null where that is here, or nowhere that a link may lead to: what stands in a
 * catalogue is not always an address.
 *
 * @param here - the address of this page.
 */
export function shopAddress(url: string | null, here: string): string | null {
  if (url === null || !URL.canParse(url, here)) return null;
  const address = new URL(url, here);
  const isHere = address.origin + address.pathname === new URL(here).origin + new URL(here).pathname;
  return isHere || !/^https?:$/.test(address.protocol) ? null : address.href;
}
