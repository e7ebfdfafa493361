/* One webhook: its state, what it was sent, and what can be done about it. */
import { useState } from 'preact/hooks';
import {
  Button,
  Chip,
  Confirm,
  Dialog,
  Empty,
  Field,
  Pager,
  Refusal,
  Segments,
  Show,
  Table,
  When,
  type Column,
  type Tone,
} from '../../design/parts';
import type { IconName } from '../../design/icons';
import { forget, post, send, useGet, type List, type Loaded } from '../../lib/api';
import { plural } from '../../lib/format';
import { amended, go, href, place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { TeamLink } from '../../catalog/parts';
import { useAct } from '../../workflow/parts';
import { Secret } from './parts';
import { FilterTags, WebhookState, type Webhook } from './webhooks';

interface Try {
  at: string;
  status: number | null;
  error: string | null;
  latency_ms: number | null;
}

interface Delivery extends Try {
  id: number;
  event_id: string;
  type: string;
  subject: string;
  state: 'waiting' | 'delivered' | 'dead';
  attempts: number;
  next_at: string | null;
  delivered_at: string | null;
  created_at: string;
  body: { bytes: number; sha256: string };
  tries: Try[];
}

const looks: Record<string, [Tone, IconName]> = { waiting: ['warn', 'clock'], delivered: ['good', 'check'], dead: ['bad', 'cross'] };

const said = (one: Try) => (one.status ? `answered ${one.status}` : (one.error ?? 'no answer'));

function Tries({ of }: { of: Delivery }) {
  if (of.tries.length === 0) return <span class="quiet">not tried yet</span>;
  const last = of.tries[of.tries.length - 1] as Try;
  if (of.tries.length === 1)
    return (
      <>
        {said(last)} <span class="small quiet num">{last.latency_ms} ms</span>
      </>
    );
  return (
    <details>
      <summary>
        {said(last)}, {plural(of.tries.length, 'time')}
      </summary>
      <ol class="small">
        {of.tries.map((one) => (
          <li key={one.at}>
            <When at={one.at} />: {said(one)} <span class="quiet num">{one.latency_ms} ms</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Log({ path }: { path: string }) {
  const { query } = place.use();
  const state = query.get('state');
  const list = useGet<List<Delivery>>(`${path}/deliveries`, { state, limit: 50, cursor: query.get('cursor') });
  const { busy, failure, act } = useAct();
  const again = (delivery?: number) =>
    act(
      async () => {
        await post(`${path}/redeliver`, delivery === undefined ? {} : { delivery });
        soon();
      },
      delivery === undefined ? 'All dead ones are sent again' : 'Sent again',
    );
  const columns: Column<Delivery>[] = [
    {
      key: 'type',
      title: 'Delivery',
      head: true,
      cell: (row) => (
        <>
          {row.type.replace(/^io\.avow\./, '').replace(/\.v\d+$/, '')}
          <div class="small quiet breaks">
            {row.id} · {row.subject}
          </div>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      cell: (row) => {
        const [tone, icon] = looks[row.state] ?? (['mute', 'dot'] as const);
        return (
          <>
            <Chip tone={tone} icon={icon}>
              {row.state}
            </Chip>
            {row.next_at && (
              <div class="small quiet">
                again <When at={row.next_at} />
              </div>
            )}
          </>
        );
      },
    },
    { key: 'tries', title: 'Receiver', cell: (row) => <Tries of={row} /> },
    { key: 'at', title: 'Made', narrow: 'hide', cell: (row) => <When at={row.created_at} /> },
    {
      key: 'body',
      title: 'Body',
      narrow: 'hide',
      right: true,
      cell: (row) => (
        <span class="num small quiet" title={`SHA-256 ${row.body.sha256}`}>
          {row.body.bytes} B
        </span>
      ),
    },
    {
      key: 'acts',
      title: 'Actions',
      unseen: true,
      right: true,
      cell: (row) =>
        row.state !== 'waiting' && (
          <Button size="small" busy={busy} onClick={() => void again(row.id)} aria-label={`Send delivery ${row.id} again`}>
            Redeliver
          </Button>
        ),
    },
  ];
  return (
    <section class="stack tight" aria-labelledby="log">
      <div class="row">
        <h2 id="log">Deliveries</h2>
        <span class="grow" />
        <Segments
          label="State"
          items={[
            { href: amended({ state: null, cursor: null }), label: 'All', current: !state },
            ...['waiting', 'delivered', 'dead'].map((one) => ({
              href: amended({ state: one, cursor: null }),
              label: one,
              current: state === one,
            })),
          ]}
        />
        <Button size="small" busy={busy} onClick={() => void again()}>
          Redeliver the dead
        </Button>
      </div>
      <Refusal failure={failure} />
      <Show of={list} what="Loading deliveries">
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <Table caption="Deliveries, newest first" columns={columns} rows={items} id={(row) => row.id} />
              <Pager next={next} />
            </>
          ) : (
            <Empty title={state ? `Nothing is ${state}` : 'Nothing was sent yet'} icon="bell">
              <p>A test sends a ping at once, also while the webhook is paused.</p>
            </Empty>
          )
        }
      </Show>
    </section>
  );
}

function Rotate({ path, onClose }: { path: string; onClose: () => void }) {
  const [hours, setHours] = useState('24');
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, failure, act } = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      setSecret((await send<{ secret: string }>('POST', `${path}/secret`, { body: { overlap_hours: Number(hours) } })).value.secret);
    }, 'There is a new key');
  };
  return secret ? (
    <div class="stack">
      <Secret value={secret} what="The new key" />
      <div class="row end">
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  ) : (
    <form class="stack" onSubmit={submit}>
      <Field label="Hours in which both keys sign" hint="So that receivers can change over. 0: the old one ends now.">
        {(props) => (
          <input
            class="input num"
            type="number"
            min={0}
            max={720}
            required
            {...props}
            value={hours}
            onInput={(e) => setHours(e.currentTarget.value)}
          />
        )}
      </Field>
      <Refusal failure={failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          Make a new key
        </Button>
      </div>
    </form>
  );
}

/* What is sent takes a moment: the log is read again. */
const soon = () => [1200, 3000, 7000, 15000].forEach((ms) => window.setTimeout(forget, ms));

function About({ hook, path }: { hook: Webhook; path: string }) {
  const [asked, setAsked] = useState<'rotate' | 'delete' | null>(null);
  const { busy, failure, act } = useAct();
  const close = () => setAsked(null);
  const test = () =>
    act(async () => {
      await post(`${path}/test`);
      soon();
    }, 'A ping is on its way');
  return (
    <section class="card stack" aria-label="About">
      <div class="row">
        <WebhookState of={hook.state} />
        <strong class="grow breaks">{hook.url}</strong>
      </div>
      {hook.state_reason && <p>{hook.state_reason}</p>}
      <dl class="facts">
        {hook.description && (
          <>
            <dt>What for</dt>
            <dd>{hook.description}</dd>
          </>
        )}
        <dt>Team</dt>
        <dd>{hook.team ? <TeamLink slug={hook.team} /> : <span class="quiet">none: administrators keep it</span>}</dd>
        <dt>Gets</dt>
        <dd>
          <FilterTags filter={hook.filter} />
        </dd>
        <dt>Form</dt>
        <dd>
          {hook.mode}, handshake {hook.handshake}
          {hook.receiver?.answer && `: ${hook.receiver.answer}`}
        </dd>
        <dt>Keys</dt>
        <dd>
          {hook.secrets.map((key, i) => (
            <div key={key.created_at}>
              {i > 0 && 'and '}from <When at={key.created_at} />
              {key.expires_at && (
                <>
                  , ends <When at={key.expires_at} />
                </>
              )}
            </div>
          ))}
        </dd>
        <dt>Made</dt>
        <dd>
          <When at={hook.created_at} /> by {hook.created_by}
        </dd>
      </dl>
      <Refusal failure={failure} />
      <div class="row no-print">
        <Button icon="bell" busy={busy} onClick={() => void test()}>
          Test
        </Button>
        {hook.state === 'active' ? (
          <Button busy={busy} onClick={() => void act(() => post(`${path}/pause`), 'Paused: it collects what it misses')}>
            Pause
          </Button>
        ) : (
          <Button busy={busy} onClick={() => void act(() => post(`${path}/resume`), 'Resumed')}>
            Resume
          </Button>
        )}
        <Button onClick={() => setAsked('rotate')}>New key …</Button>
        <Button kind="danger" onClick={() => setAsked('delete')}>
          Delete …
        </Button>
      </div>
      <Dialog open={asked === 'rotate'} title="A new key for signatures" onClose={close}>
        <Rotate path={path} onClose={close} />
      </Dialog>
      <Confirm
        open={asked === 'delete'}
        title="Delete this webhook"
        action="Delete"
        danger
        onClose={close}
        run={async () => {
          await send('DELETE', path, { ifMatch: `"${hook.rev}"` });
          toast('The webhook is deleted');
          go(href(['settings', 'webhooks']));
        }}
      >
        <p>What waits for it is not sent any more, and its log goes with it.</p>
      </Confirm>
    </section>
  );
}

export function WebhookTab({ id }: { id: string }) {
  const path = `/api/v1/webhooks/${encodeURIComponent(id)}`;
  const hook: Loaded<Webhook> = useGet<Webhook>(path);
  return (
    <Show of={hook} what="Loading the webhook">
      {(found) => (
        <div class="stack wide">
          <About hook={found} path={path} />
          <Log path={path} />
        </div>
      )}
    </Show>
  );
}
