/* The queue of changes: newest first, what they wait for, and until when. */
import { Chip, Empty, Field, LinkButton, Name, Page, Pager, Segments, Show, Table, When, type Column } from '../../design/parts';
import { useGet, type List } from '../../lib/api';
import { amend, amended, href, place } from '../../lib/router';
import { TeamLink } from '../../catalog/parts';
import { blockerText, ChangeClass, ChangeState, Due } from '../../workflow/parts';
import { changeHref, type ChangeRow } from '../../workflow/model';

const STATES: [string, string][] = [
  ['open', 'Open'],
  ['draft', 'Drafts'],
  ['applied', 'Applied'],
  ['rejected', 'Rejected'],
  ['withdrawn', 'Withdrawn'],
  ['all', 'All'],
];

function Blocked({ row }: { row: ChangeRow }) {
  if (row.state !== 'open') return <ChangeState of={row.state} />;
  if (row.blockers.length === 0)
    return (
      <Chip tone="good" icon="check">
        ready
      </Chip>
    );
  return <span class="small">{row.blockers.map(blockerText).join(', ')}</span>;
}

const columns: Column<ChangeRow>[] = [
  {
    key: 'title',
    title: 'Change',
    head: true,
    cell: (row) => (
      <>
        <a href={changeHref(row.id)}>{row.title}</a>
        <div class="small quiet">
          {row.id} · <Name text={row.line} />
        </div>
        <div class="narrow-only row small">
          <ChangeClass of={row.class} />
          <Blocked row={row} />
        </div>
      </>
    ),
  },
  { key: 'class', title: 'Class', narrow: 'hide', cell: (row) => <ChangeClass of={row.class} /> },
  { key: 'owner', title: 'Owner', narrow: 'hide', cell: (row) => <TeamLink slug={row.owner} /> },
  {
    key: 'waiting',
    title: 'Waits for',
    narrow: 'hide',
    cell: (row) => (
      <>
        <Blocked row={row} />
        {row.waiting.length > 0 && <div class="small quiet">{row.waiting.join(', ')}</div>}
      </>
    ),
  },
  { key: 'due', title: 'Due', narrow: 'hide', cell: (row) => <Due at={row.due} /> },
  { key: 'age', title: 'Opened', narrow: 'hide', cell: (row) => <When at={row.opened_at ?? row.updated_at} /> },
];

export function ChangesPage() {
  const { query } = place.use();
  const state = query.get('state') ?? 'open';
  const team = query.get('team') ?? '';
  const event = query.get('event') ?? '';
  const list = useGet<List<ChangeRow>>('/api/v1/changes', {
    state: state === 'all' ? null : state,
    team,
    event,
    limit: 50,
    cursor: query.get('cursor'),
  });
  return (
    <Page
      title="Changes"
      lead="What somebody wants to change, who has to agree, and what stands in the way."
      actions={
        <LinkButton kind="primary" icon="flask" href={href(['impact'], { line: event.includes('@') ? event : null })}>
          What if…
        </LinkButton>
      }
    >
      <div class="stack">
        <div class="filters">
          <div class="segments-scroll">
            <Segments
              label="State"
              items={STATES.map(([key, label]) => ({
                href: amended({ state: key === 'open' ? null : key, cursor: null }),
                label,
                current: state === key,
              }))}
            />
          </div>
          <Field label="Team">
            {(props) => (
              <input
                class="input"
                {...props}
                value={team}
                placeholder="owner, author, or asked"
                onChange={(e) => amend({ team: e.currentTarget.value.trim(), cursor: null })}
              />
            )}
          </Field>
          <Field label="Event">
            {(props) => (
              <input
                class="input"
                {...props}
                value={event}
                placeholder="orders.order_placed"
                onChange={(e) => amend({ event: e.currentTarget.value.trim(), cursor: null })}
              />
            )}
          </Field>
        </div>
        <Show of={list} what="Loading changes">
          {({ items, next }) =>
            items.length > 0 ? (
              <>
                <Table caption="Changes" columns={columns} rows={items} id={(row) => row.id} />
                <Pager next={next} />
              </>
            ) : (
              <Empty title={team || event ? 'No change fits' : state === 'open' ? 'No change is open' : 'There is none'} icon="change">
                <p>
                  {state === 'open' && !team && !event
                    ? 'Try a change out first: the impact lab shows who would break, and opens the change from there.'
                    : 'Other states, another team or another event may have some.'}
                </p>
                <LinkButton icon="flask" href={href(['impact'])}>
                  Impact lab
                </LinkButton>
              </Empty>
            )
          }
        </Show>
      </div>
    </Page>
  );
}
