/* Two schemas side by side, printed alike, with what changed marked by words. On a narrow page, one below the other. */
import { useMemo, useState } from 'preact/hooks';
import { Button } from '../design/parts';
import { plural } from '../lib/format';
import { diff, pairs, wordParts, type Pair } from './diff';
import { Coloured, linesOf } from './source';

const AROUND = 4; /* unchanged lines shown around a change */

type Row = { kind: 'pair'; pair: Pair } | { kind: 'fold'; from: number; n: number };

function fold(all: Pair[], open: ReadonlySet<number>): Row[] {
  const near = new Uint8Array(all.length);
  all.forEach((pair, i) => {
    if (!pair.same) for (let j = Math.max(0, i - AROUND); j <= Math.min(all.length - 1, i + AROUND); j++) near[j] = 1;
  });
  const out: Row[] = [];
  for (let i = 0; i < all.length; ) {
    if (near[i]) {
      out.push({ kind: 'pair', pair: all[i++] as Pair });
      continue;
    }
    let end = i;
    while (end < all.length && !near[end]) end++;
    if (open.has(i) || end - i < 4) for (let j = i; j < end; j++) out.push({ kind: 'pair', pair: all[j] as Pair });
    else out.push({ kind: 'fold', from: i, n: end - i });
    i = end;
  }
  return out;
}

function Parts({ parts }: { parts: [string, boolean][] }) {
  return <>{parts.map(([text, changed], i) => (changed ? <mark key={i}>{text}</mark> : text))}</>;
}

function Line({ pair, before, after }: { pair: Pair; before: string[]; after: string[] }) {
  const left = pair.before === undefined ? undefined : (before[pair.before] as string);
  const right = pair.after === undefined ? undefined : (after[pair.after] as string);
  const words =
    !pair.same && left !== undefined && right !== undefined && left.length + right.length < 2000 ? wordParts(left, right) : null;
  return (
    <tr>
      <td class="no">{pair.before === undefined ? '' : pair.before + 1}</td>
      <td class={left === undefined ? 'none' : pair.same ? undefined : 'del'}>
        {!pair.same && left !== undefined && <span class="unseen">removed: </span>}
        {words ? <Parts parts={words.before} /> : left !== undefined && <Coloured text={left} />}
      </td>
      <td class="no">{pair.after === undefined ? '' : pair.after + 1}</td>
      <td class={right === undefined ? 'none' : pair.same ? undefined : 'add'}>
        {!pair.same && right !== undefined && <span class="unseen">added: </span>}
        {words ? <Parts parts={words.after} /> : right !== undefined && <Coloured text={right} />}
      </td>
    </tr>
  );
}

export function TextDiff({ before, after, names }: { before: string; after: string; names: [string, string] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [a, b, all] = useMemo(() => {
    const left = linesOf(before);
    const right = linesOf(after);
    return [left, right, pairs(diff(left, right))] as const;
  }, [before, after]);
  const rows = fold(all, open);
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Difference of the texts">
      <table class="diff">
        <caption class="unseen">
          {names[0]} on the left, {names[1]} on the right
        </caption>
        <colgroup>
          <col class="no-col" />
          <col />
          <col class="no-col" />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" colSpan={2}>
              {names[0]}
            </th>
            <th scope="col" colSpan={2}>
              {names[1]}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) =>
            row.kind === 'pair' ? (
              <Line key={i} pair={row.pair} before={a} after={b} />
            ) : (
              <tr class="fold" key={i}>
                <td colSpan={4}>
                  <Button kind="plain" size="small" onClick={() => setOpen(new Set([...open, row.from]))}>
                    Show {plural(row.n, 'unchanged line')}
                  </Button>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
