/* How well the catalog is kept, and where what was declared differs from what was seen. */
import { Page, Pager, Segments, Show, Table, When, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import type { TeamDebt } from '../../lib/catalog';
import { count, plural } from '../../lib/format';
import { amended, href, place } from '../../lib/router';
import { EventLink, LineLink, ServiceLink, TeamLink } from '../../catalog/parts';

interface Health {
  events: number;
  uncatalogued: number;
  drift: Record<string, number>;
  orphaned: { event: string; team: string; dissolved: boolean }[];
  undocumented_lines: number;
  undocumented: { line: string; team: string; state: string; missing: string[] }[];
  overrides: {
    change: string;
    line: string;
    title: string;
    override: { at: string; by: string; reason: string; ticket: string; affected: string[] };
  }[];
  teams: TeamDebt[];
  evaluated_at: string;
}

interface Drift {
  kind: string;
  line: string;
  service?: string;
  team?: string;
  owner: string;
  what?: string;
  detail: string;
  last_seen?: string;
}

const LINES_MAX = 100;

const kinds: Record<string, string> = {
  undeclared_read: 'reads that nobody declared',
  undeclared_write: 'writes that nobody declared',
  unused_declaration: 'declarations that nobody saw',
  wrong_version: 'other versions than declared',
  unknown_field: 'fields that do not exist',
};

const drifts: Column<Drift>[] = [
  { key: 'line', title: 'Event', head: true, cell: (row) => <LineLink line={row.line} tab="consumers" /> },
  { key: 'detail', title: 'What differs', cell: (row) => row.detail },
  {
    key: 'service',
    title: 'Service',
    cell: (row) => (row.service ? <ServiceLink slug={row.service} /> : <span class="quiet">unknown</span>),
  },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (row) => <TeamLink slug={row.owner} /> },
  {
    key: 'seen',
    title: 'Last seen',
    narrow: 'hide',
    cell: (row) => (row.last_seen ? <When at={row.last_seen} /> : <span class="quiet">never</span>),
  },
];

function DriftPart({ counts }: { counts: Record<string, number> }) {
  const { query } = place.use();
  const kind = query.get('kind');
  const team = query.get('team');
  const list = useGet<List<Drift>>('/api/v1/drift', { kind, team, limit: 50, cursor: query.get('cursor') });
  const known = Object.entries(counts);
  return (
    <section class="stack tight">
      <h2>Declared against seen</h2>
      {team && (
        <p class="small">
          Only what concerns team <TeamLink slug={team} />. <a href={amended({ team: null, cursor: null })}>Show all</a>
        </p>
      )}
      {known.length > 1 && (
        <Segments
          label="Kind"
          items={[
            { href: amended({ kind: null, cursor: null }), label: 'All', current: !kind },
            ...known.map(([name, n]) => ({
              href: amended({ kind: name, cursor: null }),
              label: `${kinds[name] ?? name} (${n})`,
              current: kind === name,
            })),
          ]}
        />
      )}
      <Show of={list} what="Comparing">
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <Table caption="Drift" columns={drifts} rows={items} id={(row) => `${row.kind} ${row.line} ${row.service} ${row.what}`} />
              <Pager next={next} />
            </>
          ) : (
            <p class="quiet">What was seen is what was declared.</p>
          )
        }
      </Show>
    </section>
  );
}

const debts: Column<TeamDebt>[] = [
  { key: 'team', title: 'Team', head: true, cell: (row) => <TeamLink slug={row.team} /> },
  { key: 'events', title: 'Events', right: true, sort: (a, b) => a.events - b.events, cell: (row) => count(row.events) },
  {
    key: 'undocumented',
    title: 'Undocumented',
    right: true,
    sort: (a, b) => a.undocumented - b.undocumented,
    cell: (row) => count(row.undocumented),
  },
  {
    key: 'breaks',
    title: 'Accepted breaks',
    right: true,
    narrow: 'hide',
    sort: (a, b) => a.accepted_breaks - b.accepted_breaks,
    cell: (row) => count(row.accepted_breaks),
  },
  {
    key: 'ending',
    title: 'Lines that end',
    right: true,
    narrow: 'hide',
    sort: (a, b) => a.deprecated_lines - b.deprecated_lines,
    cell: (row) => count(row.deprecated_lines),
  },
  {
    key: 'reads',
    title: 'Reads what ends',
    right: true,
    narrow: 'hide',
    sort: (a, b) => a.reads_ending_lines - b.reads_ending_lines,
    cell: (row) => count(row.reads_ending_lines),
  },
  {
    key: 'undeclared',
    title: 'Says not what it reads',
    right: true,
    sort: (a, b) => a.undeclared_consumptions - b.undeclared_consumptions,
    cell: (row) => count(row.undeclared_consumptions),
  },
];

const undocumented: Column<Health['undocumented'][number]>[] = [
  { key: 'line', title: 'Event', head: true, cell: (row) => <LineLink line={row.line} tab="docs" /> },
  { key: 'missing', title: 'Lacks', cell: (row) => row.missing.map((what) => what.replace(/_/g, ' ')).join(', ') },
  { key: 'team', title: 'Team', cell: (row) => <TeamLink slug={row.team} /> },
];

const overrides: Column<Health['overrides'][number]>[] = [
  {
    key: 'change',
    title: 'Change',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['changes', row.change])}>{`${row.change} ${row.title}`}</a>
        <div class="summary">
          {row.override.reason} {row.override.ticket && <code>{row.override.ticket}</code>}
        </div>
      </>
    ),
  },
  { key: 'line', title: 'Event', cell: (row) => <LineLink line={row.line} /> },
  {
    key: 'affected',
    title: 'Overruled',
    narrow: 'hide',
    cell: (row) => (
      <ul role="list">
        {row.override.affected.map((team) => (
          <li key={team}>
            <TeamLink slug={team} />
          </li>
        ))}
      </ul>
    ),
  },
  {
    key: 'by',
    title: 'By',
    cell: (row) => (
      <>
        {row.override.by}{' '}
        <span class="quiet small nowrap">
          <When at={row.override.at} />
        </span>
      </>
    ),
  },
];

function Numbers({ of }: { of: Health }) {
  const drift = Object.values(of.drift).reduce((sum, n) => sum + n, 0);
  const items: [number, string, string][] = [
    [of.events, 'events', href(['events'])],
    [of.uncatalogued, 'uncatalogued subjects', href(['adopt'])],
    [of.undocumented_lines, 'lines without all documentation', '#undocumented'],
    [of.orphaned.length, 'events without a team that answers', '#orphaned'],
    [drift, 'differences from what was seen', '#drift'],
    [of.overrides.length, 'overrides', '#overrides'],
  ];
  return (
    <div class="numbers">
      {items.map(([n, word, to]) => (
        <a key={word} href={to}>
          <strong>{count(n)}</strong>
          <span>{word}</span>
        </a>
      ))}
    </div>
  );
}

export function HealthPage() {
  const loaded = useGet<Health>('/api/v1/health');
  const order = place.use().query.get('sort');
  return (
    <Page title="Health and drift" lead="How well the catalog is kept, and where it is not true any more.">
      <Show of={loaded} what="Looking at everything">
        {(health) => (
          <div class="stack wide">
            <Numbers of={health} />
            <div id="drift">
              <DriftPart counts={health.drift} />
            </div>
            <section class="stack tight" id="orphaned">
              <h2>Orphans</h2>
              {health.orphaned.length === 0 ? (
                <p class="quiet">Every event has a team with somebody in it.</p>
              ) : (
                <ul role="list" class="stack tight">
                  {health.orphaned.map((orphan) => (
                    <li key={orphan.event}>
                      <EventLink name={orphan.event} />{' '}
                      <span class="quiet">
                        of team {orphan.team}, which {orphan.dissolved ? 'is dissolved' : 'has no members'}: hand it over
                      </span>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section class="stack tight" id="undocumented">
              <h2>Not documented</h2>
              {health.undocumented.length === 0 ? (
                <p class="quiet">Every line has all that the policy requires.</p>
              ) : (
                <>
                  <Table
                    caption="Lines without all documentation"
                    columns={undocumented}
                    rows={health.undocumented.slice(0, LINES_MAX)}
                    id={(row) => row.line}
                  />
                  {health.undocumented_lines > LINES_MAX && (
                    <p class="quiet">And {plural(health.undocumented_lines - LINES_MAX, 'line')} more: the debt of each team says whose.</p>
                  )}
                </>
              )}
            </section>
            <section class="stack tight">
              <h2>Debt of each team</h2>
              <Table caption="Debt of each team" columns={debts} rows={health.teams} id={(row) => row.team} order={order} />
            </section>
            <section class="stack tight" id="overrides">
              <h2>Overrides</h2>
              {health.overrides.length === 0 ? (
                <p class="quiet">Nobody was overruled.</p>
              ) : (
                <Table caption="Overrides" columns={overrides} rows={health.overrides} id={(row) => row.change} />
              )}
            </section>
            <p class="small quiet">
              As of <When at={health.evaluated_at} />
            </p>
          </div>
        )}
      </Show>
    </Page>
  );
}
