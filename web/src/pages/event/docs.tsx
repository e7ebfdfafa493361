/* What an event says of itself and what it promises: read as Markdown, changed in forms. */
import { useState } from 'preact/hooks';
import { Button, Choice, CopyButton, Empty, Field, LinkButton, Refusal, Show, When } from '../../design/parts';
import { Markdown } from '../../design/markdown';
import { forget, send, useGet, type Failure } from '../../lib/api';
import { api, durationOf, type EventFull, type Line, type Terms } from '../../lib/catalog';
import { amend, amended, href, place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { isWeb, orderingText, slaText } from '../../catalog/parts';
import type { TabProps } from '.';

interface Contract {
  n: number;
  by: string;
  since: string;
  terms: Terms;
}

const deliveries: Record<string, string> = { at_most_once: 'at most once', at_least_once: 'at least once', exactly_once: 'exactly once' };

function TermsList({ terms }: { terms: Terms }) {
  const known: [string, string][] = [
    ['Order', orderingText(terms)],
    [
      'Delivery',
      terms.delivery?.semantics
        ? `${deliveries[terms.delivery.semantics] ?? terms.delivery.semantics}${terms.delivery.dedup ? `, duplicates by ${terms.delivery.dedup}` : ''}`
        : '',
    ],
    ['Service level', slaText(terms.sla)],
    ['Kept for', terms.retention ? durationOf(String(terms.retention)) : ''],
  ];
  const rest = Object.entries(terms).filter(([name]) => !['ordering', 'delivery', 'sla', 'retention'].includes(name));
  return (
    <dl class="facts">
      {known.map(([title, text]) => (
        <>
          <dt>{title}</dt>
          <dd>{text || <span class="quiet">nothing is promised</span>}</dd>
        </>
      ))}
      {rest.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : <code>{JSON.stringify(value)}</code>}</dd>
        </>
      ))}
    </dl>
  );
}

function useForm() {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (run: () => Promise<unknown>, said: string) => {
    setBusy(true);
    setFailure(null);
    try {
      await run();
      toast(said);
      forget();
      amend({ edit: null }, { replace: true });
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  const wrong = (name: string) => (failure?.more.field === name ? failure.message : undefined);
  return { failure, busy, save, wrong };
}

const AUDIENCES = ['team', 'domain', 'company', 'partner', 'public'].map((word) => [word, word] as const);
const LEVELS = [['', 'not said'] as const, ...['public', 'internal', 'confidential', 'restricted'].map((word) => [word, word] as const)];

function AboutForm({ event }: { event: EventFull }) {
  const [draft, setDraft] = useState({
    title: event.title,
    summary: event.summary,
    reason_to_exist: event.reason_to_exist,
    description: event.description,
    domain: event.domain ?? '',
    audience: event.audience,
    level: event.classification.level ?? '',
    tags: event.tags.join(', '),
    docs: event.docs.map((doc) => `${doc.title ?? ''} ${doc.url}`.trim()).join('\n'),
  });
  const { failure, busy, save, wrong } = useForm();
  const set = (name: keyof typeof draft) => (value: string) => setDraft({ ...draft, [name]: value });
  const text = (name: keyof typeof draft, label: string, hint?: string, rows?: number) => (
    <Field label={label} hint={hint} error={wrong(name)}>
      {(props) =>
        rows ? (
          <textarea class="input" rows={rows} {...props} value={draft[name]} onInput={(e) => set(name)(e.currentTarget.value)} />
        ) : (
          <input class="input" {...props} value={draft[name]} onInput={(e) => set(name)(e.currentTarget.value)} />
        )
      }
    </Field>
  );
  const submit = () => {
    const body: Record<string, unknown> = {
      title: draft.title,
      summary: draft.summary,
      reason_to_exist: draft.reason_to_exist,
      description: draft.description,
      audience: draft.audience,
      tags: draft.tags.split(',').flatMap((tag) => tag.trim() || []),
      docs: draft.docs.split('\n').flatMap((row) => {
        const found = /^(.*?)\s*(\S+)$/.exec(row.trim());
        return found ? [found[1] ? { title: found[1], url: found[2] } : { url: found[2] }] : [];
      }),
    };
    if (draft.domain) body.domain = draft.domain;
    if (draft.level) body.classification = { ...event.classification, level: draft.level };
    void save(() => send('PATCH', api.event(event.name), { body, ifMatch: `"${event.rev}"` }), 'Saved');
  };
  return (
    <form
      class="form card"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <h2>About {event.name}</h2>
      {text('title', 'Title')}
      {text('summary', 'Summary', 'One sentence, for lists.')}
      {text('reason_to_exist', 'Why it exists', 'Who needs it and what for: the first thing that a reader sees.', 3)}
      {text('description', 'Description', 'In Markdown.', 8)}
      {text('domain', 'Domain')}
      <Choice label="Audience" value={draft.audience} options={AUDIENCES} onChange={set('audience')} />
      <Choice label="Classification" value={draft.level} options={LEVELS} onChange={set('level')} />
      {text('tags', 'Tags', 'Separated by commas.')}
      {text('docs', 'Links', 'One a line: a title and an address.', 3)}
      <Refusal failure={failure} />
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          Save
        </Button>
        <LinkButton href={amended({ edit: null })}>Cancel</LinkButton>
      </div>
    </form>
  );
}

function ContractForm({ line, terms }: { line: Line; terms: Terms }) {
  const sla = (terms.sla ?? {}) as Record<string, unknown>;
  const [draft, setDraft] = useState({
    scope: terms.ordering?.scope ?? '',
    keys: (terms.ordering?.key_fields ?? []).join(', '),
    semantics: terms.delivery?.semantics ?? '',
    dedup: terms.delivery?.dedup ?? '',
    retention: String(terms.retention ?? ''),
    freshness: String(sla.freshness ?? ''),
    availability: sla.availability === undefined ? '' : String(sla.availability),
    support: String(sla.support_hours ?? ''),
  });
  const { failure, busy, save } = useForm();
  const set = (name: keyof typeof draft) => (value: string) => setDraft({ ...draft, [name]: value });
  const text = (name: keyof typeof draft, label: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(props) => <input class="input" {...props} value={draft[name]} onInput={(e) => set(name)(e.currentTarget.value)} />}
    </Field>
  );
  const submit = () => {
    const keys = draft.keys.split(',').flatMap((key) => key.trim() || []);
    const next: Terms = { ...terms };
    const put = (name: string, value: unknown, given: boolean) => {
      if (given) next[name] = value;
      else delete next[name];
    };
    put('ordering', { ...terms.ordering, scope: draft.scope, ...(keys.length > 0 && { key_fields: keys }) }, draft.scope !== '');
    put('delivery', { ...terms.delivery, semantics: draft.semantics, ...(draft.dedup && { dedup: draft.dedup }) }, draft.semantics !== '');
    put('retention', draft.retention, draft.retention !== '');
    const level: Record<string, unknown> = { ...sla };
    for (const [name, value] of [
      ['freshness', draft.freshness],
      ['support_hours', draft.support],
    ] as const)
      if (value) level[name] = value;
      else delete level[name];
    if (draft.availability) level.availability = Number(draft.availability);
    else delete level.availability;
    put('sla', level, Object.keys(level).length > 0);
    void save(() => send('PUT', `${api.line(line.id)}/contract`, { body: next, ifMatch: '*' }), 'The contract is changed');
  };
  return (
    <form
      class="form card"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <h2>Contract of {line.id}</h2>
      <Choice
        label="Order of messages"
        value={draft.scope}
        onChange={set('scope')}
        options={[
          ['', 'not said'],
          ['none', 'in no order'],
          ['key', 'per key'],
          ['partition', 'per partition'],
          ['global', 'all in order'],
        ]}
      />
      {draft.scope === 'key' && text('keys', 'Key', 'Fields, separated by commas.')}
      <Choice
        label="Delivery"
        value={draft.semantics}
        onChange={set('semantics')}
        options={[['', 'not said'], ...Object.entries(deliveries)]}
      />
      {text('dedup', 'Duplicates are known by', 'A field.')}
      {text('freshness', 'Fresh within', 'As in PT10S, PT5M, P1D.')}
      {text('availability', 'Availability', 'As in 0.999.')}
      {text('support', 'Support')}
      {text('retention', 'Kept for', 'As in P14D.')}
      <Refusal failure={failure} />
      {failure?.code === 'CHANGE_REQUIRED' && (
        <LinkButton href={href(['changes', 'new'], { line: line.id, kind: 'contract' })}>Open a change</LinkButton>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          Save
        </Button>
        <LinkButton href={amended({ edit: null })}>Cancel</LinkButton>
      </div>
    </form>
  );
}

function ContractCard({ line, terms, note }: { line: Line; terms: Terms; note?: preact.ComponentChildren }) {
  return (
    <section class="card stack" aria-labelledby="contract">
      <div class="row">
        <h2 id="contract" class="grow">
          What line {line.major} promises
        </h2>
        <LinkButton size="small" icon="pencil" href={amended({ edit: 'contract' })}>
          Edit
        </LinkButton>
      </div>
      <TermsList terms={terms} />
      <p class="small quiet">
        Schemas: {line.compatibility.toLowerCase().replace(/_/g, ', ')} compatibility. {note}
      </p>
    </section>
  );
}

export function DocsTab({ event, line, main }: TabProps) {
  const edit = place.use().query.get('edit');
  const own = main && event.contract ? event.contract : null;
  const contract = useGet<Contract>(main && edit !== 'contract' ? null : `${api.line(line.id)}/contract`);
  if (edit === 'about') return <AboutForm key={event.rev} event={event} />;
  if (edit === 'contract') return <Show of={contract}>{(found) => <ContractForm line={line} terms={found.terms ?? {}} />}</Show>;
  const command = `curl ${window.location.origin}/api/v1/export/asyncapi?event=${encodeURIComponent(event.name)}`;
  return (
    <div class="stack wide">
      <section class="stack" aria-label="Description">
        <div class="row">
          <span class="grow small quiet">
            Written by {event.updated_by || event.created_by}, <When at={event.updated_at} />
          </span>
          <LinkButton size="small" icon="pencil" href={amended({ edit: 'about' })}>
            Edit
          </LinkButton>
        </div>
        {event.description ? (
          <Markdown text={event.description} />
        ) : (
          <Empty title="There is no longer description" icon="pencil">
            <p>{event.summary || 'Say what it means, when it is sent, and what readers get wrong.'}</p>
          </Empty>
        )}
      </section>
      <div class="columns">
        {main ? (
          <ContractCard line={line} terms={own?.terms ?? {}} />
        ) : (
          <Show of={contract}>
            {(found) => <ContractCard line={line} terms={found.terms ?? {}} note={found.since && <When at={found.since} />} />}
          </Show>
        )}
        <section class="card stack" aria-labelledby="where">
          <h2 id="where">Where it is</h2>
          <dl class="facts">
            <dt>Subjects</dt>
            <dd>
              {line.subjects.length === 0 && <span class="quiet">none yet</span>}
              {line.subjects.map((one) => (
                <div key={one.subject}>
                  <a href={href(['subjects', one.subject])}>{one.subject}</a> {one.role === 'key' && <span class="quiet small">key</span>}
                </div>
              ))}
            </dd>
            <dt>Channels</dt>
            <dd>{line.channels.length > 0 ? line.channels.join(', ') : <span class="quiet">none said</span>}</dd>
            <dt>Audience</dt>
            <dd>{event.audience}</dd>
            {event.aliases.length > 0 && (
              <>
                <dt>Former names</dt>
                <dd>{event.aliases.join(', ')}</dd>
              </>
            )}
            {event.docs.length > 0 && (
              <>
                <dt>Links</dt>
                <dd>
                  {event.docs.map((doc) => (
                    <div key={doc.url}>
                      {isWeb(doc.url) ? (
                        <a href={doc.url} rel="noopener noreferrer">
                          {doc.title || doc.url}
                        </a>
                      ) : (
                        doc.url
                      )}
                    </div>
                  ))}
                </dd>
              </>
            )}
          </dl>
          <details>
            <summary>As AsyncAPI</summary>
            <div class="commands row tight">
              <code class="grow">{command}</code>
              <CopyButton text={command} label="Copy the command" />
            </div>
          </details>
        </section>
      </div>
    </div>
  );
}
