/** Strokes on a field of 24 by 24. */
const PATHS = {
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z M16.2 16.2 21 21',
  close: 'M6 6l12 12 M18 6 6 18',
  filters: 'M4 7h9 M17 7h3 M4 17h3 M11 17h9 M15 5v4 M9 15v4',
  alike: 'M9.5 4.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10Z M14.5 9.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10Z',
  photo: 'M4 7.5h3.5L9 5h6l1.5 2.5H20v11H4z M12 10a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  picture: 'M4 5h16v14H4z M4 16.5l4.5-4.5 4.5 4.5 3-3 4 4 M15.5 9h.01',
  words: 'M5 6h14 M5 12h14 M5 18h8',
  out: 'M14 5h5v5 M19 5l-8 8 M17 14v5H5V7h5',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  down: 'M6 9.5l6 6 6-6',
  key: 'M8 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z M11 12.5 19.5 4 M15.5 8l3 3',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign beside words that say the same. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
