/** Administration. */
export function BackfillPage() {
  return <h1>BackfillPage</h1>;
}
