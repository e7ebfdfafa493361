/* Keyboard shortcuts: single letters and pairs ("g e"), never while something is typed, and all of them can be turned off (WCAG 2.1.4). */
import { useEffect } from 'preact/hooks';
import { signal } from './signal';

export interface Shortcut {
  keys: string;
  label: string;
  run: () => void;
}

const PAIR_MS = 1200;
const shortcuts = new Map<string, Shortcut>();
let first: { key: string; at: number } | null = null;

export const keysOn = signal(localStorage.getItem('avow.keys') !== 'off');
keysOn.listen((on) => (on ? localStorage.removeItem('avow.keys') : localStorage.setItem('avow.keys', 'off')));

export const allShortcuts = (): Shortcut[] => [...shortcuts.values()];

export function addShortcut(shortcut: Shortcut): () => void {
  const before = shortcuts.get(shortcut.keys);
  shortcuts.set(shortcut.keys, shortcut);
  return () => {
    if (shortcuts.get(shortcut.keys) !== shortcut) return;
    if (before) shortcuts.set(shortcut.keys, before);
    else shortcuts.delete(shortcut.keys);
  };
}

/* A shortcut that lives as long as the component. */
export function useShortcut(keys: string, label: string, run: () => void): void {
  useEffect(() => addShortcut({ keys, label, run }));
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function onKey(event: KeyboardEvent): void {
  if (!keysOn.get() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (document.querySelector('dialog[open]') && event.key !== '?') return;
  const now = Date.now();
  const pair = first !== null && now - first.at < PAIR_MS ? `${first.key} ${event.key}` : null;
  first = null;
  const found = (pair !== null && shortcuts.get(pair)) || shortcuts.get(event.key);
  if (found) {
    event.preventDefault();
    found.run();
    return;
  }
  for (const keys of shortcuts.keys())
    if (keys.startsWith(`${event.key} `)) {
      first = { key: event.key, at: now };
      return;
    }
}

/* j and k walk through the rows of the page: the first link of each. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row] a, main [data-row] button')].filter(
    (item, i, all) => all.findIndex((other) => other.closest('[data-row]') === item.closest('[data-row]')) === i,
  );
  const at = rows.findIndex((item) => item.closest('[data-row]')?.contains(document.activeElement));
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

export function startKeys(): void {
  document.addEventListener('keydown', onKey);
  addShortcut({ keys: 'j', label: 'Next row', run: () => step(1) });
  addShortcut({ keys: 'k', label: 'Previous row', run: () => step(-1) });
}
