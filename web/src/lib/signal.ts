/* A value that components can watch. */
import { useEffect, useState } from 'preact/hooks';

export interface Signal<T> {
  get: () => T;
  set: (value: T) => void;
  listen: (fn: (value: T) => void) => () => void;
  use: () => T;
}

export function signal<T>(initial: T): Signal<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  const listen = (fn: (value: T) => void) => {
    listeners.add(fn);
    return () => void listeners.delete(fn);
  };
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const fn of [...listeners]) fn(value);
    },
    listen,
    use() {
      const [value, setValue] = useState(current);
      useEffect(() => {
        setValue(() => current);
        return listen((v) => setValue(() => v));
      }, []);
      return value;
    },
  };
}
