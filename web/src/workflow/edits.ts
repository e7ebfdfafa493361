/* What if: edits of a schema, as the address of the lab has them (drop=, rename=, retype=, optional=, add=) and as the API takes them. */
import { lineHref, splitLine } from '../lib/catalog';
import { BASE, place } from '../lib/router';
import { sentence } from '../lib/format';

export type Op = 'drop' | 'rename' | 'retype' | 'optional' | 'add';

export interface Edit {
  op: Op;
  path: string;
  to: string /* the new name or type; empty: not said yet */;
  fallback?: string /* the default of what is added, as it was typed */;
}

export const OPS: readonly Op[] = ['drop', 'rename', 'retype', 'optional', 'add'];

/* "path:new", or "path:type:default" of what is added: all encoded, so that a colon in a name does no harm. */
export function readEdits(query: URLSearchParams): Edit[] {
  const plain = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return OPS.flatMap((op) =>
    query.getAll(op).flatMap((value): Edit[] => {
      if (op === 'drop' || op === 'optional') return value === '' ? [] : [{ op, path: value, to: '' }];
      const [path = '', to = '', fallback] = value.split(':').map(plain);
      return [fallback === undefined || fallback === '' ? { op, path, to } : { op, path, to, fallback }];
    }),
  );
}

/* A link to the lab of the page that is shown, with other edits. */
export function editsHref(edits: Edit[]): string {
  const { path, query } = place.get();
  const next = new URLSearchParams(query);
  for (const op of OPS) next.delete(op);
  const code = (text: string) => text.replace(/[%:]/g, encodeURIComponent);
  for (const { op, path: at, to, fallback } of edits)
    next.append(op, op === 'drop' || op === 'optional' ? at : [at, to, ...(fallback ? [fallback] : [])].map(code).join(':'));
  const text = next.toString();
  return `${BASE}${path}${text === '' ? '' : `?${text}`}`;
}

export const labHref = (line: string, drop?: string): string => lineHref(line, 'impact', { drop: drop ?? null });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
const typeOf = (text: string): unknown => (/^[[{"]/.test(text.trim()) ? jsonOf(text) : text.trim());

/* Those that say all they have to, in the order in which they can be made: a field is dropped or typed under its old name, and comes when the
 * one that had its name is gone. */
const turn: Record<Op, number> = { drop: 0, retype: 0, optional: 0, rename: 1, add: 2 };

export function bodyOf(edits: Edit[]): Record<string, unknown>[] {
  const whole = edits.filter(({ op, to }) => op === 'drop' || op === 'optional' || to.trim() !== '');
  const gone = whole.filter(({ op }) => op === 'drop').map(({ path }) => path);
  const below = (path: string) => gone.some((above) => path !== above && (path.startsWith(`${above}.`) || path.startsWith(`${above}[`)));
  const deep = (path: string) => path.split('.').length;
  return whole
    .filter(({ path }) => !below(path))
    .sort((a, b) => deep(b.path) - deep(a.path) || turn[a.op] - turn[b.op])
    .map(({ op, path, to, fallback }) => {
      if (op === 'drop') return { op: 'remove_field', path };
      if (op === 'optional') return { op: 'make_optional', path };
      if (op === 'retype') return { op: 'retype_field', path, type: typeOf(to) };
      if (op === 'add') return { op: 'add_field', path, type: typeOf(to), ...(fallback ? { default: jsonOf(fallback) } : {}) };
      return { op: 'rename_field', path, name: to.trim() };
    });
}

/* "Remove currency, rename amount to total" */
export function titleOf(edits: Edit[], line: string): string {
  const words = edits.map(({ op, path, to }) => {
    if (op === 'drop') return `remove ${path}`;
    if (op === 'optional') return `make ${path} optional`;
    if (op === 'add') return `add ${path}`;
    return op === 'rename' ? `rename ${path} to ${to}` : `make ${path} ${to}`;
  });
  const text = words.length > 3 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', ');
  return text === '' ? `A new schema for ${splitLine(line).event}` : sentence(text);
}
