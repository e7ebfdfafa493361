/* What ends, when, and who still reads it: a calendar of sunsets, the list, and the burn-down of one. What can be removed says so itself. */
import { useState } from 'preact/hooks';
import { Replacement, ServiceLink, StateChip, TeamLink, LineLink } from '../../catalog/parts';
import { Button, Empty, Name, Page, Refusal, Show, Table, type Column } from '../../design/parts';
import { get, post, useGet, useLoad, type Failure } from '../../lib/api';
import { all, api, type Answer, type Consumption, type EventRow, type Line } from '../../lib/catalog';
import { count, dayOf, daysIn, plural } from '../../lib/format';
import { amended, asOf, place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { BurnDown, Calendar, DAY, readersAt } from './chart';

const LINES_MAX = 60;
const DRAWN_MAX = 24;

interface Ending {
  lines: Line[];
  more: number;
}

/* The lines that end, the next sunset first; of one owner, or those that a team reads. */
function useEnding(owner: string | null, reader: string | null) {
  return useLoad<Ending>(`ending ${owner} ${reader}`, async (abort) => {
    const states = ['deprecated', 'sunset'];
    const [events, reads] = await Promise.all([
      Promise.all(states.map((state) => all<EventRow>('/api/v1/events', { state, owner }, 1000, abort))),
      reader ? all<Consumption>('/api/v1/consumptions', { team: reader }, 2000, abort) : null,
    ]);
    const read = reads && new Set(reads.map((row) => row.line));
    const ends = new Map(
      events.flat().flatMap((event) => event.lines.filter((line) => states.includes(line.state)).map((line) => [line.id, line])),
    );
    const names = [...ends.values()]
      .filter((line) => read === null || read.has(line.id))
      .sort((a, b) => ((a.sunset_at ?? '9') < (b.sunset_at ?? '9') ? -1 : 1))
      .map((line) => line.id);
    const lines = await Promise.all(names.slice(0, LINES_MAX).map((name) => get<Line>(api.line(name), {}, abort)));
    return { value: { lines, more: names.length - lines.length }, etag: null, status: 200 };
  });
}

const daysTo = (text: string | null): number | null => (text === null ? null : Math.ceil((new Date(text).getTime() - Date.now()) / DAY));

/* Asks whether the line may go; one press removes it once the answer is yes. */
function Remove({ line }: { line: Line }) {
  const answer = useGet<Answer>(line.state === 'sunset' ? '/api/v1/can-i/remove' : null, { line: line.id });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (line.state !== 'sunset') return <span class="quiet small">after its sunset</span>;
  const yes = answer.value?.answer === 'yes' && asOf() === null;
  const reasons = answer.value?.because ?? [];
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await post(`${api.line(line.id)}/remove`, { reason: 'It has reached its sunset and nobody reads it.' });
      toast(`${line.id} is removed`);
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  return (
    <div class="stack tight">
      <Button
        kind={yes ? 'danger' : undefined}
        size="small"
        icon="trash"
        disabled={!yes}
        busy={busy}
        onClick={() => void run()}
        aria-label={`Remove ${line.id}`}
      >
        Remove
      </Button>
      {!yes && reasons[0] && (
        <span class="summary">
          {daysIn(reasons[0].detail)}
          {reasons.length > 1 && `, and ${reasons.length - 1} more`}
        </span>
      )}
      <Refusal failure={failure} />
    </div>
  );
}

const columns = (shown: string | undefined): Column<Line>[] => [
  {
    key: 'line',
    title: 'Line',
    head: true,
    cell: (line) => (
      <>
        <LineLink line={line.id} />
        {line.reason && <div class="summary">{line.reason}</div>}
      </>
    ),
  },
  {
    key: 'sunset',
    title: 'Sunset',
    sort: (a, b) => ((a.dates.sunset ?? '9') < (b.dates.sunset ?? '9') ? -1 : 1),
    cell: (line) => {
      const left = daysTo(line.dates.sunset);
      return (
        <>
          <StateChip of={line.state} />
          <div class="nowrap">{line.dates.sunset ? dayOf(new Date(line.dates.sunset)) : 'no date'}</div>
          {left !== null && <div class="quiet small">{left > 0 ? `in ${plural(left, 'day')}` : 'reached'}</div>}
        </>
      );
    },
  },
  {
    key: 'left',
    title: 'Consumers left',
    right: true,
    sort: (a, b) => a.consumers - b.consumers,
    cell: (line) => (
      <a
        href={amended({ line: line.id })}
        aria-current={line.id === shown ? 'true' : undefined}
        aria-label={`${plural(line.consumers, 'consumer')} left of ${line.id}: burn-down`}
      >
        {count(line.consumers)}
      </a>
    ),
  },
  { key: 'replacement', title: 'Instead', narrow: 'hide', cell: (line) => <Replacement of={line.replacement} /> },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (line) => <TeamLink slug={line.owner} /> },
  { key: 'remove', title: 'Remove', cell: (line) => <Remove line={line} /> },
];

const left: Column<Consumption>[] = [
  { key: 'service', title: 'Service', head: true, cell: (row) => <ServiceLink slug={row.service} /> },
  { key: 'team', title: 'Team', cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'state', title: 'State', narrow: 'hide', cell: (row) => <StateChip of={row.state} /> },
  { key: 'ended', title: 'Moved on', cell: (row) => (row.ended_at ? dayOf(new Date(row.ended_at)) : <span class="quiet">not yet</span>) },
];

function Burn({ line }: { line: Line }) {
  const loaded = useLoad<Consumption[]>(`burn ${line.id}`, async (abort) => {
    const lists = await Promise.all(
      [null, 'ended'].map((state) => all<Consumption>('/api/v1/consumptions', { line: line.id, state }, 1000, abort)),
    );
    const rows = new Map(lists.flat().map((row) => [row.id, row]));
    return { value: [...rows.values()].sort((a, b) => ((a.ended_at ?? '') < (b.ended_at ?? '') ? -1 : 1)), etag: null, status: 200 };
  });
  return (
    <section class="card stack" aria-labelledby="burn">
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
              <BurnDown line={line} rows={rows} />
              {rows.length > 0 && <Table caption="Consumers, and when they moved on" columns={left} rows={rows} id={(row) => row.id} />}
            </>
          );
        }}
      </Show>
    </section>
  );
}

export function DeprecationsPage() {
  const { query } = place.use();
  const [owner, reader] = [query.get('owner'), query.get('reader')];
  const loaded = useEnding(owner, reader);
  return (
    <Page title="Deprecations" lead="What ends, when, and who still reads it.">
      <div class="stack wide">
        {(owner || reader) && (
          <p class="small">
            {owner ? 'Only lines of team ' : 'Only what is read by team '}
            <TeamLink slug={(owner ?? reader) as string} />. <a href={amended({ owner: null, reader: null, line: null })}>Show all</a>
          </p>
        )}
        <Show of={loaded} what="Loading what ends">
          {({ lines, more }) => {
            if (lines.length === 0)
              return (
                <Empty title="Nothing ends" icon="calendar">
                  <p>A line is deprecated from the menu on its event's page, with a date that the policy allows.</p>
                </Empty>
              );
            const asked = query.get('line');
            const shown = lines.find((line) => line.id === asked) ?? [...lines].sort((a, b) => b.consumers - a.consumers)[0];
            return (
              <>
                <section class="card stack" aria-label="Calendar">
                  <Calendar lines={lines.slice(0, DRAWN_MAX)} />
                </section>
                <Table
                  caption="Lines that end"
                  columns={columns(shown?.id)}
                  rows={lines}
                  id={(line) => line.id}
                  order={query.get('sort') ?? 'sunset'}
                />
                {more > 0 && <p class="quiet">And {plural(more, 'line')} more, with later dates: look at one team's.</p>}
                {shown && <Burn key={shown.id} line={shown} />}
              </>
            );
          }}
        </Show>
      </div>
    </Page>
  );
}
