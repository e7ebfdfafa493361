/* What ends, when, and who still reads it: a calendar of sunsets, and the burn-down of one. */
import { Empty, Name, Page, Show, Table, type Column } from '../../design/parts';
import { get, useLoad } from '../../lib/api';
import { all, api, type Consumption, type EventRow, type Line } from '../../lib/catalog';
import { count, dayOf, plural } from '../../lib/format';
import { amended, place } from '../../lib/router';
import { EventLink, LineLink, ServiceLink, StateChip, TeamLink } from '../../catalog/parts';

const DAY = 86400e3;
const LINES_MAX = 60;

/* The lines that end, the next sunset first. */
function useEnding() {
  return useLoad<Line[]>('ending lines', async (abort) => {
    const states = await Promise.all(['deprecated', 'sunset'].map((state) => all<EventRow>('/api/v1/events', { state }, 500, abort)));
    const names = new Set(
      states
        .flat()
        .flatMap((event) => event.lines.filter((line) => line.state === 'deprecated' || line.state === 'sunset').map((line) => line.id)),
    );
    const lines = await Promise.all([...names].slice(0, LINES_MAX).map((name) => get<Line>(api.line(name), {}, abort)));
    const value = lines.sort((a, b) => ((a.dates.sunset ?? '') < (b.dates.sunset ?? '') ? -1 : 1));
    return { value, etag: null, status: 200 };
  });
}

const daysTo = (text: string | null): number | null => (text === null ? null : Math.ceil((new Date(text).getTime() - Date.now()) / DAY));

const columns: Column<Line>[] = [
  { key: 'line', title: 'Line', head: true, cell: (line) => <LineLink line={line.id} /> },
  { key: 'state', title: 'State', cell: (line) => <StateChip of={line.state} /> },
  {
    key: 'sunset',
    title: 'Sunset',
    cell: (line) => {
      const left = daysTo(line.dates.sunset);
      return (
        <>
          {line.dates.sunset ? dayOf(new Date(line.dates.sunset)) : 'no date'}
          {left !== null && <span class="quiet small"> {left > 0 ? `in ${plural(left, 'day')}` : 'reached'}</span>}
        </>
      );
    },
  },
  { key: 'left', title: 'Consumers left', right: true, cell: (line) => count(line.consumers) },
  {
    key: 'replacement',
    title: 'Replacement',
    narrow: 'hide',
    cell: (line) =>
      line.replacement ? (
        line.replacement.includes('@') ? (
          <LineLink line={line.replacement} />
        ) : (
          <EventLink name={line.replacement} />
        )
      ) : (
        <span class="quiet">none</span>
      ),
  },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (line) => <TeamLink slug={line.owner} /> },
  {
    key: 'burn',
    title: 'Burn-down',
    unseen: true,
    cell: (line) => (
      <a href={amended({ line: line.id })} aria-label={`Burn-down of ${line.id}`}>
        Burn-down
      </a>
    ),
  },
];

/* How many read it at a moment. */
const readersAt = (rows: Consumption[], at: number): number =>
  rows.filter((row) => new Date(row.created_at).getTime() <= at && (row.ended_at === null || new Date(row.ended_at).getTime() > at)).length;

function Chart({ line, rows }: { line: Line; rows: Consumption[] }) {
  const now = Date.now();
  const from = new Date(line.dates.deprecated ?? line.dates.created ?? now).getTime();
  const end = line.dates.sunset ? new Date(line.dates.sunset).getTime() : now + 90 * DAY;
  const last = Math.max(end, now) + (end - from) * 0.04;
  const [width, height, left, bottom, top] = [760, 240, 44, 34, 16];
  const moments = [
    from,
    ...rows.flatMap((row) => (row.ended_at ? [new Date(row.ended_at).getTime()] : [])),
    ...rows.map((row) => new Date(row.created_at).getTime()),
  ]
    .filter((at) => at >= from && at <= now)
    .sort((a, b) => a - b);
  const most = Math.max(1, ...moments.map((at) => readersAt(rows, at)));
  const x = (at: number) => left + ((at - from) / Math.max(1, last - from)) * (width - left - 12);
  const y = (n: number) => top + (1 - n / most) * (height - top - bottom);
  const steps = moments.map((at) => ({ at, n: readersAt(rows, at) }));
  const path = steps.map(({ at, n }, i) => (i === 0 ? `M${x(at)} ${y(n)}` : `H${x(at)}V${y(n)}`)).join('') + `H${x(now)}`;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="area" d={`${path}V${y(0)}H${x(from)}Z`} />
      <path class="ideal" d={`M${x(from)} ${y(steps[0]?.n ?? 0)}L${x(end)} ${y(0)}`} />
      <path class="left" d={path} />
      <path class="axis" d={`M${left} ${top}V${y(0)}H${width - 12}`} fill="none" />
      <path class="end" d={`M${x(end)} ${top}V${y(0)}`} />
      {[0, most].map((n) => (
        <text key={n} x={left - 8} y={y(n) + 4} text-anchor="end">
          {n}
        </text>
      ))}
      <text x={x(from)} y={height - 12}>
        {dayOf(new Date(from))}
      </text>
      <text x={x(end)} y={height - 12} text-anchor="end">
        sunset {dayOf(new Date(end))}
      </text>
      {x(now) - x(from) > 120 && x(end) - x(now) > 170 && (
        <text x={x(now)} y={height - 12} text-anchor="middle">
          today
        </text>
      )}
    </svg>
  );
}

const left: Column<Consumption>[] = [
  { key: 'service', title: 'Service', head: true, cell: (row) => <ServiceLink slug={row.service} /> },
  { key: 'team', title: 'Team', cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'state', title: 'State', cell: (row) => <StateChip of={row.state} /> },
  { key: 'ended', title: 'Moved on', cell: (row) => (row.ended_at ? dayOf(new Date(row.ended_at)) : <span class="quiet">not yet</span>) },
];

function Burn({ line }: { line: Line }) {
  const loaded = useLoad<Consumption[]>(`burn ${line.id}`, async (abort) => {
    const lists = await Promise.all(
      [null, 'ended'].map((state) => all<Consumption>('/api/v1/consumptions', { line: line.id, state }, 1000, abort)),
    );
    return { value: lists.flat(), etag: null, status: 200 };
  });
  return (
    <section class="card stack burn" aria-labelledby="burn">
      <h2 id="burn">
        Consumers left: <Name text={line.id} />
      </h2>
      <Show of={loaded} what="Loading consumers">
        {(rows) => {
          const days = daysTo(line.dates.sunset);
          return (
            <>
              <p>
                <strong>{plural(readersAt(rows, Date.now()), 'consumer')}</strong> left
                {days !== null && (days > 0 ? `, ${plural(days, 'day')} left` : ', and the sunset is reached')}.
              </p>
              <Chart line={line} rows={rows} />
              {rows.length > 0 && <Table caption="Consumers, and when they moved on" columns={left} rows={rows} id={(row) => row.id} />}
            </>
          );
        }}
      </Show>
    </section>
  );
}

const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function DeprecationsPage() {
  const asked = place.use().query.get('line');
  const loaded = useEnding();
  return (
    <Page title="Deprecations" lead="What ends, when, and who still reads it.">
      <Show of={loaded} what="Loading what ends">
        {(lines) => {
          if (lines.length === 0)
            return (
              <Empty title="Nothing ends" icon="calendar">
                <p>A line is deprecated from the menu on its event's page, with a date that the policy allows.</p>
              </Empty>
            );
          const months = new Map<string, Line[]>();
          for (const line of lines) {
            const key = line.dates.sunset ? month.format(new Date(line.dates.sunset)) : 'No date';
            months.set(key, [...(months.get(key) ?? []), line]);
          }
          const shown = lines.find((line) => line.id === asked) ?? lines[0];
          return (
            <div class="stack wide">
              {[...months.entries()].map(([title, of]) => (
                <section key={title} class="stack tight">
                  <h2>{title}</h2>
                  <Table caption={`Sunsets: ${title}`} columns={columns} rows={of} id={(line) => line.id} />
                </section>
              ))}
              {shown && <Burn key={shown.id} line={shown} />}
            </div>
          );
        }}
      </Show>
    </Page>
  );
}
