/* Teams: what each owns, writes and reads, whom to call, and what waits for it. */
import { Chip, Empty, LinkButton, Page, Pager, Show, Table, When, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import {
  api,
  type ChangeRow,
  type Consumption,
  type EventRow,
  type OnCall,
  type Production,
  type Team,
  type TeamDebt,
  type TeamRow,
} from '../../lib/catalog';
import { count, dayOf } from '../../lib/format';
import { href, place } from '../../lib/router';
import {
  EventLink,
  EvidenceChip,
  LineLink,
  OnCallNowText,
  onCallNow,
  Reach,
  Seen,
  ServiceLink,
  StateChip,
  TeamLink,
} from '../../catalog/parts';

const columns: Column<TeamRow>[] = [
  {
    key: 'name',
    title: 'Team',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['teams', row.slug])}>{row.name || row.slug}</a>{' '}
        {row.dissolved_at && (
          <Chip tone="mute" icon="stop">
            dissolved
          </Chip>
        )}
        {row.description && <div class="summary">{row.description}</div>}
      </>
    ),
  },
  { key: 'oncall', title: 'On call now', cell: (row) => <OnCallNowText now={row.oncall} /> },
  { key: 'contact', title: 'Contact', narrow: 'hide', cell: (row) => <Reach contact={row.contact} /> },
  { key: 'owns', title: 'Events', right: true, narrow: 'hide', cell: (row) => count(row.owns) },
  { key: 'services', title: 'Services', right: true, narrow: 'hide', cell: (row) => count(row.services) },
  { key: 'members', title: 'Members', right: true, narrow: 'hide', cell: (row) => count(row.members) },
];

export function TeamsPage() {
  const { query } = place.use();
  const list = useGet<List<TeamRow>>('/api/v1/teams', { limit: 100, cursor: query.get('cursor') });
  return (
    <Page title="Teams" lead="Every event and every service belongs to one.">
      <Show of={list} what="Loading teams">
        {({ items, next }) =>
          items.length > 0 ? (
            <div class="stack">
              <Table caption="Teams" columns={columns} rows={items} id={(row) => row.slug} />
              <Pager next={next} />
            </div>
          ) : (
            <Empty title="There is no team yet" icon="team">
              <p>Teams are made with POST /api/v1/teams, or come with an import.</p>
            </Empty>
          )
        }
      </Show>
    </Page>
  );
}

const TURNS: Record<string, number> = { daily: 86400e3, weekly: 7 * 86400e3 };

/* Who is on call, then who follows. */
function Rota({ oncall }: { oncall: OnCall }) {
  const now = onCallNow(oncall);
  const people = oncall.people ?? [];
  const at = people.indexOf(now?.people?.[0] ?? '');
  const turn = TURNS[oncall.rotates ?? 'weekly'] ?? 7 * 86400e3;
  const until = now?.until ? new Date(now.until).getTime() : null;
  const next =
    oncall.kind === 'rota' && at >= 0 && until !== null
      ? people.slice(1).map((_, i) => ({ who: people[(at + 1 + i) % people.length] as string, from: until + i * turn }))
      : [];
  return (
    <>
      <p>
        <OnCallNowText now={now} />
      </p>
      {next.length > 0 && (
        <ol role="list" class="stack tight">
          {next.map(({ who, from }) => (
            <li key={who}>
              {who} <span class="quiet small">from {dayOf(new Date(from))}</span>
            </li>
          ))}
        </ol>
      )}
      {oncall.kind === 'rota' && (
        <p class="small quiet">
          Turns {oncall.rotates ?? 'weekly'}, {oncall.tz}
        </p>
      )}
    </>
  );
}

export const reads: Column<Consumption>[] = [
  {
    key: 'line',
    title: 'Event',
    head: true,
    cell: (row) => (
      <span id={row.id}>
        <LineLink line={row.line} />
        {row.purpose && <div class="summary">{row.purpose}</div>}
      </span>
    ),
  },
  { key: 'service', title: 'Service', cell: (row) => <ServiceLink slug={row.service} /> },
  { key: 'state', title: 'State', narrow: 'hide', cell: (row) => <StateChip of={row.state} /> },
  { key: 'evidence', title: 'Known by', narrow: 'hide', cell: (row) => <EvidenceChip of={row.evidence} /> },
  {
    key: 'seen',
    title: 'Last seen',
    cell: (row) => (
      <>
        <Seen of={row.last_seen} />{' '}
        {row.stale && (
          <Chip tone="warn" icon="clock">
            stale
          </Chip>
        )}
      </>
    ),
  },
];

export const writes: Column<Production>[] = [
  {
    key: 'line',
    title: 'Event',
    head: true,
    cell: (row) => (
      <span id={row.id}>
        <LineLink line={row.line} />
      </span>
    ),
  },
  { key: 'service', title: 'Service', cell: (row) => <ServiceLink slug={row.service} /> },
  { key: 'where', title: 'Environments', narrow: 'hide', cell: (row) => row.environments.join(', ') },
  { key: 'seen', title: 'Last seen', cell: (row) => <Seen of={row.last_seen} /> },
];

const owned: Column<EventRow>[] = [
  {
    key: 'event',
    title: 'Event',
    head: true,
    cell: (row) => (
      <>
        <EventLink name={row.name} />
        {row.summary && <div class="summary">{row.summary}</div>}
      </>
    ),
  },
  { key: 'state', title: 'State', cell: (row) => <StateChip of={row.state} /> },
  { key: 'version', title: 'Version', narrow: 'hide', cell: (row) => <span class="num">{row.version ?? ''}</span> },
  { key: 'readers', title: 'Consumers', right: true, narrow: 'hide', cell: (row) => count(row.consumers) },
  { key: 'updated', title: 'Changed', cell: (row) => <When at={row.updated_at} /> },
];

/* What the team owes the others, in numbers that lead to what they count. */
function Debt({ slug }: { slug: string }) {
  const health = useGet<{ teams: TeamDebt[] }>('/api/v1/health', { team: slug });
  const drift = useGet<List<unknown>>('/api/v1/drift', { team: slug, limit: 100 });
  const debt = health.value?.teams.find((row) => row.team === slug);
  if (!debt) return null;
  const some = drift.value ? `${count(drift.value.items.length)}${drift.value.next === null ? '' : '+'}` : '…';
  const items: [string, string, string][] = [
    [count(debt.undocumented), 'lines not documented', `${href(['health'])}#undocumented`],
    [some, 'differences from what was seen', href(['health'], { team: slug })],
    [count(debt.accepted_breaks), 'breaks that were accepted', href(['changes'], { team: slug, state: 'all' })],
    [count(debt.deprecated_lines), 'of its lines end', href(['deprecations'], { owner: slug })],
    [count(debt.reads_ending_lines), 'reads of lines that end', href(['deprecations'], { reader: slug })],
    [count(debt.undeclared_consumptions), 'reads without saying what of', '#consumes'],
  ];
  return (
    <section class="stack tight">
      <h2>Health</h2>
      <div class="numbers">
        {items.map(([n, word, to]) => (
          <a key={word} href={to}>
            <strong>{n}</strong>
            <span>{word}</span>
          </a>
        ))}
      </div>
    </section>
  );
}

const decisions = (team: string): Column<ChangeRow>[] => [
  {
    key: 'id',
    title: 'Change',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['changes', row.id])}>
          {row.id} {row.title}
        </a>{' '}
        {row.waiting.includes(team) && (
          <Chip tone="warn" icon="clock">
            waits for this team
          </Chip>
        )}
        <div class="summary">{row.summary}</div>
      </>
    ),
  },
  { key: 'owner', title: 'From', cell: (row) => <TeamLink slug={row.owner} /> },
  { key: 'due', title: 'Due', cell: (row) => (row.due ? <When at={row.due} /> : <span class="quiet">no date</span>) },
];

/* A listing with its heading, or nothing but a sentence. */
function Part<T>({
  title,
  path,
  query,
  columns,
  id,
  none,
  all,
}: {
  title: string;
  path: string;
  query: Record<string, string | number>;
  columns: Column<T>[];
  id: (row: T) => string;
  none: string;
  all?: string /* where the rest is, when there is more */;
}) {
  const list = useGet<List<T>>(path, { limit: 200, ...query });
  return (
    <section class="stack tight" id={title.toLowerCase()}>
      <h2>
        {title}{' '}
        {list.value && (
          <span class="count num">
            {list.value.items.length}
            {list.value.next !== null && '+'}
          </span>
        )}
      </h2>
      {all && list.value && list.value.next !== null && <a href={all}>All of them</a>}
      <Show of={list} what={`Loading: ${title}`}>
        {({ items }) => (items.length > 0 ? <Table caption={title} columns={columns} rows={items} id={id} /> : <p class="quiet">{none}</p>)}
      </Show>
    </section>
  );
}

export { Part };

export function TeamPage({ params }: { params: Record<string, string> }) {
  const slug = params.team as string;
  const loaded = useGet<Team>(api.team(slug));
  const team = loaded.value;
  return (
    <Page
      title={team?.name || slug}
      crumbs={[{ label: 'Teams', href: href(['teams']) }]}
      lead={team?.description}
      actions={
        team && (
          <LinkButton icon="graph" href={href(['graph'], { focus: `team:${slug}` })}>
            Graph
          </LinkButton>
        )
      }
    >
      <Show of={loaded} what="Loading the team">
        {(found) => (
          <div class="stack wide">
            {found.dissolved_at && (
              <Empty title={`Dissolved on ${dayOf(new Date(found.dissolved_at))}`} icon="stop">
                {found.successor && (
                  <p>
                    What it had went to <TeamLink slug={found.successor} />.
                  </p>
                )}
              </Empty>
            )}
            <div class="columns">
              <section class="card stack">
                <h2>On call now</h2>
                <Rota oncall={found.oncall} />
                <dl class="facts">
                  <dt>Contact</dt>
                  <dd>
                    <Reach contact={found.contact} />
                  </dd>
                  {found.escalation_team && (
                    <>
                      <dt>Escalates to</dt>
                      <dd>
                        <TeamLink slug={found.escalation_team} />
                      </dd>
                    </>
                  )}
                </dl>
              </section>
              <section class="card stack">
                <h2>Members</h2>
                {found.members.length === 0 ? (
                  <p class="quiet">Nobody: what it owns is an orphan.</p>
                ) : (
                  <ul role="list" class="stack tight">
                    {found.members.map((member) => (
                      <li key={member.user}>
                        {member.name || member.user} <span class="quiet small">{member.role}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </section>
              <section class="card stack">
                <h2>Services</h2>
                {found.services.length === 0 ? (
                  <p class="quiet">None.</p>
                ) : (
                  <ul role="list" class="stack tight">
                    {found.services.map((service) => (
                      <li key={service}>
                        <ServiceLink slug={service} />
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            </div>
            <Part
              title="Open changes"
              path="/api/v1/changes"
              query={{ state: 'open', team: slug }}
              columns={decisions(slug)}
              id={(row: ChangeRow) => row.id}
              none="No open change concerns this team."
            />
            <Debt slug={slug} />
            <Part
              title="Owns"
              path="/api/v1/events"
              query={{ owner: slug, sort: '-updated' }}
              columns={owned}
              id={(row: EventRow) => row.name}
              none="No event."
              all={href(['events'], { owner: slug })}
            />
            <Part
              title="Produces"
              path="/api/v1/productions"
              query={{ team: slug }}
              columns={writes}
              id={(row: Production) => row.id}
              none="Its services write nothing that was declared."
            />
            <Part
              title="Consumes"
              path="/api/v1/consumptions"
              query={{ team: slug }}
              columns={reads}
              id={(row: Consumption) => row.id}
              none="Its services read nothing that was declared."
            />
          </div>
        )}
      </Show>
    </Page>
  );
}
