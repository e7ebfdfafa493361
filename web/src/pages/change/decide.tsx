/* The decide box: one requirement, what it is about for that team, and the answer. */
import { useRef, useState } from 'preact/hooks';
import { Button, Field, Refusal } from '../../design/parts';
import { post } from '../../lib/api';
import { useShortcut } from '../../lib/keys';
import { amended, go, place } from '../../lib/router';
import { changePath, type Change, type Requirement } from '../../workflow/model';
import { useAct } from '../../workflow/parts';

const SAID: Record<string, string> = {
  approve: 'approves',
  acknowledge: 'has taken note',
  request_changes: 'asks for changes',
  not_affected: 'is not affected',
  reject: 'rejects it',
};

function Form({ change, row }: { change: Change; row: Requirement }) {
  const [comment, setComment] = useState('');
  const [from, setFrom] = useState('');
  const yes = useRef<HTMLDivElement>(null);
  const { busy, failure, act } = useAct();
  const decide = (what: string) =>
    act(
      () =>
        post(`${changePath(change.id)}/decisions`, {
          requirement: row.id,
          revision: change.revision,
          act: what,
          comment: comment.trim() || undefined,
          not_before: from ? `${from}T00:00:00Z` : undefined,
        }),
      `${row.team} ${SAID[what]}`,
    );
  const agree = row.act === 'approve' ? 'approve' : 'acknowledge';
  useShortcut('a', `Go to ${agree}`, () => {
    yes.current?.scrollIntoView({ block: 'center' });
    yes.current?.querySelector('button')?.focus();
  });
  const about = change.findings.filter((finding) => row.fingerprints.includes(finding.fingerprint));
  const paths = [...new Set(about.map((finding) => finding.path).filter(Boolean))];
  return (
    <>
      <p class="small">
        {row.covers.join(', ')}
        {paths.length > 0 && (
          <>
            {' '}
            {change.kind === 'contract' ? 'relies on' : row.reason === 'no evidence declared' ? 'may read' : 'reads'}{' '}
            <code>{paths.join(', ')}</code>
          </>
        )}
        {row.reason && <span class="quiet"> ({row.reason})</span>}
      </p>
      {about.some((finding) => finding.counterexample?.reader_error) && (
        <p class="small quiet">
          It refuses a message of the new schema: {about.find((finding) => finding.counterexample)?.counterexample?.reader_error}.
        </p>
      )}
      <Field label="Not before" hint="If you need time. Empty: any day.">
        {(props) => <input class="input" type="date" {...props} value={from} onInput={(e) => setFrom(e.currentTarget.value)} />}
      </Field>
      <Field label="Comment">
        {(props) => <input class="input" {...props} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure} />
      <div ref={yes}>
        <Button kind="primary" icon="check" busy={busy} onClick={() => void decide(agree)}>
          {agree === 'approve' ? 'Approve' : 'Acknowledge'} for {row.team}
        </Button>
      </div>
      <div class="wrap-acts">
        <Button size="small" busy={busy} onClick={() => void decide('request_changes')}>
          Request changes
        </Button>
        <Button size="small" busy={busy} onClick={() => void decide('not_affected')}>
          Not affected
        </Button>
        <Button size="small" kind="danger" busy={busy} onClick={() => void decide('reject')}>
          Reject
        </Button>
      </div>
    </>
  );
}

export function Decide({ change, rows }: { change: Change; rows: Requirement[] }) {
  const wanted = place.use().query.get('team');
  const row = rows.find((one) => one.team === wanted) ?? (rows[0] as Requirement);
  return (
    <section class="card stack decide no-print" aria-labelledby="decide">
      <h2 id="decide">Your decision</h2>
      {rows.length > 1 && (
        <Field label="For team">
          {(props) => (
            <select
              class="input"
              {...props}
              value={row.team}
              onChange={(e) => go(amended({ team: e.currentTarget.value }), { replace: true })}
            >
              {rows.map((one) => (
                <option key={one.id} value={one.team}>
                  {one.team}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Form key={row.id} change={change} row={row} />
    </section>
  );
}
