/* The one place that knows URLs. Pages live under /ui; a path pattern names its segments (":subject"), each decoded once. What a page can be
 * asked to show (filters, tabs, pairs of versions) is in the query, so that every state has a link. */
import { signal } from './signal';

export const BASE = '/ui';

export interface Place {
  path: string /* below /ui, still encoded: "/subjects/orders%2Fvalue" */;
  query: URLSearchParams;
  hash: string;
}

function read(): Place {
  const { pathname, search, hash } = window.location;
  const path = pathname.slice(BASE.length).replace(/\/+$/, '') || '/';
  return { path, query: new URLSearchParams(search), hash };
}

export const place = signal<Place>(read());

/* The moment that pages show, where it is not now (`?as_of=`). Links keep it, so that one walks about in the past until one leaves it. */
let walking = false;
export const asOf = (): string | null => place.get().query.get('as_of');

/* A link of ours, with the moment that is shown now. */
export function kept(url: string): string {
  const at = asOf();
  if (at === null || !url.startsWith(BASE) || /[?&]as_of=/.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}as_of=${encodeURIComponent(at)}`;
}

/* A link: each part of the path is encoded, empty values of the query are left out. "." and ".." are no segments to a browser, so
 * a name like that is written with its context (the registry takes ":.:.." for ".."). */
export function href(
  parts: readonly (string | number)[],
  query: Record<string, string | number | boolean | null | undefined> = {},
): string {
  const path = parts.map((part) => `/${encodeURIComponent(safeSegment(String(part)))}`).join('');
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '' && value !== false) search.set(name, String(value));
  const text = search.toString();
  const url = `${BASE}${path || '/'}${text === '' ? '' : `?${text}`}`;
  return walking && !('as_of' in query) ? kept(url) : url;
}

export const safeSegment = (name: string): string => (name === '.' || name === '..' ? `:.:${name}` : name);

export function go(to: string, options: { replace?: boolean } = {}): void {
  const url = new URL(to, window.location.href);
  if (url.origin !== window.location.origin || !isOurs(url.pathname)) {
    window.location.assign(url.href);
    return;
  }
  const before = place.get();
  window.history[options.replace ? 'replaceState' : 'pushState'](null, '', url.pathname + url.search + url.hash);
  place.set(read());
  if (url.hash !== '') requestAnimationFrame(() => document.getElementById(url.hash.slice(1))?.scrollIntoView());
  else if (place.get().path !== before.path) window.scrollTo(0, 0);
}

const isOurs = (pathname: string) => (pathname === BASE || pathname.startsWith(`${BASE}/`)) && !pathname.startsWith(`${BASE}/assets/`);

/* Changes some of the query and leaves the rest; values that are empty go. */
export function amend(change: Record<string, string | number | boolean | null | undefined>, options: { replace?: boolean } = {}): void {
  go(amended(change), options);
}

export function amended(change: Record<string, string | number | boolean | null | undefined>): string {
  const { path, query } = place.get();
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change))
    if (value === undefined || value === null || value === '' || value === false) next.delete(name);
    else next.set(name, String(value));
  const text = next.toString();
  return `${BASE}${path}${text === '' ? '' : `?${text}`}`;
}

/* The parameters of a path that fits the pattern, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [i, segment] of want.entries()) {
    const given = have[i] as string;
    if (!segment.startsWith(':')) {
      if (segment !== given) return null;
      continue;
    }
    try {
      params[segment.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return params;
}

/* Plain clicks on our own links change the page in place. */
export function startRouter(): void {
  walking = true;
  window.addEventListener('popstate', () => place.set(read()));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
    if (!isOurs(link.pathname)) return;
    if (link.pathname === window.location.pathname && link.search === window.location.search && link.hash !== '') return;
    event.preventDefault();
    go(link.href);
  });
}
