/* Our own icons: 24-unit grid, one stroke. An icon never stands alone without a name: a word beside it, or `label`. */
const paths = {
  search: 'M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13Zm4.8-1.7L20 20',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7',
  cross: 'm7 7 10 10M17 7 7 17',
  warn: 'M12 4 2.8 20h18.4L12 4Zm0 6v4.5m0 2.7v.1',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5m0-9v.1',
  question: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-2.6-11.3c.2-3.5 5.4-3.1 5.2-.1-.1 1.8-2.5 1.9-2.5 4m0 3v.1',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  pencil: 'm5 19 1-4L16 5l3 3L9 18l-4 1Zm9-12 3 3',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7m-8 0 .8 12.5h9.4L17.5 7M10 11v5m4-5v5',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  sort: 'm7 14 5-6 5 6z',
  right: 'm9 5 7 7-7 7',
  left: 'm15 5-7 7 7 7',
  down: 'm5 9 7 7 7-7',
  arrow: 'M4 12h15m-6-6 6 6-6 6',
  swap: 'M4 8h15m-4-4 4 4-4 4M20 16H5m4-4-4 4 4 4',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm0-14V5m0 14v2.5M2.5 12H5m14 0h2.5M5.3 5.3l1.8 1.8m9.8 9.8 1.8 1.8m0-13.4-1.8 1.8M7.1 16.9l-1.8 1.8',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  screen: 'M3.5 5h17v11h-17zM9 20h6m-3-4v4',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5c.8-4 4-5.5 7.5-5.5s6.7 1.5 7.5 5.5',
  out: 'M10 4H5v16h5m4-4 4-4-4-4m4 4H9',
  home: 'M4 11.5 12 4l8 7.5M6.5 9.5V20h11V9.5',
  inbox: 'M4 13.5 6.5 5h11L20 13.5V19H4v-5.5Zm0 0h5l1.5 2.5h3l1.5-2.5h5',
  compass: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm3.8-12.8-2 5.6-5.6 2 2-5.6 5.6-2Z',
  event: 'M13 3 5 13.5h6L10 21l9-11.5h-6.5L13 3Z',
  change: 'M6 4v12m0 0a2.5 2.5 0 1 0 0 .1ZM18 8a2.5 2.5 0 1 0 0-.1Zm0 0c0 5-8 3-11.3 6.5',
  graph: 'M6 12a2.5 2.5 0 1 0 0-.1Zm12-6a2.5 2.5 0 1 0 0-.1Zm0 12a2.5 2.5 0 1 0 0-.1ZM8.2 10.8l7.6-3.7m-7.6 6 7.6 3.7',
  team: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.500-4 3-6 6.5-6s6 2 6.5 6M16 5a3.3 3.3 0 0 1 0 6.3m2 3c2 .8 3.2 2.7 3.5 5.7',
  service: 'M4 5h16v6H4zm0 8h16v6H4zM7.5 8h.1m-.1 8h.1M11 8h5m-5 8h5',
  calendar: 'M4 6h16v14H4zm0 4.5h16M8.5 3.5V8m7-4.5V8',
  health: 'M3 12.5h4l2.5-6 4 11 2.5-5h5',
  field: 'M4 6h6m-6 6h6m-6 6h6M14 6h6m-6 6h6m-6 6h4',
  subject: 'M6 3.5h8.5L18.5 8v12.5h-12.5zM14 3.5V8.5h4.5M9 13h6.5M9 16.5h4.5',
  hash: 'M9.5 4 7.5 20m9-16-2 16M4.5 9.5h16m-17 5.5h16',
  context: 'M4 7.5 12 4l8 3.5-8 3.5-8-3.5Zm0 4.5 8 3.5 8-3.5M4 16.5 12 20l8-3.5',
  sliders: 'M5 4v9m0 4v3m-2-5h4m5-11v3m0 4v9m-2-11h4m5-5v9m0 4v3m-2-5h4',
  scale: 'M12 4v16m-4 0h8M4.5 7 12 5.5 19.5 7M4.5 7 2 13.5c1 2 4 2 5 0L4.5 7Zm15 0L17 13.5c1 2 4 2 5 0L19.5 7Z',
  audit: 'M5 3.5h14v17l-3.5-2-3.5 2-3.5-2-3.5 2zM8.5 8.5h7m-7 4h7',
  gear: 'M12 15.3a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6Zm0-12.3v2.7m0 12.6V21m9-9h-2.7M5.7 12H3m15.4-6.4-2 2M7.5 16.5l-2 2m13 0-2-2m-9-9-2-2',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-13.5V12l3.5 2.5',
  link: 'M10 14a4 4 0 0 0 5.7.3l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.2M14 10a4 4 0 0 0-5.7-.3l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.2',
  tag: 'M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5V4Zm4 4h.1',
  lock: 'M5.5 10.5h13v10h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5Zm4 4h4',
  flask: 'M9.5 3.5h5m-4 0v6L5 19.5c-.4.8 0 1.5 1 1.5h12c1 0 1.4-.7 1-1.5L13.5 9.5v-6M8 15h8',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.8 5.8l12.4 12.4',
  dot: 'M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, label, class: extra }: { name: IconName; label?: string; class?: string }) {
  return (
    <svg
      class={`icon ${extra ?? ''}`}
      viewBox="0 0 24 24"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" class="logo">
      <rect width="32" height="32" rx="7" fill="#0b5558" />
      <path d="M7 24 14.2 7.6a2 2 0 0 1 3.6 0L25 24" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
      <path d="m10.6 18.2 4 3.6 7-7.4" fill="none" stroke="#7fe0d3" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
