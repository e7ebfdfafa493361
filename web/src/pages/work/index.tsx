/* My work: what waits for my teams, what my changes wait for, what runs out, what drifts, what changed that we read. */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../../design/icons';
import { Button, Empty, IconButton, LinkButton, Name, Page, Refusal, Segments, Show, Table, When, type Column } from '../../design/parts';
import { post, send } from '../../lib/api';
import type { TeamRow } from '../../lib/catalog';
import { plural } from '../../lib/format';
import { amended, asOf, href, place } from '../../lib/router';
import { session } from '../../lib/session';
import { EventLink, LineLink, OnCallNowText, ServiceLink, StateChip, useTeams } from '../../catalog/parts';
import { changeHref, changePath, type ChangeRow, type InboxItem } from '../../workflow/model';
import { blockerText, ChangeClass, Day, Due, useAct } from '../../workflow/parts';
import { useWork, type Drift, type Work } from './load';

const TEAMS_MAX = 8;

function Part({ title, count, more, children }: { title: string; count?: number; more?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="stack tight" aria-label={title}>
      <div class="row">
        <h2>
          {title}
          {count !== undefined && count > 0 && <span class="count num">{count}</span>}
        </h2>
        <span class="grow" />
        {more}
      </div>
      {children}
    </section>
  );
}

const Nothing = ({ icon = 'check', children }: { icon?: IconName; children: ComponentChildren }) => (
  <p class="card nothing">
    <Icon name={icon} />
    {children}
  </p>
);

/* --- what teams are told ----------------------------------------------------------------------------------------------------- */

/* Where the item leads: a path of ours, or nowhere. */
const itemHref = (item: InboxItem): string =>
  item.change ? changeHref(item.change, { team: item.team }) : item.links.ui.startsWith('/ui/') ? item.links.ui : href([]);

/* In words: who asks to read what, where the item is about that; else as the server says it. */
function heading(item: InboxItem): string {
  const { service, title } = item.data ?? {};
  if (service && item.type.includes('.consumption.requested.')) return `${service} asks to read ${item.subject}`;
  if (service && item.type.includes('.consumption.activated.')) return `${service} reads ${item.subject}`;
  return item.waits && title ? title : item.title;
}

/* A team that asks to read is answered here. */
function Agree({ item, consumption }: { item: InboxItem; consumption: string }) {
  const { busy, failure, act } = useAct();
  const answer = (verb: 'approve' | 'reject') =>
    act(
      () =>
        post(
          `/api/v1/consumptions/${encodeURIComponent(consumption)}/${verb}`,
          verb === 'reject' ? { reason: 'The owner does not agree' } : {},
        ),
      verb === 'approve' ? `${item.data?.service ?? 'It'} may read ${item.subject}` : 'Refused',
    );
  return (
    <>
      <Button
        size="small"
        icon="check"
        busy={busy}
        disabled={asOf() !== null}
        onClick={() => void answer('approve')}
        aria-label={`Agree: ${heading(item)}`}
      >
        Agree
      </Button>
      <Button
        size="small"
        busy={busy}
        disabled={asOf() !== null}
        onClick={() => void answer('reject')}
        aria-label={`Refuse: ${heading(item)}`}
      >
        Refuse
      </Button>
      <Refusal failure={failure} />
    </>
  );
}

const consumptionOf = (item: InboxItem): string | null =>
  item.type.includes('.consumption.requested.') ? (/^consumption:(.+)$/.exec(item.data?.object ?? '')?.[1] ?? null) : null;

function Waiting({ items, several }: { items: InboxItem[]; several: boolean }) {
  return (
    <ol role="list" class="card flush inbox">
      {items.map((item) => (
        <li key={item.id} data-row>
          <div class="what">
            <a href={itemHref(item)} class={item.seen ? undefined : 'unseen-yet'}>
              {heading(item)}
            </a>
            {(item.data?.summary ?? item.data?.reason) && <span>{item.data?.summary ?? item.data?.reason}</span>}
            <span class="small quiet">
              {item.change ? (
                <>
                  {item.change} · <Name text={item.subject} />
                </>
              ) : (
                <When at={item.created_at} />
              )}
              {!item.change && item.data?.team && ` · team ${item.data.team}`}
              {several && item.team && ` · for ${item.team}`}
              {item.data?.services && item.data.services.length > 0 && ` · ${item.data.services.join(', ')}`}
            </span>
          </div>
          <div class="row small">
            {item.data?.class && <ChangeClass of={item.data.class} />}
            {item.data?.due && <Due at={item.data.due} />}
            {consumptionOf(item) && <Agree item={item} consumption={consumptionOf(item) as string} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

const SHOWN = 8;

function Told({ items, several }: { items: InboxItem[]; several: boolean }) {
  const { busy, failure, act } = useAct();
  const done = (some: InboxItem[]) =>
    act(
      async () => {
        for (const item of some) await send('POST', `/api/v1/inbox/${item.id}/done`, { body: {} });
      },
      some.length === 1 ? 'Read' : `${some.length} are read`,
    );
  const list = (some: InboxItem[]) => (
    <ol role="list" class="card flush inbox told">
      {some.map((item) => (
        <li key={item.id} data-row>
          <span>
            <a href={itemHref(item)} class={item.seen ? undefined : 'unseen-yet'}>
              {heading(item)}
            </a>
            <span class="small quiet">
              {' '}
              <When at={item.created_at} />
              {several && item.team && ` · ${item.team}`}
            </span>
          </span>
          <IconButton
            icon="check"
            size="small"
            label={`Mark read: ${heading(item)}`}
            disabled={asOf() !== null}
            onClick={() => void done([item])}
          />
        </li>
      ))}
    </ol>
  );
  return (
    <Part
      title="Notices"
      count={items.length}
      more={
        items.length > 1 && (
          <Button size="small" busy={busy} disabled={asOf() !== null} onClick={() => void done(items)}>
            Mark all read
          </Button>
        )
      }
    >
      <Refusal failure={failure} />
      {items.length > 0 ? list(items.slice(0, SHOWN)) : <Nothing icon="inbox">Everything is read.</Nothing>}
      {items.length > SHOWN && (
        <details class="fold">
          <summary>{items.length - SHOWN} more</summary>
          {list(items.slice(SHOWN))}
        </details>
      )}
    </Part>
  );
}

/* --- my changes ---------------------------------------------------------------------------------------------------------------- */

const remindable = (row: ChangeRow) => row.blockers.includes('approval_missing') || row.blockers.includes('undeliverable');

function Remind({ row }: { row: ChangeRow }) {
  const { busy, failure, act } = useAct();
  const run = () => act(() => post(`${changePath(row.id)}/remind`), `${row.id}: ${row.waiting.join(', ') || 'those asked'} reminded`);
  return (
    <>
      <Button
        size="small"
        icon="bell"
        busy={busy}
        disabled={asOf() !== null}
        aria-label={`Remind about ${row.id}`}
        onClick={() => void run()}
      >
        Remind
      </Button>
      <Refusal failure={failure} />
    </>
  );
}

function Mine({ rows }: { rows: ChangeRow[] }) {
  return (
    <ol role="list" class="card flush inbox">
      {rows.map((row) => (
        <li key={row.id} data-row>
          <div class="what">
            <a href={changeHref(row.id)}>{row.title}</a>
            <span>
              {row.blockers.length > 0 ? `Waits: ${row.blockers.map(blockerText).join(', ')}` : 'Nothing is in the way: it can be applied'}
            </span>
            <span class="small quiet">
              {row.id} · <Name text={row.line} />
              {row.waiting.length > 0 && ` · asked: ${row.waiting.join(', ')}`}
            </span>
          </div>
          <div class="row small">
            <ChangeClass of={row.class} />
            {remindable(row) && <Remind row={row} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/* --- dates, drift, news ------------------------------------------------------------------------------------------------------------ */

interface Deadline {
  at: string;
  what: ComponentChildren;
  key: string;
}

function deadlines(work: Work): Deadline[] {
  return [
    ...work.ending.map(({ line, at, ours }) => ({
      at,
      key: line,
      what: (
        <>
          <LineLink line={line} tab="timeline" /> <span class="quiet">{ours ? 'ends, and we own it' : 'ends, and we read it'}</span>
        </>
      ),
    })),
    ...work.asked.map((row) => ({
      at: row.due as string,
      key: row.id,
      what: (
        <>
          <a href={changeHref(row.id)}>{row.title}</a> <span class="quiet">wants an answer</span>
        </>
      ),
    })),
  ].sort((a, b) => a.at.localeCompare(b.at));
}

function Deadlines({ work }: { work: Work }) {
  const rows = deadlines(work);
  if (rows.length === 0) return <Nothing icon="calendar">No date is near.</Nothing>;
  return (
    <ol role="list" class="card flush dated">
      {rows.map((row) => (
        <li key={row.key} data-row>
          <span class="num">
            <Day at={row.at} />
          </span>
          <span>
            {row.what} <span class="small quiet">(</span>
            <span class="small quiet">
              <When at={row.at} />)
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Drifts({ rows }: { rows: Drift[] }) {
  if (rows.length === 0) return <Nothing>What was seen is what was declared.</Nothing>;
  return (
    <ul role="list" class="card flush dated">
      {rows.map((row) => (
        <li key={`${row.kind} ${row.line} ${row.service} ${row.what}`} data-row>
          <span>{row.service ? <ServiceLink slug={row.service} /> : <span class="quiet">unknown</span>}</span>
          <span>
            {row.detail}{' '}
            <span class="small">
              <LineLink line={row.line} tab="consumers" />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Recent({ work }: { work: Work }) {
  if (work.recent.length === 0) return <Nothing icon="event">We do not read any event yet.</Nothing>;
  return (
    <ul role="list" class="card flush dated">
      {work.recent.map((event) => (
        <li key={event.name} data-row>
          <span class="small">
            <When at={event.updated_at} />
          </span>
          <span class="row tight">
            <EventLink name={event.name} />
            {event.version && <span class="small quiet num">{event.version}</span>}
            {event.state !== 'active' && <StateChip of={event.state} />}
            {event.changes > 0 && <span class="small quiet">{plural(event.changes, 'open change')}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Whole({ work, teams }: { work: Work; teams: string[] }) {
  const several = teams.length > 1;
  return (
    <div class="work">
      <div class="stack wide">
        <Part title="Waits for us" count={work.waiting.length}>
          {work.waiting.length > 0 ? (
            <Waiting items={work.waiting} several={several} />
          ) : (
            <Nothing>Nobody waits for a decision of {teams.join(', ')}.</Nothing>
          )}
        </Part>
        <Part
          title="Our changes"
          count={work.changes.length}
          more={
            <LinkButton size="small" icon="flask" href={href(['impact'])}>
              What if…
            </LinkButton>
          }
        >
          {work.changes.length > 0 ? (
            <Mine rows={work.changes} />
          ) : (
            <Nothing icon="change">We have proposed nothing that is still open.</Nothing>
          )}
        </Part>
        <Told items={work.told} several={several} />
      </div>
      <div class="stack wide">
        <Part title="Dates">
          <Deadlines work={work} />
        </Part>
        <Part
          title="Drift in our services"
          count={work.drift.length}
          more={
            <a class="small" href={href(['health'])}>
              Health
            </a>
          }
        >
          <Drifts rows={work.drift} />
        </Part>
        <Part title="Changed lately, and read by us" more={<span class="small quiet">of {plural(work.reads, 'event')}</span>}>
          <Recent work={work} />
        </Part>
      </div>
    </div>
  );
}

/* --- as whom ------------------------------------------------------------------------------------------------------------------------- */

const columns: Column<TeamRow>[] = [
  {
    key: 'team',
    title: 'Team',
    head: true,
    sort: (a, b) => a.slug.localeCompare(b.slug),
    cell: (row) => (
      <>
        <a href={amended({ team: row.slug })}>{row.slug}</a>
        {row.description && <div class="summary">{row.description}</div>}
      </>
    ),
  },
  { key: 'owns', title: 'Owns', right: true, sort: (a, b) => a.owns - b.owns, cell: (row) => <span class="num">{row.owns}</span> },
  {
    key: 'services',
    title: 'Services',
    right: true,
    narrow: 'hide',
    sort: (a, b) => a.services - b.services,
    cell: (row) => <span class="num">{row.services}</span>,
  },
  { key: 'oncall', title: 'On call', narrow: 'hide', cell: (row) => <OnCallNowText now={row.oncall} /> },
];

function AsWhom() {
  const { user } = session.use();
  const teams = useTeams();
  const order = place.use().query.get('sort');
  return (
    <Show of={teams} what="Loading teams">
      {(rows) =>
        rows.length === 0 ? (
          <Empty title="An empty catalog" icon="compass">
            <p>Begin with a team: events and services belong to one. Subjects of the registry are browsable without any.</p>
            <div class="row">
              <LinkButton kind="primary" icon="team" href={href(['teams'])}>
                Make a team
              </LinkButton>
              <LinkButton icon="subject" href={href(['subjects'])}>
                Subjects
              </LinkButton>
            </div>
          </Empty>
        ) : (
          <div class="stack">
            <p class="prose">
              {user
                ? 'You belong to no team yet, so nothing waits for you. Ask a maintainer to take you in, or look at what waits for one of these.'
                : 'Nobody is signed in. Choose the team with whose eyes you want to look: what waits for it, what its changes wait for, what runs out.'}
            </p>
            <Table
              caption="Teams"
              columns={columns}
              rows={rows.filter((row) => !row.dissolved_at)}
              id={(row) => row.slug}
              order={order ?? 'team'}
            />
          </div>
        )
      }
    </Show>
  );
}

function Loaded({ teams, mine }: { teams: string[]; mine: boolean }) {
  const work = useWork(teams, mine);
  return (
    <Show of={work} what="Loading what there is to do">
      {(found) => <Whole work={found} teams={teams} />}
    </Show>
  );
}

export function WorkPage() {
  const { user, known } = session.use();
  const { query } = place.use();
  const own = (user?.teams ?? []).map((team) => team.slug).slice(0, TEAMS_MAX);
  const chosen = query.get('team');
  const teams = chosen ? [chosen] : own;
  const asTeam = chosen !== null && !own.includes(chosen);
  return (
    <Page
      title="My work"
      heading={asTeam ? `What team ${chosen} has to do` : undefined}
      lead={teams.length > 0 && !asTeam ? `As ${teams.join(', ')}.` : undefined}
      actions={
        asTeam && (
          <LinkButton icon="swap" href={amended({ team: null })}>
            {own.length > 0 ? 'My own teams' : 'Another team'}
          </LinkButton>
        )
      }
    >
      <div class="stack">
        {own.length > 1 && !asTeam && (
          <Segments
            label="Team"
            items={[
              { href: amended({ team: null }), label: 'All of mine', current: chosen === null },
              ...own.map((team) => ({ href: amended({ team }), label: team, current: chosen === team })),
            ]}
          />
        )}
        {!known ? null : teams.length > 0 ? (
          <Loaded teams={teams} mine={chosen === null && own.length === (user?.teams.length ?? 0)} />
        ) : (
          <AsWhom />
        )}
      </div>
    </Page>
  );
}
