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
  filter: 'M4 6h16M7 12h10M10 18h4',
  columns: 'M4 5h16v14H4zM9.3 5v14M14.7 5v14',
  plus: 'M12 5v14M5 12h14',
  up: 'm6 14 6-6 6 6',
  down: 'm6 10 6 6 6-6',
  expand: 'M9.5 5H5v4.5M14.5 19H19v-4.5M5 5l5.5 5.5M19 19l-5.5-5.5',
  domain:
    'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4.6 9h14.8M4.6 15h14.8M12 4c2 2.2 3 5 3 8s-1 5.8-3 8c-2-2.2-3-5-3-8s1-5.8 3-8z',
  organization: 'M5 20V5h9v15M14 10h5v10M3.5 20h17M8 9h3M8 13h3M8 17h3',
  wallet: 'M4 7h14a2 2 0 0 1 2 2v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 7l11-3v3M16 13.5h.01',
  people:
    'M9 5.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3.5 19c.5-3.2 2.6-5 5.5-5s5 1.8 5.5 5M15.5 5.8a3 3 0 0 1 0 5.4M17 14.3c2 .6 3.2 2.2 3.5 4.7',
  key: 'M8.5 10.5a4 4 0 1 0 0 5.7 4 4 0 0 0 0-5.7zM9 10l8.5-6M14.5 6.2 17 9.5',
  product: 'M4.5 8 12 4l7.5 4v8L12 20l-7.5-4zM4.5 8l7.5 4 7.5-4M12 12v8',
  issuer: 'M6 9.5h12M6 9.5 12 5l6 4.5M7.5 9.5V17M12 9.5V17M16.5 9.5V17M5 19.5h14M6 17h12',
  jobs: 'M5 6h14M5 12h9M5 18h6M17 14.5v3l2 1.2',
  webhook: 'M12 5a3 3 0 0 1 2.3 5L17 15M9.8 7.5 7 13M6.5 13.5a3 3 0 1 0 2.4 4.6M9.5 17H17M17 14a3 3 0 1 1-2 5',
  send: 'M4.5 12 20 4.5 15.5 20l-4-6.5zM11.5 13.5 20 4.5',
  audit: 'M7 4h10v16H7zM10 8h4M10 12h4M10 16h2',
  chart: 'M5 19V5M5 19h15M9 16v-5M13 16V8M17 16v-3',
  settings: 'M5 7h9M18 7h1M5 12h2M11 12h8M5 17h7M16 17h3M16 5.2v3.6M9 10.2v3.6M14 15.2v3.6',
  bell: 'M7 10a5 5 0 0 1 10 0c0 4 1.5 5.5 1.5 5.5h-13S7 14 7 10zM10.5 18.5a1.6 1.6 0 0 0 3 0',
  trash: 'M5 7h14M9 7V5h6v2M7 7l.8 12h8.4L17 7M10.5 10.5v5M13.5 10.5v5',
  calendar: 'M5 6h14v14H5zM5 10h14M9 4v4M15 4v4',
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
