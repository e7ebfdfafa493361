/* Who was asked, who has seen it, who has said what: the board that people leave open. And what stands in the way. */
import { Icon } from '../../design/icons';
import { Table, When, type Column } from '../../design/parts';
import { plural } from '../../lib/format';
import { TeamLink } from '../../catalog/parts';
import type { Blocker, Change, Requirement } from '../../workflow/model';
import { Day, Due, StatusChip } from '../../workflow/parts';

const columns: Column<Requirement>[] = [
  {
    key: 'team',
    title: 'Team',
    head: true,
    cell: (row) => (
      <>
        <TeamLink slug={row.team} />
        {row.covers.length > 0 && <div class="small quiet">{row.covers.join(', ')}</div>}
        {row.asked_as && <div class="small quiet">asked as {row.asked_as}</div>}
      </>
    ),
  },
  {
    key: 'asked',
    title: 'Asked',
    narrow: 'hide',
    cell: (row) => (
      <>
        <When at={row.asked} />
        <div class="small quiet">
          {row.act === 'approve' ? 'to approve' : 'to take note'}
          {row.reminded > 0 && ` · reminded ${plural(row.reminded, 'time')}`}
        </div>
      </>
    ),
  },
  { key: 'seen', title: 'Seen', cell: (row) => (row.seen ? <When at={row.seen} /> : <span class="quiet">not yet</span>) },
  {
    key: 'decided',
    title: 'Decided',
    cell: (row) => (
      <>
        <StatusChip of={row.status} />
        {row.decided && (
          <div class="small quiet">
            <When at={row.decided} /> {row.automatic ? 'by proposing it' : `by ${row.by ?? 'nobody'}`}
          </div>
        )}
        {row.comment && <div class="small">{row.comment}</div>}
      </>
    ),
  },
  {
    key: 'date',
    title: 'Date',
    cell: (row) =>
      row.status === 'waiting' ? (
        <>
          <span class="small quiet">due </span>
          <Due at={row.due} />
        </>
      ) : row.not_before ? (
        <>
          <span class="small quiet">from </span>
          <Day at={row.not_before} />
        </>
      ) : (
        <span class="quiet">any</span>
      ),
  },
];

export function Board({ change }: { change: Change }) {
  const decided = change.requirements.filter((row) => row.status !== 'waiting').length;
  return (
    <section class="stack tight board" aria-labelledby="board">
      <div class="row">
        <h2 id="board" class="grow">
          Who has to agree
        </h2>
        {change.requirements.length > 0 && (
          <span class="quiet num">
            {decided} of {change.requirements.length} decided
          </span>
        )}
      </div>
      {change.requirements.length > 0 ? (
        <Table caption="Who was asked and what they said" columns={columns} rows={change.requirements} id={(row) => row.id} />
      ) : (
        <p class="quiet">Nobody: no consumer is affected.</p>
      )}
    </section>
  );
}

const WHAT: Record<string, string> = {
  checks_failed: 'A check fails',
  not_adopted: 'Not adopted',
  conflict: 'The line has moved',
  freeze_window: 'Frozen',
  changes_requested: 'Changes are requested',
  approval_missing: 'Approvals are missing',
  undeliverable: 'Not everybody is told',
  notice_running: 'The notice period runs',
  not_before: 'Agreed for later',
  dual_publish_unmet: 'Both lines have to run first',
};

export function Blockers({ blockers }: { blockers: Blocker[] }) {
  return (
    <ul role="list" class="blockers">
      {blockers.map((blocker) => (
        <li key={blocker.code + blocker.detail}>
          <Icon name={blocker.until ? 'clock' : 'stop'} />
          <div>
            <strong>{WHAT[blocker.code] ?? blocker.code}</strong>
            {blocker.until && (
              <>
                {' '}
                until <Day at={blocker.until} />
              </>
            )}
            <div class="small quiet">{blocker.detail}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}
