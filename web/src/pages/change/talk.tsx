/* What people said about a change, and the trail that it left. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Markdown } from '../../design/markdown';
import { Button, Field, Refusal, Show, When } from '../../design/parts';
import { post, useGet, type List } from '../../lib/api';
import { asOf, href } from '../../lib/router';
import { TeamLink } from '../../catalog/parts';
import { changePath, type AuditEntry, type Change } from '../../workflow/model';
import { Day, useAct } from '../../workflow/parts';

const ACTS: Record<string, string> = {
  approve: 'approved',
  acknowledge: 'took note',
  request_changes: 'asked for changes',
  not_affected: 'said: not affected',
  reject: 'rejected it',
};

interface Said {
  at: string;
  key: string;
  who: ComponentChildren;
  what: string;
  from?: string;
  body: string;
}

export function Talk({ change }: { change: Change }) {
  const [text, setText] = useState('');
  const { busy, failure, act } = useAct();
  const said: Said[] = [
    ...change.comments.map((one) => ({ at: one.at, key: `c${one.id}`, who: <strong>{one.author}</strong>, what: 'wrote', body: one.body })),
    ...change.decisions.map((one, i) => ({
      at: one.at,
      key: `d${i}`,
      who: (
        <>
          <strong>{one.by ?? 'Somebody'}</strong> for <TeamLink slug={one.team} />
        </>
      ),
      what: `${ACTS[one.act] ?? one.act}, revision ${one.revision}${one.reset_at ? ' (no longer holds: a later revision changed what it is about)' : ''}`,
      from: one.not_before ?? '',
      body: one.comment ?? '',
    })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  const send = async (event: Event) => {
    event.preventDefault();
    if (await act(() => post(`${changePath(change.id)}/comments`, { body: text }), 'Said')) setText('');
  };
  return (
    <section class="stack" aria-labelledby="talk">
      <h2 id="talk">Discussion</h2>
      {said.length > 0 ? (
        <ol role="list" class="card flush happened">
          {said.map((one) => (
            <li key={one.key}>
              <span class="small quiet">
                <When at={one.at} />
              </span>
              <div class="stack tight">
                <span>
                  {one.who} <span class="quiet">{one.what}</span>
                  {one.from && (
                    <>
                      {' '}
                      from <Day at={one.from} /> on
                    </>
                  )}
                </span>
                {one.body !== '' && (
                  <div class="prose">
                    <Markdown text={one.body} />
                  </div>
                )}
              </div>
            </li>
          ))}
        </ol>
      ) : (
        <p class="quiet">Nobody has said anything yet.</p>
      )}
      <form class="stack tight no-print" hidden={asOf() !== null} onSubmit={send}>
        <Field label="Say something" hint="Markdown.">
          {(props) => <textarea class="input" {...props} rows={3} value={text} onInput={(e) => setText(e.currentTarget.value)} />}
        </Field>
        <Refusal failure={failure} />
        <div>
          <Button type="submit" busy={busy} disabled={text.trim() === ''}>
            Comment
          </Button>
        </div>
      </form>
    </section>
  );
}

const words = (kind: string) => kind.replace(/^change\./, '').replace(/[._]/g, ' ');

export function Trail({ change }: { change: Change }) {
  const object = `change:${change.id}`;
  const trail = useGet<List<AuditEntry>>('/api/v1/audit', { object, limit: 100 });
  return (
    <section class="stack" aria-labelledby="trail">
      <div class="row">
        <h2 id="trail" class="grow">
          Trail
        </h2>
        <a class="small no-print" href={href(['audit'], { object })}>
          In the audit trail
        </a>
      </div>
      <Show of={trail} what="Loading the trail">
        {({ items }) => (
          <ol role="list" class="card flush happened">
            {[...items].reverse().map((entry) => (
              <li key={entry.seq}>
                <span class="small quiet">
                  <When at={entry.at} />
                </span>
                <span>
                  {words(entry.kind)} <span class="quiet">by {entry.actor}</span>
                  {entry.reason && <div class="small">{entry.reason}</div>}
                </span>
              </li>
            ))}
          </ol>
        )}
      </Show>
    </section>
  );
}
