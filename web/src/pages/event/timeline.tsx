/* The lines of an event through time, drawn, and the same in words; then all that happened, from the audit trail. */
import { Empty, Pager, Show, Table, When, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { api, type Happening, type Line, type LineVersion, type State } from '../../lib/catalog';
import { count, dayOf } from '../../lib/format';
import { amended, place } from '../../lib/router';
import { Drawn, StateChip } from '../../catalog/parts';
import type { TabProps } from '.';

const DAY = 86400e3;
const WIDTH = 900;
const LEFT = 70;
const RIGHT = 20;

interface Span {
  state: State;
  from: number;
  to: number;
}

const time = (text: string | null): number | null => (text === null ? null : new Date(text).getTime());

/* What a line was, is and will be, as spans; the last one is open until `end`. */
function spans(line: Line, now: number, end: number): Span[] {
  const { created, activated, deprecated, sunset, sunset_reached, removed } = line.dates;
  const marks: [State, number | null][] = [
    ['draft', time(created)],
    ['active', time(activated)],
    ['deprecated', time(deprecated)],
    ['sunset', time(sunset_reached) ?? (time(deprecated) === null ? null : time(sunset))],
    ['removed', time(removed)],
  ];
  const known = marks.filter((mark): mark is [State, number] => mark[1] !== null);
  return known.flatMap(([state, from], i) => {
    const to = known[i + 1]?.[1] ?? (state === 'removed' ? from : Math.max(end, now));
    return to - from > 0 ? [{ state, from, to }] : [];
  });
}

function ticks(from: number, to: number): number[] {
  const step = (to - from) / 6;
  const months = Math.max(1, Math.round(step / (30 * DAY)));
  const out: number[] = [];
  if (to - from < 70 * DAY) {
    for (let at = Math.ceil(from / DAY) * DAY; at < to; at += Math.max(1, Math.ceil(step / DAY)) * DAY) out.push(at);
    return out;
  }
  const first = new Date(from);
  for (let m = first.getUTCMonth() + 1; ; m += months) {
    const at = Date.UTC(first.getUTCFullYear(), m, 1);
    if (at >= to) return out;
    out.push(at);
  }
}

const VERSIONS_DRAWN = 200;

/* A tick for each version, on the bar of its line; what broke somebody by agreement stands out. */
function Versions({ line, x, y }: { line: Line; x: (at: number) => number; y: number }) {
  const versions = useGet<List<LineVersion>>(line.versions > 0 ? `${api.line(line.id)}/versions` : null, { limit: VERSIONS_DRAWN });
  return (
    <g>
      {versions.value?.items.map((version) => (
        <path
          key={version.id}
          class={version.accepted_break ? 'version broke' : 'version'}
          d={`M${x(new Date(version.created_at).getTime()).toFixed(1)} ${y + 26}v-7`}
        >
          <title>
            {version.semver}, {dayOf(new Date(version.created_at))}
            {version.accepted_break ? ', breaks by agreement' : ''}
          </title>
        </path>
      ))}
    </g>
  );
}

function Bars({ lines }: { lines: Line[] }) {
  const now = Date.now();
  const points = lines.flatMap((line) => Object.values(line.dates).flatMap((text) => time(text) ?? []));
  const first = Math.min(now - 14 * DAY, ...points);
  const last = Math.max(now + 45 * DAY, ...points.map((at) => at + 20 * DAY));
  const x = (at: number) => LEFT + ((at - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const height = 46 + lines.length * 44;
  return (
    <Drawn label="Lines through time" width={WIDTH} height={height} class="timeline">
      {ticks(first, last).map((at) => (
        <g key={at}>
          <line class="grid" x1={x(at)} x2={x(at)} y1={22} y2={height - 20} />
          <text x={x(at)} y={height - 6} text-anchor="middle">
            {dayOf(new Date(at))}
          </text>
        </g>
      ))}
      {lines.map((line, i) => {
        const y = 34 + i * 44;
        return (
          <g key={line.id}>
            <text class="major" x={0} y={y + 17}>
              Line {line.major}
            </text>
            {spans(line, now, last).map((span) => (
              <g key={span.state}>
                <rect class={`s-${span.state}`} x={x(span.from)} y={y} width={Math.max(3, x(span.to) - x(span.from))} height={26} rx={5} />
                {x(span.to) - x(span.from) > 70 && (
                  <text x={x(span.from) + 10} y={y + 17}>
                    {span.state}
                  </text>
                )}
              </g>
            ))}
            <Versions line={line} x={x} y={y} />
            {line.dates.sunset && <path class="mark" d={`M${x(time(line.dates.sunset) as number)} ${y - 5}v36`} />}
          </g>
        );
      })}
      <line class="now" x1={x(now)} x2={x(now)} y1={22} y2={height - 20} />
      <text class="nowtext" x={x(now)} y={14} text-anchor="middle">
        today
      </text>
    </Drawn>
  );
}

const day = (text: string | null) => (text ? dayOf(new Date(text)) : '');

const columns: Column<Line>[] = [
  { key: 'line', title: 'Line', head: true, cell: (line) => line.major },
  { key: 'state', title: 'State', cell: (line) => <StateChip of={line.state} /> },
  { key: 'versions', title: 'Versions', right: true, cell: (line) => count(line.versions) },
  { key: 'created', title: 'Drafted', cell: (line) => day(line.dates.created) },
  { key: 'activated', title: 'Activated', cell: (line) => day(line.dates.activated) },
  { key: 'deprecated', title: 'Deprecated', cell: (line) => day(line.dates.deprecated) },
  { key: 'sunset', title: 'Sunset', cell: (line) => day(line.dates.sunset) },
  { key: 'removed', title: 'Removed', cell: (line) => day(line.dates.removed) },
];

/* "consumption.requested" of "consumption:cns_…" as a person says it. */
function what(item: Happening): string {
  const detail = item.detail ?? {};
  const [kind = '', name = ''] = item.object.split(/:(.*)/s);
  const service = typeof detail.service === 'string' ? detail.service : '';
  const verb = item.kind.split('.').pop()?.replace(/_/g, ' ') ?? item.kind;
  if (kind === 'change') return `${name} ${verb}${typeof detail.summary === 'string' ? `: ${detail.summary}` : ''}`;
  if (service) return `${service}: ${kind} ${verb}`;
  return `${kind} ${name} ${verb}`;
}

export function TimelineTab({ event, line }: TabProps) {
  const { query } = place.use();
  const list = useGet<List<Happening>>(`${api.line(line.id)}/timeline`, { limit: 50, cursor: query.get('cursor') });
  return (
    <div class="stack wide">
      <section class="card stack" aria-label="Lines through time">
        <Bars lines={event.lines} />
      </section>
      <Table caption="Dates of each line" columns={columns} rows={event.lines} id={(one) => one.id} />
      <section class="stack tight">
        <h2>What happened</h2>
        <Show of={list} what="Loading what happened">
          {({ items, next }) =>
            items.length > 0 ? (
              <>
                <ol role="list" class="card flush happenings">
                  {items.map((item) => (
                    <li key={item.seq}>
                      <a class="small quiet" href={amended({ as_of: item.at, cursor: null })} title="See the event as it was then">
                        <When at={item.at} />
                      </a>
                      <span>
                        {what(item)}
                        <span class="small quiet"> by {item.actor}</span>
                        {item.reason && <div class="summary">{item.reason}</div>}
                      </span>
                    </li>
                  ))}
                </ol>
                <Pager next={next} />
              </>
            ) : (
              <Empty title="Nothing has happened yet" icon="clock" />
            )
          }
        </Show>
      </section>
    </div>
  );
}
