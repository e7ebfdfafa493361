/* Tokens: made for a service or a person, shown once, revoked. */
import { useState } from 'preact/hooks';
import {
  Button,
  Check,
  Chip,
  Choice,
  Confirm,
  Dialog,
  Empty,
  Field,
  Pager,
  Refusal,
  Show,
  Table,
  Tag,
  When,
  type Column,
} from '../../design/parts';
import { type Failure, forget, send, useGet, type List } from '../../lib/api';
import { place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { PickService, ServiceLink } from '../../catalog/parts';
import { Day } from '../../workflow/parts';
import { dayEnd, Secret } from './parts';

interface Token {
  id: number;
  name: string;
  user: string | null;
  service: string | null;
  scopes: string[];
  prefix: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  created_at: string;
  created_by: string;
}

const SCOPES: [string, string][] = [
  ['read', 'read everything'],
  ['register', 'and register schemas'],
  ['catalog', 'and what its owner may in the catalog'],
  ['admin', 'and administer'],
];

function Make({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [of, setOf] = useState<'service' | 'user'>('service');
  const [owner, setOwner] = useState('');
  const [scopes, setScopes] = useState(['read']);
  const [until, setUntil] = useState('');
  const [secret, setSecret] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const wrong = (field: string) => (failure?.more.field === field ? failure.message : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const body = { name: name.trim(), [of]: owner.trim(), scopes, ...(until && { expires_at: dayEnd(until) }) };
      setSecret((await send<{ secret: string }>('POST', '/api/v1/tokens', { body })).value.secret);
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  if (secret)
    return (
      <div class="stack">
        <Secret value={secret} what="The token" />
        <div class="row end">
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              forget();
            }}
          >
            Done
          </Button>
        </div>
      </div>
    );
  return (
    <form class="stack" onSubmit={submit}>
      <Field label="Name" hint="Where it is used, such as the pipeline." error={wrong('name')}>
        {(props) => <input class="input" required {...props} value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Choice
        label="It belongs to"
        value={of}
        onChange={(next) => (setOf(next), setOwner(''))}
        options={[
          ['service', 'a service'],
          ['user', 'a person'],
        ]}
      />
      {of === 'service' ? (
        <PickService label="Service" value={owner} onChange={setOwner} required error={wrong('service')} />
      ) : (
        <Field label="Login" error={wrong('user')}>
          {(props) => (
            <input class="input" required autocapitalize="off" {...props} value={owner} onInput={(e) => setOwner(e.currentTarget.value)} />
          )}
        </Field>
      )}
      <fieldset class="field">
        <legend class="legend">It may</legend>
        {SCOPES.map(([scope, says]) => (
          <Check
            key={scope}
            label={
              <>
                <strong>{scope}</strong> <span class="quiet">{says}</span>
              </>
            }
            checked={scopes.includes(scope)}
            onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
          />
        ))}
        {wrong('scopes') && <div class="error">{wrong('scopes')}</div>}
      </fieldset>
      <Field label="Until" hint="Empty: until it is revoked." error={wrong('expires_at')}>
        {(props) => <input class="input" type="date" {...props} value={until} onInput={(e) => setUntil(e.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure?.more.field ? null : failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          Make it
        </Button>
      </div>
    </form>
  );
}

function State({ of }: { of: Token }) {
  if (of.revoked_at)
    return (
      <Chip icon="stop">
        revoked <When at={of.revoked_at} />
      </Chip>
    );
  if (of.expires_at && Date.parse(of.expires_at) < Date.now()) return <Chip icon="clock">over</Chip>;
  if (of.expires_at)
    return (
      <span>
        until <Day at={of.expires_at} />
      </span>
    );
  return <span class="quiet">no end</span>;
}

export function TokensTab() {
  const list = useGet<List<Token>>('/api/v1/tokens', { limit: 100, cursor: place.use().query.get('cursor') });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns: Column<Token>[] = [
    {
      key: 'name',
      title: 'Token',
      head: true,
      cell: (row) => (
        <>
          {row.name}
          <div class="small quiet">
            <code>{row.prefix}…</code> made <When at={row.created_at} /> by {row.created_by}
          </div>
        </>
      ),
    },
    { key: 'of', title: 'Of', cell: (row) => (row.service ? <ServiceLink slug={row.service} /> : row.user) },
    {
      key: 'scopes',
      title: 'May',
      narrow: 'hide',
      cell: (row) => (
        <span class="row tight">
          {row.scopes.map((scope) => (
            <Tag key={scope}>{scope}</Tag>
          ))}
        </span>
      ),
    },
    {
      key: 'used',
      title: 'Last used',
      narrow: 'hide',
      cell: (row) => (row.last_used_at ? <When at={row.last_used_at} /> : <span class="quiet">never</span>),
    },
    { key: 'until', title: 'Holds', cell: (row) => <State of={row} /> },
    {
      key: 'acts',
      title: 'Actions',
      unseen: true,
      right: true,
      cell: (row) =>
        !row.revoked_at && (
          <Button size="small" kind="danger" onClick={() => setRevoking(row)} aria-label={`Revoke ${row.name}`}>
            Revoke
          </Button>
        ),
    },
  ];
  return (
    <div class="stack">
      <div class="row end">
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      <Show of={list} what="Loading tokens">
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <Table caption="Tokens" columns={columns} rows={items} id={(row) => row.id} />
              <Pager next={next} />
            </>
          ) : (
            <Empty title="There is no token yet" icon="lock">
              <p>A service with its own token is seen when it reads: that is how declared consumers are compared with real ones.</p>
            </Empty>
          )
        }
      </Show>
      <Dialog open={making} title="A new token" onClose={() => (setMaking(false), forget())}>
        <Make onClose={() => setMaking(false)} />
      </Dialog>
      <Confirm
        open={revoking !== null}
        title={`Revoke ${revoking?.name ?? ''}`}
        action="Revoke"
        danger
        onClose={() => setRevoking(null)}
        run={async () => {
          await send('DELETE', `/api/v1/tokens/${revoking?.id}`);
          toast(`${revoking?.name} is revoked`);
        }}
      >
        <p>Whatever uses it is refused from now on, within a quarter of a second, on every server.</p>
      </Confirm>
    </div>
  );
}
