/* Two drawings in time: when lines end, and how many still read one. Each stands over the table that says the same. */
import { Drawn } from '../../catalog/parts';
import type { Consumption, Line } from '../../lib/catalog';
import { dayOf, plural } from '../../lib/format';

export const DAY = 86400e3;
const WIDTH = 900;

const time = (text: string | null | undefined): number | null => (text ? new Date(text).getTime() : null);
const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });

function months(from: number, to: number): number[] {
  const first = new Date(from);
  const step = Math.max(1, Math.round((to - from) / (12 * 30 * DAY)));
  const out: number[] = [];
  for (let m = first.getUTCMonth() + 1; ; m += step) {
    const at = Date.UTC(first.getUTCFullYear(), m, 1);
    if (at >= to) return out;
    out.push(at);
  }
}

const monthText = (at: number) => `${monthName.format(at)}${new Date(at).getUTCMonth() === 0 ? ` ${new Date(at).getUTCFullYear()}` : ''}`;

/* From the day it was said that a line ends to its sunset, and from there until it is removed. */
export function Calendar({ lines }: { lines: Line[] }) {
  const now = Date.now();
  const points = lines.flatMap((line) => [time(line.dates.deprecated) ?? now, time(line.dates.sunset) ?? now]);
  const from = Math.min(now - 20 * DAY, ...points.map((at) => at - 6 * DAY));
  const to = Math.max(now + 60 * DAY, ...points.map((at) => at + 12 * DAY));
  const [left, right, row, top] = [230, 24, 34, 30];
  const height = top + lines.length * row + 12;
  const x = (at: number) => left + ((at - from) / (to - from)) * (WIDTH - left - right);
  return (
    <Drawn label="When lines end" width={WIDTH} height={height} class="calendar">
      {months(from, to).map((at) => (
        <g key={at}>
          <line class="grid" x1={x(at)} x2={x(at)} y1={top - 6} y2={height - 6} />
          <text x={x(at) + 4} y={top - 12}>
            {monthText(at)}
          </text>
        </g>
      ))}
      {lines.map((line, i) => {
        const y = top + i * row;
        const begin = time(line.dates.deprecated) ?? now;
        const end = time(line.dates.sunset);
        const reached = line.state === 'sunset' && end !== null;
        const bar = end ?? to - 4 * DAY;
        const word = `${plural(line.consumers, 'consumer')} left`;
        const room = x(bar) - x(begin) > 130;
        return (
          <g key={line.id}>
            <text class="major" x={0} y={y + 18}>
              {line.id.length > 32 ? `${line.id.slice(0, 31)}…` : line.id}
            </text>
            <rect class="s-deprecated" x={x(begin)} y={y + 3} width={Math.max(4, x(bar) - x(begin))} height={22} rx={5} />
            {reached && end < now && <rect class="s-sunset" x={x(end)} y={y + 3} width={Math.max(4, x(now) - x(end))} height={22} rx={5} />}
            {end !== null && <path class="mark" d={`M${x(end)} ${y}v28`} />}
            <text x={room ? x(begin) + 10 : x(Math.min(begin, bar)) - 8} y={y + 18} text-anchor={room ? 'start' : 'end'}>
              {word}
            </text>
          </g>
        );
      })}
      <line class="now" x1={x(now)} x2={x(now)} y1={top - 6} y2={height - 6} />
      <text class="nowtext" x={x(now) - 4} y={top - 12} text-anchor="end">
        today
      </text>
    </Drawn>
  );
}

/* How many read it at a moment. */
export const readersAt = (rows: Consumption[], at: number): number =>
  rows.filter((row) => new Date(row.created_at).getTime() <= at && (row.ended_at === null || new Date(row.ended_at).getTime() > at)).length;

/* Consumers left against days left; the dashed line is the pace that would do. */
export function BurnDown({ line, rows }: { line: Line; rows: Consumption[] }) {
  const now = Date.now();
  const end = time(line.dates.sunset) ?? now + 90 * DAY;
  const begun = time(line.dates.deprecated) ?? time(line.dates.created) ?? now;
  const from = Math.min(begun, Math.max(end, now) - 14 * DAY);
  const last = Math.max(end, now) + (Math.max(end, now) - from) * 0.05;
  const [height, left, right, bottom, top] = [250, 36, 20, 32, 26];
  const turns = rows
    .flatMap((row) => [time(row.created_at), time(row.ended_at)])
    .filter((at): at is number => at !== null && at > from && at <= now);
  const stops = [from, ...turns.sort((a, b) => a - b), now].map((at) => ({ at, n: readersAt(rows, at) }));
  const most = Math.max(1, ...stops.map(({ n }) => n));
  const x = (at: number) => left + ((at - from) / (last - from)) * (WIDTH - left - right);
  const y = (n: number) => top + (1 - n / most) * (height - top - bottom);
  const path = stops.map(({ at, n }, i) => (i === 0 ? `M${x(at)} ${y(n)}` : `H${x(at)}V${y(n)}`)).join('');
  const start = readersAt(rows, begun);
  const ticks = [...new Set([0, Math.round(most / 2), most])];
  const near = Math.abs(x(now) - x(end)) < 130;
  return (
    <Drawn label={`Consumers left of ${line.id}`} width={WIDTH} height={height} class="burn">
      {ticks.map((n) => (
        <g key={n}>
          <line class="grid" x1={left} x2={WIDTH - right} y1={y(n)} y2={y(n)} />
          <text x={left - 10} y={y(n) + 4} text-anchor="end">
            {n}
          </text>
        </g>
      ))}
      <path class="area" d={`${path}V${y(0)}H${x(from)}Z`} />
      {end > begun && <path class="ideal" d={`M${x(begun)} ${y(start)}L${x(end)} ${y(0)}`} />}
      <path class="left" d={path} />
      <circle class="dot" cx={x(now)} cy={y(readersAt(rows, now))} r={4} />
      <line class="end" x1={x(end)} x2={x(end)} y1={top - 6} y2={y(0)} />
      <text class="endtext" x={x(end)} y={top - 12} text-anchor="end">
        sunset {dayOf(new Date(end))}
      </text>
      <text x={x(from)} y={height - 10}>
        {dayOf(new Date(from))}
      </text>
      {!near && (
        <text
          class="nowtext"
          x={x(now)}
          y={height - 10}
          text-anchor={x(now) < left + 130 ? 'start' : 'middle'}
          dx={x(now) < left + 130 ? 90 : 0}
        >
          today
        </text>
      )}
    </Drawn>
  );
}
