/* "Can I consume this?": an answer with its reasons, and the declaration. */
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../design/icons';
import { Button, Choice, CopyButton, Dialog, Field, Notice, Refusal } from '../../design/parts';
import { Failure, forget, send, useGet } from '../../lib/api';
import { api, type Answer, type Consumption, type EventFull, type Line, type LineFields } from '../../lib/catalog';
import { plural } from '../../lib/format';
import { amend, href, place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { AnswerBox, PickService, TeamLink } from '../../catalog/parts';

type Need = '' | 'required' | 'optional';

const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;

function Snippets({ body }: { body: Record<string, unknown> }) {
  const text = JSON.stringify(body);
  const curl = `curl -X POST ${quoted(`${window.location.origin}/api/v1/consumptions`)} -H 'Content-Type: application/json' -d ${quoted(text)}`;
  return (
    <div class="stack tight">
      <p>The same from the command line, for a script or the repository:</p>
      <div class="commands row tight">
        <code class="grow">{curl}</code>
        <CopyButton text={curl} label="Copy the command" />
      </div>
    </div>
  );
}

interface FormProps {
  line: Line;
  service: string;
  accepts: string[];
  onClose: () => void;
}

function Form({ line, service: given, accepts, onClose }: FormProps) {
  const fields = useGet<LineFields>(`${api.line(line.id)}/fields`);
  const [service, setService] = useState(given);
  const [purpose, setPurpose] = useState('');
  const [criticality, setCriticality] = useState<'blocking' | 'informational'>('blocking');
  const [needs, setNeeds] = useState<Record<string, Need>>({});
  const [accepted, setAccepted] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<{ reply: Consumption; body: Record<string, unknown> } | null>(null);
  const declare = async () => {
    const body: Record<string, unknown> = { service, line: line.id, purpose, criticality };
    body.fields = Object.entries(needs).flatMap(([path, need]) => (need ? [{ path, need }] : []));
    if (accepted) body.accepts_pending = accepts.join(',');
    setBusy(true);
    setFailure(null);
    try {
      const { value } = await send<Consumption>('POST', '/api/v1/consumptions', { body });
      setMade({ reply: value, body });
      toast(value.state === 'requested' ? `${service} has asked to read ${line.id}` : `${service} reads ${line.id}`);
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  if (made)
    return (
      <>
        <Notice
          tone={made.reply.state === 'requested' ? 'info' : 'good'}
          title={made.reply.state === 'requested' ? 'Asked for: the owner has to agree' : 'Declared'}
        >
          {made.reply.state === 'requested'
            ? 'It is in the inbox of the team that owns the event.'
            : `${service} will be asked before anything it reads changes.`}
        </Notice>
        <Snippets body={made.body} />
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
      </>
    );
  const wrong = (name: string) => (failure?.more.field?.startsWith(name) ? failure.message : undefined);
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void declare();
      }}
    >
      <PickService label="Service" value={service} onChange={setService} error={wrong('service')} required />
      <Field label="What for" hint="One sentence: who proposes a change reads it." error={wrong('purpose')}>
        {(props) => <input class="input" {...props} value={purpose} onInput={(e) => setPurpose(e.currentTarget.value)} />}
      </Field>
      <fieldset class="field">
        <legend class="legend">Fields it reads</legend>
        <span class="hint">Changes to other fields will not wait for you. Without any, everything counts as read.</span>
        <ul role="list" class="fieldlist">
          {(fields.value?.items ?? [])
            .filter((field) => field.role === 'value')
            .map((field) => (
              <li key={field.path}>
                <label class="check">
                  <input
                    type="checkbox"
                    checked={!!needs[field.path]}
                    onChange={(e) => setNeeds({ ...needs, [field.path]: e.currentTarget.checked ? 'required' : '' })}
                  />
                  <code>{field.path}</code>
                </label>
                <select
                  class="button small"
                  aria-label={`How ${field.path} is needed`}
                  value={needs[field.path] ?? ''}
                  onChange={(e) => setNeeds({ ...needs, [field.path]: e.currentTarget.value as Need })}
                >
                  <option value="">not read</option>
                  <option value="required">required</option>
                  <option value="optional">optional</option>
                </select>
              </li>
            ))}
        </ul>
      </fieldset>
      <Choice
        label="When a change would break it"
        value={criticality}
        onChange={setCriticality}
        options={[
          ['blocking', 'The change waits for us'],
          ['informational', 'We want to be told'],
        ]}
      />
      {accepts.length > 0 && (
        <label class="check">
          <input type="checkbox" checked={accepted} onChange={(e) => setAccepted(e.currentTarget.checked)} />
          <span>We know of {accepts.join(', ')} and will be ready for it</span>
        </label>
      )}
      <Refusal failure={failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          Declare
        </Button>
      </div>
    </form>
  );
}

/* What holds for anybody, from what the page knows already. */
function general(event: EventFull, line: Line): { icon: 'check' | 'clock' | 'cross'; tone: string; title: string; why: string[] } {
  const personal = (event.current?.text ?? '').match(/"(PII|pii|gdpr)"/) !== null;
  const why: string[] = [];
  if (line.state === 'sunset')
    return { icon: 'cross', tone: 'bad', title: 'No: it has reached its sunset', why: ['Read its replacement instead.'] };
  if (line.state === 'deprecated')
    return {
      icon: 'cross',
      tone: 'bad',
      title: 'No: it ends',
      why: [
        `It takes no new consumers${line.replacement && line.replacement !== 'none' ? `: read ${line.replacement} instead` : ''}. Team ${event.owner} can make an exception.`,
      ],
    };
  if (line.state === 'draft') why.push('It is a draft: nothing is produced yet, and it may still change.');
  if (personal) why.push(`Some fields are personal data: team ${event.owner} agrees first to whoever reads them.`);
  if (line.changes.length > 0) why.push(`${line.changes.join(', ')} is open: if it would break you, you have to accept it.`);
  if (why.length === 0)
    why.push(
      `It is active, and ${line.consumers === 0 ? 'nobody reads it yet' : `${plural(line.consumers, 'service reads', 'services read')} it`}. Say that you do, and you will be asked before it changes.`,
    );
  const hold = line.state !== 'active';
  return {
    icon: hold ? 'clock' : 'check',
    tone: hold ? 'warn' : 'good',
    title: hold ? 'You may, with care' : 'Yes, once you have said so',
    why,
  };
}

export function ConsumePanel({ event, line, main }: { event: EventFull; line: Line; main: boolean }) {
  const { query } = place.use();
  const service = query.get('service') ?? '';
  const [open, setOpen] = useState(false);
  const answer = useGet<Answer>(service ? '/api/v1/can-i/consume' : null, { line: line.id, service });
  const [draft, setDraft] = useState(service);
  const [asking, setAsking] = useState(service !== '');
  useEffect(() => setDraft(service), [service]);
  const said = general(main ? event : { ...event, current: null }, line);
  const accepts = (answer.value?.because ?? [])
    .filter((one) => one.code === 'breaking_change_open')
    .flatMap((one) => one.detail.match(/CR-\d+/g) ?? []);
  return (
    <section class="card stack no-print" aria-labelledby="can-i">
      <div class="row">
        <h2 id="can-i" class="grow">
          Can I consume this?
        </h2>
        {!asking && (
          <Button size="small" onClick={() => setAsking(true)}>
            Ask for a service
          </Button>
        )}
        <Button kind="primary" size="small" icon="plus" onClick={() => setOpen(true)}>
          Consume
        </Button>
      </div>
      {answer.value && service ? (
        <AnswerBox answer={answer.value} short={service} />
      ) : (
        <div class={`verdict ${said.tone}`}>
          <Icon name={said.icon} />
          <div class="stack tight">
            <h3>{said.title}</h3>
            <ul role="list" class="reasons">
              {said.why.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {answer.failure && <Refusal failure={answer.failure} />}
      {asking && (
        <form
          class="filters"
          onSubmit={(e) => {
            e.preventDefault();
            amend({ service: draft }, { replace: true });
          }}
        >
          <PickService label="Service" value={draft} onChange={setDraft} />
          <Button type="submit">Ask</Button>
        </form>
      )}
      {event.owner && (
        <p class="small quiet">
          Questions go to team <TeamLink slug={event.owner} />. What others read:{' '}
          <a href={href(['events', event.name, line.major, 'consumers'])}>consumers</a>.
        </p>
      )}
      <Dialog open={open} title={`Consume ${line.id}`} onClose={() => setOpen(false)}>
        <Form line={line} service={service} accepts={accepts.length > 0 ? accepts : line.changes} onClose={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}
