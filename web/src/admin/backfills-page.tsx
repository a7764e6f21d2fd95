/** Administration. */
export function BackfillsPage() {
  return <h1>BackfillsPage</h1>;
}
