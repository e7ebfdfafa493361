/* Short messages, said in a live region. */
import { signal } from './signal';

export interface Toast {
  id: number;
  text: string;
}
export const toasts = signal<Toast[]>([]);
let next = 1;

export function toast(text: string, keepMs = 6000): void {
  const id = next++;
  toasts.set([...toasts.get(), { id, text }]);
  setTimeout(() => dismiss(id), keepMs);
}

export const dismiss = (id: number): void => toasts.set(toasts.get().filter((t) => t.id !== id));
