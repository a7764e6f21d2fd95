export interface PhotoPanelProps {
  /** The id of the photo that is searched with, from the address; null where there is none. */
  queryImageId: string | null;
  /** Asks the page to search with another photo; null takes it away. */
  onQueryImage: (id: string | null) => void;
  /** Whether the server has answered that it no longer has that photo. Default: false. */
  isExpired?: boolean;
}

/** Where a photo is given, shown, and narrowed down to a part of it. */
export function PhotoPanel(_props: PhotoPanelProps) {
  return <section aria-label="Photo" />;
}
