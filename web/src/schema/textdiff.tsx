/* Two schemas side by side, printed alike, with what changed marked by words. On a narrow page, one below the other. */
import { useEffect, useMemo, useState } from 'preact/hooks';
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

interface LineProps {
  pair: Pair;
  before: string[];
  after: string[];
}

function Half({ text, parts, side, same }: { text: string | undefined; parts?: [string, boolean][]; side: 'del' | 'add'; same: boolean }) {
  return (
    <td class={text === undefined ? 'none' : same ? undefined : side}>
      {!same && text !== undefined && <span class="unseen">{side === 'del' ? 'removed: ' : 'added: '}</span>}
      {parts ? <Parts parts={parts} /> : text !== undefined && <Coloured text={text} />}
    </td>
  );
}

function Line({ pair, before, after, narrow }: LineProps & { narrow: boolean }) {
  const left = pair.before === undefined ? undefined : (before[pair.before] as string);
  const right = pair.after === undefined ? undefined : (after[pair.after] as string);
  const words =
    !pair.same && left !== undefined && right !== undefined && left.length + right.length < 2000 ? wordParts(left, right) : null;
  const numbers = [pair.before, pair.after].map((n) => <td class="no">{n === undefined ? '' : n + 1}</td>);
  const halves = [
    <Half text={left} parts={words?.before} side="del" same={pair.same} />,
    <Half text={right} parts={words?.after} side="add" same={pair.same} />,
  ];
  if (!narrow)
    return (
      <tr>
        {numbers[0]}
        {halves[0]}
        {numbers[1]}
        {halves[1]}
      </tr>
    );
  if (pair.same)
    return (
      <tr>
        {numbers}
        {halves[1]}
      </tr>
    );
  return (
    <>
      {left !== undefined && (
        <tr>
          {numbers[0]}
          <td class="no" />
          {halves[0]}
        </tr>
      )}
      {right !== undefined && (
        <tr>
          <td class="no" />
          {numbers[1]}
          {halves[1]}
        </tr>
      )}
    </>
  );
}

/* Whether there is room for one column of text only. */
function useNarrow(): boolean {
  const [media] = useState(() => window.matchMedia('(max-width: 48rem)'));
  const [narrow, setNarrow] = useState(media.matches);
  useEffect(() => {
    const follow = () => setNarrow(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media]);
  return narrow;
}

export function TextDiff({ before, after, names }: { before: string; after: string; names: [string, string] }) {
  const narrow = useNarrow();
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
          {narrow ? <col class="no-col" /> : <col />}
          {narrow ? <col /> : <col class="no-col" />}
          {!narrow && <col />}
        </colgroup>
        <thead>
          {narrow ? (
            <tr>
              <th scope="col">
                <abbr title={names[0]}>{names[0].replace(/^Version /, 'v')}</abbr>
              </th>
              <th scope="col">
                <abbr title={names[1]}>{names[1].replace(/^Version /, 'v')}</abbr>
              </th>
              <th scope="col">Text</th>
            </tr>
          ) : (
            <tr>
              <th scope="col" colSpan={2}>
                {names[0]}
              </th>
              <th scope="col" colSpan={2}>
                {names[1]}
              </th>
            </tr>
          )}
        </thead>
        <tbody>
          {rows.map((row, i) =>
            row.kind === 'pair' ? (
              <Line key={i} pair={row.pair} before={a} after={b} narrow={narrow} />
            ) : (
              <tr class="fold" key={i}>
                <td colSpan={narrow ? 3 : 4}>
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
