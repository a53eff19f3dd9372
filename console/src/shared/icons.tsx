/** The pictures: strokes of 24 × 24 that take the colour of their text. They never stand without a word, or a name for those who do not see them. */

const shapes = {
  home: 'M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z',
  orders: 'M6 4h12a1 1 0 0 1 1 1v15l-3-1.8-2 1.8-2-1.8-2 1.8-2-1.8L5 20V5a1 1 0 0 1 1-1zM9 9h6M9 13h6',
  certificate: 'M5 4h14v11H5zM9 8h6M9 11h3M14.5 15.5a2.5 2.5 0 1 0 3 0V21l-1.5-1-1.5 1z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  mail: 'M4 6h16v12H4zM4.5 7l7.5 6 7.5-6',
  file: 'M7 4h7l4 4v12H7zM14 4v4h4',
  note: 'M5 5h14v10l-4 4H5zM15 19v-4h4M8.5 9h7M8.5 12.5h4',
  pencil: 'M5 19v-3.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5',
  dot: 'M12 11.9v.2',
  list: 'M9 7h10M9 12h10M9 17h10M5 7h.01M5 12h.01M5 17h.01',
  code: 'm8.5 8-4 4 4 4M15.5 8l4 4-4 4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  globe:
    'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c2.5 2.2 3.5 5 3.5 8s-1 5.8-3.5 8c-2.5-2.2-3.5-5-3.5-8s1-5.8 3.5-8z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  person: 'M12 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c.6-3.8 3.4-6 7-6s6.4 2.2 7 6',
  signOut: 'M14 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8M10 12h10M17 9l3 3-3 3',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20',
  copy: 'M9 9h10v10H9zM5 15V6a1 1 0 0 1 1-1h9',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  alert: 'M12 4.5 21 19.5H3zM12 10v4M12 16.8v.01',
  clock: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v4l2.8 1.8',
  server: 'M5 5h14v5.5H5zM5 13.5h14V19H5zM8 7.8h.01M8 16.2h.01',
  shield: 'M12 4 18.5 6.5v5c0 4-2.6 7-6.5 8.5-3.9-1.5-6.5-4.5-6.5-8.5v-5z',
  stop: 'M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7 17 17 7',
  refresh: 'M19 12a7 7 0 1 1-2.2-5.1M19 4.5V8h-3.5',
  download: 'M12 5v9.5M8 11l4 4 4-4M5 19h14',
  back: 'M14.5 6 8.5 12l6 6',
  forward: 'M9.5 6l6 6-6 6',
  cloudOff: 'M7 18a4 4 0 0 1-.5-8M10 6.3A5.5 5.5 0 0 1 17.3 10.5 3.8 3.8 0 0 1 19.5 17M4.5 4.5l15 15',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false" data-icon={name}>
      <path
        d={shapes[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#1f5fbf" />
      <path
        d="M16 6.5 23.5 9.4v6.1c0 4.7-3 8.2-7.5 10-4.5-1.8-7.5-5.3-7.5-10V9.4z M12.6 16 15.1 18.5 19.6 13.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
