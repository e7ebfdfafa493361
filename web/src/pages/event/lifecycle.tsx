/* What can be done with an event and its line, in one menu. Where others have to be asked, the server's refusal names the change that asks them. */
import { useState } from 'preact/hooks';
import { Icon } from '../../design/icons';
import { Button, Dialog, Field, Notice, Refusal } from '../../design/parts';
import { type Failure, forget, type List, post, send, useGet } from '../../lib/api';
import { api, type EventFull, type EventRow, type Line } from '../../lib/catalog';
import { go, href } from '../../lib/router';
import { toast } from '../../lib/toast';
import { PickTeam } from '../../catalog/parts';
import { useMyTeams } from '../../workflow/model';

type Act = 'activate' | 'abandon' | 'deprecate' | 'reactivate' | 'reschedule' | 'sunset' | 'remove';

const acts: Record<
  Act,
  { label: string; from: string[]; done: string; danger?: boolean; says: string; asks?: ('date' | 'replacement' | 'guide')[] }
> = {
  activate: {
    label: 'Activate',
    from: ['draft'],
    done: 'is active',
    says: 'From now on others may rely on it, and its schema may only change as it promises.',
  },
  deprecate: {
    label: 'Deprecate …',
    from: ['active'],
    done: 'is deprecated',
    says: 'Whoever reads it is told when it ends, and what to read instead.',
    asks: ['date', 'replacement', 'guide'],
  },
  reschedule: {
    label: 'Move the sunset …',
    from: ['deprecated', 'sunset'],
    done: 'ends later',
    says: 'A later date gives consumers more time.',
    asks: ['date'],
  },
  reactivate: { label: 'Take the deprecation back', from: ['deprecated'], done: 'is active again', says: 'It does not end after all.' },
  sunset: {
    label: 'Sunset now …',
    from: ['deprecated'],
    done: 'has reached its sunset',
    says: 'Nobody is to read it from now on.',
    danger: true,
  },
  remove: {
    label: 'Remove …',
    from: ['sunset'],
    done: 'is removed',
    says: 'Nothing new is registered for it. What it was stays readable.',
    danger: true,
  },
  abandon: { label: 'Abandon the draft', from: ['draft'], done: 'is abandoned', says: 'It never came to be.', danger: true },
};

const dayAfter = (days: number): string => new Date(Date.now() + (days + 1) * 86400e3).toISOString().slice(0, 10);

interface ChangeToOpen {
  body?: { open?: { body?: unknown } };
}

/* The lines that could take its place: those of the same event first. */
function Replacement({
  event,
  line,
  value,
  onChange,
  error,
}: {
  event: EventFull;
  line: Line;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const list = useGet<List<EventRow>>('/api/v1/events', { state: 'active', limit: 200 });
  const others = (list.value?.items ?? []).flatMap((row) => row.lines.filter((one) => one.state === 'active').map((one) => one.id));
  const names = [...new Set([...newer(event, line), ...others])].filter((id) => id !== line.id);
  return (
    <Field label="Replacement" hint="A line to read instead. Empty if there is none." error={error}>
      {(props) => (
        <>
          <input
            class="input"
            {...props}
            value={value}
            list={`${props.id}-lines`}
            spellcheck={false}
            autocomplete="off"
            onInput={(e) => onChange(e.currentTarget.value.trim())}
          />
          <datalist id={`${props.id}-lines`}>
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

const newer = (event: EventFull, line: Line): string[] =>
  event.lines
    .filter((one) => one.major > line.major && one.state === 'active')
    .map((one) => one.id)
    .reverse();

function ActForm({ act, event, line, onClose }: { act: Act; event: EventFull; line: Line; onClose: () => void }) {
  const { says, asks = [], done, danger, label } = acts[act];
  const policy = useGet<{ effective: { deprecation_min_days: number } }>(
    asks.includes('date') ? `/api/v1/policies/${encodeURIComponent(`event:${line.event}`)}` : null,
  );
  const days = policy.value?.effective.deprecation_min_days;
  const [date, setDate] = useState<string | null>(null);
  const successor = asks.includes('replacement') ? (newer(event, line)[0] ?? '') : '';
  const [replacement, setReplacement] = useState(successor);
  const [guide, setGuide] = useState('');
  const [reason, setReason] = useState(successor && `${successor} takes its place.`);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const sunset = date ?? (days === undefined ? '' : dayAfter(days));
  const open = (failure?.more as ChangeToOpen | undefined)?.body?.open?.body;
  const attempt = async (run: () => Promise<void>) => {
    setBusy(true);
    setFailure(null);
    try {
      await run();
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  const submit = () =>
    attempt(async () => {
      const body: Record<string, string> = {};
      if (reason) body.reason = reason;
      if (asks.includes('date')) body.sunset_at = `${sunset}T00:00:00Z`;
      if (asks.includes('replacement'))
        body.replacement = replacement === '' || replacement.includes('@') ? replacement || 'none' : `${replacement}@1`;
      if (guide) body.migration_guide = guide;
      try {
        await post(`${api.line(line.id)}/${act}`, body);
      } catch (reason) {
        const asked = (reason as Failure).more.body as ChangeToOpen['body'];
        if (act !== 'deprecate' || !asked?.open?.body) throw reason;
        await ask(asked.open.body); /* the form has said so */
        return;
      }
      toast(`${line.id} ${done}`);
      onClose();
    });
  const ask = async (change: unknown) => {
    const made = await post<{ id: string }>('/api/v1/changes', change);
    toast(`${made.id} asks those who read ${line.id}`);
    go(href(['changes', made.id]));
  };
  const propose = () => attempt(() => ask(open));
  const wrong = (name: string) => (failure?.more.field === name ? failure.message : undefined);
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <p>{says}</p>
      {asks.includes('date') && (
        <Field label="Sunset" hint={days !== undefined && `The policy gives consumers at least ${days} days.`} error={wrong('sunset_at')}>
          {(props) => (
            <input class="input" type="date" {...props} required value={sunset} onInput={(e) => setDate(e.currentTarget.value)} />
          )}
        </Field>
      )}
      {asks.includes('replacement') && (
        <Replacement event={event} line={line} value={replacement} onChange={setReplacement} error={wrong('replacement')} />
      )}
      {asks.includes('guide') && (
        <Field label="How to move" hint={replacement ? 'A link, or a sentence.' : undefined} error={wrong('migration_guide')}>
          {(props) => (
            <textarea
              class="input"
              rows={2}
              required={replacement !== ''}
              {...props}
              value={guide}
              onInput={(e) => setGuide(e.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field label="Reason" error={wrong('reason')}>
        {(props) => (
          <input class="input" required={act === 'deprecate'} {...props} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />
        )}
      </Field>
      {act === 'deprecate' && line.consumers > 0 && !failure && (
        <p class="small quiet">Where other teams read it, this opens a change that asks them; otherwise it holds at once.</p>
      )}
      {open ? (
        <Notice tone="warn" title="Others have to be asked">
          <p>{failure?.message}</p>
        </Notice>
      ) : (
        <Refusal failure={failure} />
      )}
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        {open ? (
          <Button kind="primary" busy={busy} onClick={() => void propose()}>
            Open a change
          </Button>
        ) : (
          <Button kind={danger ? 'danger' : 'primary'} type="submit" busy={busy}>
            {act === 'deprecate' ? 'Submit' : label.replace(' …', '')}
          </Button>
        )}
      </div>
    </form>
  );
}

function TransferForm({ event, onClose }: { event: EventFull; onClose: () => void }) {
  const [to, setTo] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async () => {
    setFailure(null);
    try {
      const { status } = await send('POST', `${api.event(event.name)}/transfer`, { body: { to } });
      forget();
      toast(status === 202 ? `Team ${to} was asked to take it over` : `${event.name} belongs to ${to}`);
      onClose();
    } catch (reason) {
      setFailure(reason as Failure);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <p>The team that takes it over has to agree, unless it is yours, too.</p>
      <PickTeam label="To team" value={to} onChange={setTo} required />
      <Refusal failure={failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit">
          Hand over
        </Button>
      </div>
    </form>
  );
}

function LineForm({ event, onClose }: { event: EventFull; onClose: () => void }) {
  const next = Math.max(0, ...event.lines.map((line) => line.major)) + 1;
  const [subject, setSubject] = useState(`${event.name}.v${next}-value`);
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async () => {
    setFailure(null);
    try {
      await post(`${api.event(event.name)}/lines`, { major: next, subjects: subject ? [subject] : [], ...(reason && { reason }) });
      toast(`Line ${next} is drafted`);
      onClose();
      go(href(['events', event.name, next]));
    } catch (reason) {
      setFailure(reason as Failure);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
    >
      <p>A new line may break with the one before: both are produced until everybody has moved.</p>
      <Field
        label={`Subject of line ${next}`}
        hint="Its schemas are registered under this name."
        error={failure?.more.field?.startsWith('subjects') ? failure.message : undefined}
      >
        {(props) => (
          <input class="input" {...props} value={subject} spellcheck={false} onInput={(e) => setSubject(e.currentTarget.value.trim())} />
        )}
      </Field>
      <Field label="Reason">
        {(props) => <input class="input" {...props} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit">
          Draft line {next}
        </Button>
      </div>
    </form>
  );
}

export function Menu({ event, line }: { event: EventFull; line: Line }) {
  const [shown, setShown] = useState<Act | 'line' | 'transfer' | null>(null);
  const close = () => setShown(null);
  const fitting = (Object.keys(acts) as Act[]).filter((act) => acts[act].from.includes(line.state));
  const title =
    shown === 'line'
      ? `New line of ${event.name}`
      : shown === 'transfer'
        ? `Hand ${event.name} over`
        : shown
          ? `${acts[shown].label.replace(' …', '')}: ${line.id}`
          : '';
  const teams = useMyTeams();
  return (
    <>
      {line.state === 'active' && (teams === null || teams.includes(event.owner)) && (
        <Button icon="clock" onClick={() => setShown('deprecate')}>
          Deprecate
        </Button>
      )}
      <details
        class="menu"
        onKeyDown={(e) => {
          if (e.key !== 'Escape') return;
          e.currentTarget.open = false;
          e.currentTarget.querySelector('summary')?.focus();
        }}
        onClick={(e) =>
          (e.target as Element).closest('div > *') && !(e.target as Element).closest('summary') && (e.currentTarget.open = false)
        }
      >
        <summary class="button">
          Actions <Icon name="down" />
        </summary>
        <div>
          {fitting.map((act) => (
            <button key={act} type="button" class={acts[act].danger ? 'danger' : undefined} onClick={() => setShown(act)}>
              {acts[act].label}
            </button>
          ))}
          <a href={href(['events', event.name, line.major, 'impact'])}>What if the schema changed?</a>
          <a href={href(['events', event.name, line.major, 'docs'], { edit: 'about' })}>Edit the documentation</a>
          <button type="button" onClick={() => setShown('line')}>
            New line …
          </button>
          <button type="button" onClick={() => setShown('transfer')}>
            Hand over to another team …
          </button>
        </div>
      </details>
      <Dialog open={shown !== null} title={title} onClose={close}>
        {shown === 'line' ? (
          <LineForm event={event} onClose={close} />
        ) : shown === 'transfer' ? (
          <TransferForm event={event} onClose={close} />
        ) : (
          shown && <ActForm act={shown} event={event} line={line} onClose={close} />
        )}
      </Dialog>
    </>
  );
}
