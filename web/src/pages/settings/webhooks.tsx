/* Webhooks: all of them, and making one. */
import { useState } from 'preact/hooks';
import { Button, Chip, Choice, Dialog, Empty, Field, Pager, Refusal, Show, Table, Tag, type Column, type Tone } from '../../design/parts';
import type { IconName } from '../../design/icons';
import { type Failure, forget, send, useGet, type List } from '../../lib/api';
import { go, href, place } from '../../lib/router';
import { PickTeam, TeamLink } from '../../catalog/parts';
import { listed, Secret } from './parts';

export interface Webhook {
  id: string;
  team: string | null;
  url: string;
  description: string;
  filter: Record<string, string[]>;
  mode: 'structured' | 'binary';
  handshake: 'optional' | 'required';
  state: string;
  state_reason: string;
  secrets: { created_at: string; expires_at: string | null }[];
  receiver: { asked_at: string | null; agreed: boolean | null; answer: string | null } | null;
  deliveries: { waiting: number; dead: number };
  rev: number;
  created_at: string;
  created_by: string;
  updated_at: string;
  updated_by: string;
}

const states: Record<string, [Tone, IconName]> = { active: ['good', 'check'], paused: ['warn', 'clock'], disabled: ['bad', 'stop'] };

export function WebhookState({ of }: { of: string }) {
  const [tone, icon] = states[of] ?? (['mute', 'dot'] as const);
  return (
    <Chip tone={tone} icon={icon}>
      {of}
    </Chip>
  );
}

export function FilterTags({ filter }: { filter: Record<string, string[]> }) {
  const all = Object.entries(filter);
  if (all.length === 0) return <span class="quiet">everything</span>;
  return (
    <span class="row tight">
      {all.flatMap(([name, values]) =>
        values.map((value) => (
          <Tag key={name + value}>
            {name === 'types' ? '' : `${name.replace(/s$/, '')} `}
            {value}
          </Tag>
        )),
      )}
    </span>
  );
}

const FILTERS: [string, string, string][] = [
  ['types', 'Kinds', 'change, line.deprecated'],
  ['teams', 'Teams', 'payments'],
  ['domains', 'Domains', 'orders'],
  ['events', 'Events', 'orders.order_placed'],
  ['classes', 'Classes of changes', 'breaking'],
];

function Make({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('');
  const [team, setTeam] = useState('');
  const [description, setDescription] = useState('');
  const [filter, setFilter] = useState<Record<string, string>>({});
  const [mode, setMode] = useState<'structured' | 'binary'>('structured');
  const [handshake, setHandshake] = useState<'optional' | 'required'>('optional');
  const [made, setMade] = useState<(Webhook & { secret: string }) | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const wrong = (field: string) => (failure?.more.field?.startsWith(field) ? failure.message : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const chosen = Object.entries(filter).flatMap(([name, text]) => (listed(text).length > 0 ? [[name, listed(text)]] : []));
    const body = { url: url.trim(), description, mode, handshake, filter: Object.fromEntries(chosen), ...(team && { team }) };
    try {
      setMade((await send<Webhook & { secret: string }>('POST', '/api/v1/webhooks', { body })).value);
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  if (made)
    return (
      <div class="stack">
        <Secret value={made.secret} what="The key of its signatures" />
        <div class="row end">
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              forget();
              go(href(['settings', 'webhooks', made.id]));
            }}
          >
            Show the webhook
          </Button>
        </div>
      </div>
    );
  return (
    <form class="stack" onSubmit={submit}>
      <Field label="URL" hint="https, in the open. An operator can allow addresses of this network." error={wrong('url')}>
        {(props) => (
          <input
            class="input"
            type="url"
            required
            {...props}
            value={url}
            spellcheck={false}
            onInput={(e) => setUrl(e.currentTarget.value)}
          />
        )}
      </Field>
      <PickTeam
        label="Team"
        value={team}
        onChange={setTeam}
        hint="Its maintainers keep it. Empty: administrators do."
        error={wrong('team')}
      />
      <Field label="What for" error={wrong('description')}>
        {(props) => <input class="input" {...props} value={description} onInput={(e) => setDescription(e.currentTarget.value)} />}
      </Field>
      <fieldset class="stack tight">
        <legend class="legend">Only these (empty: all)</legend>
        <div class="columns">
          {FILTERS.map(([name, label, example]) => (
            <Field key={name} label={label} error={wrong(`filter.${name}`)}>
              {(props) => (
                <input
                  class="input"
                  {...props}
                  value={filter[name] ?? ''}
                  placeholder={example}
                  spellcheck={false}
                  onInput={(e) => setFilter({ ...filter, [name]: e.currentTarget.value })}
                />
              )}
            </Field>
          ))}
        </div>
      </fieldset>
      <div class="columns">
        <Choice
          label="Form"
          value={mode}
          onChange={setMode}
          options={[
            ['structured', 'the CloudEvent is the body'],
            ['binary', 'attributes in headers'],
          ]}
        />
        <Choice
          label="Handshake"
          value={handshake}
          onChange={setHandshake}
          options={[
            ['optional', 'sent without one, too'],
            ['required', 'the receiver has to agree'],
          ]}
        />
      </div>
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

const columns: Column<Webhook>[] = [
  {
    key: 'url',
    title: 'Webhook',
    head: true,
    cell: (row) => (
      <>
        <a href={href(['settings', 'webhooks', row.id])} class="breaks">
          {row.url}
        </a>
        {row.description && <div class="summary">{row.description}</div>}
      </>
    ),
  },
  { key: 'state', title: 'State', cell: (row) => <WebhookState of={row.state} /> },
  {
    key: 'team',
    title: 'Team',
    narrow: 'hide',
    cell: (row) => (row.team ? <TeamLink slug={row.team} /> : <span class="quiet">none</span>),
  },
  { key: 'filter', title: 'Gets', narrow: 'hide', cell: (row) => <FilterTags filter={row.filter} /> },
  {
    key: 'backlog',
    title: 'Waiting',
    right: true,
    cell: (row) => (
      <span class="num">
        {row.deliveries.waiting}
        {row.deliveries.dead > 0 && <span class="small">, {row.deliveries.dead} dead</span>}
      </span>
    ),
  },
];

export function WebhooksTab() {
  const { query } = place.use();
  const list = useGet<List<Webhook>>('/api/v1/webhooks', { team: query.get('team'), limit: 100, cursor: query.get('cursor') });
  const [making, setMaking] = useState(false);
  return (
    <div class="stack">
      <div class="row end">
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          New webhook
        </Button>
      </div>
      <Show of={list} what="Loading webhooks">
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <Table caption="Webhooks" columns={columns} rows={items} id={(row) => row.id} />
              <Pager next={next} />
            </>
          ) : (
            <Empty title="There is no webhook yet" icon="bell">
              <p>Inboxes work without any. A webhook brings what happens into a chat, a ticket system, or a program.</p>
            </Empty>
          )
        }
      </Show>
      <Dialog open={making} title="A new webhook" onClose={() => (setMaking(false), forget())}>
        <Make onClose={() => setMaking(false)} />
      </Dialog>
    </div>
  );
}
