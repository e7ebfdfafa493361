/* Policies: what is set for the organisation, a domain or an event, and what holds where nothing is. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Field, IconButton, Refusal, Segments, Show, When, type ControlProps } from '../../design/parts';
import { send, useGet, type List } from '../../lib/api';
import type { Domain } from '../../lib/catalog';
import { amend, amended, asOf, place } from '../../lib/router';
import { useAct } from '../../workflow/parts';
import { listed } from './parts';

interface Window {
  from: string;
  until: string;
  reason?: string;
}

type Settings = Record<string, unknown> & {
  silence?: { blocking?: string; informational?: string };
  freeze_windows?: Window[];
};

interface Policy {
  scope: string;
  settings: Settings;
  effective: Settings;
  updated_at: string | null;
  updated_by: string | null;
}

const NUMBERS: [string, string, string][] = [
  ['notice_days', 'Notice, in days', 'From the day on which those concerned were told.'],
  ['deprecation_min_days', 'From deprecation to sunset, in days', 'At least.'],
  ['sunset_quiet_days', 'Without a read before removal, in days', 'Reads in this time have to be explained.'],
  ['stale_days', 'Silence after which a consumer is stale, in days', 'Stale ones are told and not asked.'],
  ['reminders_before_stale', 'Questions before that', 'A week apart.'],
  ['change_expires_days', 'A change expires after, in days', 'Without anybody doing anything.'],
];

const TRUTHS: [string, string, string][] = [
  ['acknowledge_blocks', 'Changes wait for acknowledgements', 'Otherwise for approvals alone.'],
  ['members_decide', 'Every member decides for a team', 'Otherwise maintainers only.'],
  ['pii_needs_agreement', 'The owner agrees to readers of personal data', 'Of fields with one of the tags below.'],
  ['auto_draft_change', 'A refused registration leaves a draft', 'Of a change, ready to be opened.'],
];

const LISTS: [string, string, string][] = [
  ['pii_tags', 'Tags of personal data', 'Separated by commas.'],
  ['required_documentation', 'A line is activated when it has', 'Of owner, contact, reason_to_exist, schema, ordering, sla, oncall.'],
];

const SILENCES: [string, string][] = [
  ['escalate', 'is escalated'],
  ['consent', 'is consent'],
];

const yes = (value: unknown) => (value === true ? 'yes' : value === false ? 'no' : String(value ?? 'none'));
const shown = (value: unknown) => (Array.isArray(value) ? value.join(', ') || 'none' : yes(value));

function Setting({
  label,
  hint,
  own,
  effective,
  error,
  children,
}: {
  label: string;
  hint?: string;
  own: boolean;
  effective: unknown;
  error?: string;
  children: (props: ControlProps) => preact.ComponentChildren;
}) {
  return (
    <Field
      label={label}
      error={error}
      hint={
        <>
          {hint} {own ? <span class="own">Set here.</span> : <>Inherited: {shown(effective)}.</>}
        </>
      }
    >
      {children}
    </Field>
  );
}

function Windows({ value, onChange }: { value: Window[]; onChange: (value: Window[]) => void }) {
  const set = (i: number, change: Partial<Window>) => onChange(value.map((row, j) => (i === j ? { ...row, ...change } : row)));
  return (
    <fieldset class="stack tight">
      <legend class="legend">Frozen, so that nothing is applied</legend>
      {value.map((row, i) => (
        <div class="row" key={i}>
          <Field label="From">
            {(props) => (
              <input
                class="input"
                type="date"
                required
                {...props}
                value={row.from.slice(0, 10)}
                onInput={(e) => set(i, { from: `${e.currentTarget.value}T00:00:00Z` })}
              />
            )}
          </Field>
          <Field label="Until">
            {(props) => (
              <input
                class="input"
                type="date"
                required
                {...props}
                value={row.until.slice(0, 10)}
                onInput={(e) => set(i, { until: `${e.currentTarget.value}T00:00:00Z` })}
              />
            )}
          </Field>
          <Field label="Reason">
            {(props) => (
              <input class="input" {...props} value={row.reason ?? ''} onInput={(e) => set(i, { reason: e.currentTarget.value })} />
            )}
          </Field>
          <IconButton
            icon="trash"
            label={`Remove the window from ${row.from.slice(0, 10)}`}
            onClick={() => onChange(value.filter((_, j) => j !== i))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...value, { from: '', until: '' }])}>
          Add a window
        </Button>
      </div>
    </fieldset>
  );
}

function Form({ policy, etag }: { policy: Policy; etag: string | null }) {
  const [settings, setSettings] = useState<Settings>(policy.settings);
  const [lists, setLists] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const { busy, failure, act } = useAct();
  useEffect(() => {
    setSettings(policy.settings);
    setLists({});
  }, [policy.scope, etag]);
  const put = (name: string, value: unknown) => {
    const next = { ...settings };
    if (value === undefined) delete next[name];
    else next[name] = value;
    setSettings(next);
  };
  const own = (name: string) => settings[name] !== undefined;
  const wrong = (name: string) => (failure?.more.field?.startsWith(name) ? failure.message : undefined);
  const save = (event: Event) => {
    event.preventDefault();
    const { freeze_windows: windows, ...rest } = settings;
    const body = windows && windows.length > 0 ? { ...rest, freeze_windows: windows } : rest;
    void act(
      () =>
        send('PUT', `/api/v1/policies/${encodeURIComponent(policy.scope)}`, {
          body,
          ifMatch: etag,
          query: { reason: reason.trim() || null },
        }),
      'Saved',
    ).then((done) => done && setReason(''));
  };
  const { effective } = policy;
  return (
    <form class="stack wide" onSubmit={save}>
      <div class="policy">
        {NUMBERS.map(([name, label, hint]) => (
          <Setting key={name} label={label} hint={hint} own={own(name)} effective={effective[name]} error={wrong(name)}>
            {(props) => (
              <input
                class="input num"
                type="number"
                min={0}
                max={3650}
                {...props}
                value={own(name) ? String(settings[name]) : ''}
                placeholder={String(effective[name] ?? '')}
                onInput={(e) => put(name, e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value))}
              />
            )}
          </Setting>
        ))}
        {TRUTHS.map(([name, label, hint]) => (
          <Setting key={name} label={label} hint={hint} own={own(name)} effective={effective[name]} error={wrong(name)}>
            {(props) => (
              <select
                class="input"
                {...props}
                value={own(name) ? yes(settings[name]) : ''}
                onChange={(e) => put(name, e.currentTarget.value === '' ? undefined : e.currentTarget.value === 'yes')}
              >
                <option value="">as inherited</option>
                <option value="yes">yes</option>
                <option value="no">no</option>
              </select>
            )}
          </Setting>
        ))}
        {(['blocking', 'informational'] as const).map((whose) => (
          <Setting
            key={whose}
            label={`Silence of ${whose} consumers`}
            hint="When their time is over."
            own={settings.silence?.[whose] !== undefined}
            effective={effective.silence?.[whose]}
            error={wrong(`silence.${whose}`)}
          >
            {(props) => (
              <select
                class="input"
                {...props}
                value={settings.silence?.[whose] ?? ''}
                onChange={(e) => {
                  const next = { ...settings.silence };
                  if (e.currentTarget.value === '') delete next[whose];
                  else next[whose] = e.currentTarget.value;
                  put('silence', Object.keys(next).length > 0 ? next : undefined);
                }}
              >
                <option value="">as inherited</option>
                {SILENCES.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Setting>
        ))}
        {LISTS.map(([name, label, hint]) => (
          <Setting key={name} label={label} hint={hint} own={own(name)} effective={effective[name]} error={wrong(name)}>
            {(props) => (
              <input
                class="input"
                {...props}
                spellcheck={false}
                value={lists[name] ?? (own(name) ? shown(settings[name]) : '')}
                placeholder={shown(effective[name])}
                onInput={(e) => {
                  setLists({ ...lists, [name]: e.currentTarget.value });
                  put(name, e.currentTarget.value.trim() === '' ? undefined : listed(e.currentTarget.value));
                }}
              />
            )}
          </Setting>
        ))}
        <Setting
          label="Names of events fit"
          hint="A regular expression of POSIX."
          own={own('name_pattern')}
          effective={effective.name_pattern}
          error={wrong('name_pattern')}
        >
          {(props) => (
            <input
              class="input mono"
              {...props}
              spellcheck={false}
              value={own('name_pattern') ? String(settings.name_pattern ?? '') : ''}
              placeholder={String(effective.name_pattern ?? 'any')}
              onInput={(e) => put('name_pattern', e.currentTarget.value === '' ? undefined : e.currentTarget.value)}
            />
          )}
        </Setting>
      </div>
      <Windows value={settings.freeze_windows ?? []} onChange={(value) => put('freeze_windows', value)} />
      <Field label="Reason" hint="It goes into the audit trail.">
        {(props) => <input class="input" {...props} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure} />
      <div class="row">
        <Button kind="primary" type="submit" busy={busy} disabled={asOf() !== null}>
          Save
        </Button>
        {policy.updated_at && (
          <span class="small quiet">
            Set <When at={policy.updated_at} /> by {policy.updated_by}
          </span>
        )}
      </div>
    </form>
  );
}

export function PoliciesTab() {
  const scope = place.use().query.get('scope') ?? 'org';
  const [text, setText] = useState(scope === 'org' ? '' : scope);
  const policy = useGet<Policy>(`/api/v1/policies/${encodeURIComponent(scope)}`);
  const domains = useGet<List<Domain>>('/api/v1/domains', { limit: 200 });
  const known = (domains.value?.items ?? []).slice(0, 12).map(({ slug }) => `domain:${slug}`);
  return (
    <div class="stack">
      <div class="filters">
        <div class="segments-scroll">
          <Segments
            label="Scope"
            items={[
              { href: amended({ scope: null }), label: 'Organisation', current: scope === 'org' },
              ...known.map((one) => ({ href: amended({ scope: one }), label: one.slice(7), current: scope === one })),
              ...(scope !== 'org' && !known.includes(scope) ? [{ href: amended({ scope }), label: scope, current: true }] : []),
            ]}
          />
        </div>
        <Field label="Another scope">
          {(props) => (
            <input
              class="input"
              {...props}
              value={text}
              placeholder="event:orders.order_placed"
              spellcheck={false}
              onInput={(e) => setText(e.currentTarget.value)}
              onChange={(e) => e.currentTarget.value.trim() && amend({ scope: e.currentTarget.value.trim() })}
            />
          )}
        </Field>
      </div>
      <Show of={policy} what="Loading the policy">
        {(found) => <Form key={found.scope} policy={found} etag={policy.etag} />}
      </Show>
    </div>
  );
}
