/* The difference of two texts by lines, and by words inside a line that changed. Myers' algorithm, with a bound on its work: two texts
 * that have hardly anything in common are shown as one replaced by the other. */

export type Edit = { kind: 'same' | 'del' | 'add'; before?: number; after?: number };

const WORK_MAX = 4_000_000;

function myers(a: readonly string[], b: readonly string[]): Edit[] | null {
  const n = a.length;
  const m = b.length;
  const most = n + m + 1; /* the middle of v, which is asked for one more on either side */
  const v = new Int32Array(2 * most + 2);
  const trace: Int32Array[] = [];
  let work = 0;
  for (let d = 0; d < most; d++) {
    trace.push(v.slice(most - d - (d > 0 ? 1 : 0), most + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x =
        k === -d || (k !== d && (v[most + k - 1] as number) < (v[most + k + 1] as number))
          ? (v[most + k + 1] as number)
          : (v[most + k - 1] as number) + 1;
      let y = x - k;
      while (x < n && y < m && a[x] === b[y]) {
        x++;
        y++;
      }
      v[most + k] = x;
      if (x >= n && y >= m) return back(trace, n, m);
    }
    work += d * 4 + 1;
    if (work > WORK_MAX) return null;
  }
  return null;
}

function back(trace: Int32Array[], n: number, m: number): Edit[] {
  const out: Edit[] = [];
  let x = n;
  let y = m;
  for (let d = trace.length - 1; d >= 0; d--) {
    const v = trace[d] as Int32Array;
    const middle = d + (d > 0 ? 1 : 0);
    const at = (k: number) => v[middle + k] as number;
    const k = x - y;
    const from = d === 0 ? 0 : k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const beforeX = d === 0 ? 0 : at(from);
    const beforeY = d === 0 ? 0 : beforeX - from;
    while (x > beforeX && y > beforeY && x > 0 && y > 0) {
      x--;
      y--;
      out.push({ kind: 'same', before: x, after: y });
    }
    if (d > 0) {
      if (x === beforeX) out.push({ kind: 'add', after: --y });
      else out.push({ kind: 'del', before: --x });
    }
  }
  return out.reverse();
}

export function diff(a: readonly string[], b: readonly string[]): Edit[] {
  const edits = myers(a, b);
  if (edits) return settle(edits, a, b);
  return [...a.map((_, before): Edit => ({ kind: 'del', before })), ...b.map((_, after): Edit => ({ kind: 'add', after }))];
}

/* A run of lines that were only added (or only removed) may often be moved up by one without being less true. It is when it would
 * otherwise end with an opening bracket: people see the object that came, not the end of one and the beginning of another. */
function settle(edits: Edit[], a: readonly string[], b: readonly string[]): Edit[] {
  for (let from = 0; from < edits.length; ) {
    const kind = (edits[from] as Edit).kind;
    let to = from;
    while (to < edits.length && (edits[to] as Edit).kind === kind) to++;
    const alone = kind !== 'same' && (edits[to]?.kind ?? 'same') === 'same' && (edits[from - 1]?.kind ?? 'same') === 'same';
    const texts = kind === 'add' ? b : a;
    const place = kind === 'add' ? 'after' : 'before';
    const last = texts[(edits[to - 1] as Edit)[place] as number] as string;
    const above = edits[from - 1];
    if (alone && above && /[{[]\s*$/.test(last) && texts[above[place] as number] === last) {
      for (let i = to - 1; i >= from; i--) (edits[i] as Edit)[place] = (edits[i - 1] as Edit)[place] as number;
      const moved: Edit = {
        kind: 'same',
        before: above.before,
        after: above.after,
        [place]: ((edits[to - 1] as Edit)[place] as number) + 1,
      };
      edits.splice(from - 1, to - from + 1, ...edits.slice(from, to), moved);
    }
    from = to;
  }
  return edits;
}

/* Rows of a side-by-side view: removed and added lines that follow each other stand beside each other. */
export interface Pair {
  before?: number;
  after?: number;
  same: boolean;
}

export function pairs(edits: readonly Edit[]): Pair[] {
  const out: Pair[] = [];
  for (let i = 0; i < edits.length; ) {
    const edit = edits[i] as Edit;
    if (edit.kind === 'same') {
      out.push({ before: edit.before, after: edit.after, same: true });
      i++;
      continue;
    }
    const gone: number[] = [];
    const come: number[] = [];
    for (; i < edits.length && (edits[i] as Edit).kind !== 'same'; i++) {
      const next = edits[i] as Edit;
      if (next.kind === 'del') gone.push(next.before as number);
      else come.push(next.after as number);
    }
    for (let j = 0; j < Math.max(gone.length, come.length); j++) out.push({ before: gone[j], after: come[j], same: false });
  }
  return out;
}

export const words = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/* Parts of a changed line: [text, changed]. */
export function wordParts(before: string, after: string): { before: [string, boolean][]; after: [string, boolean][] } {
  const a = words(before);
  const b = words(after);
  const left: [string, boolean][] = [];
  const right: [string, boolean][] = [];
  for (const edit of diff(a, b)) {
    if (edit.kind !== 'add') left.push([a[edit.before as number] as string, edit.kind === 'del']);
    if (edit.kind !== 'del') right.push([b[edit.after as number] as string, edit.kind === 'add']);
  }
  return { before: left, after: right };
}
