/* What pages of the catalog show alike: states, names that lead somewhere, who is on call, answers. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Icon, type IconName } from '../design/icons';
import { Chip, Field, Name, When, type ControlProps, type Tone } from '../design/parts';
import { useLoad, type Loaded } from '../lib/api';
import {
  all,
  lastSeen,
  splitLine,
  lineHref,
  type Answer,
  type Contact,
  type OnCall,
  type OnCallNow,
  type Service,
  type TeamRow,
  type Terms,
  durationOf,
} from '../lib/catalog';
import { dayOf, daysIn } from '../lib/format';
import { asOf, href } from '../lib/router';
import './catalog.css';

const states: Record<string, [Tone, IconName, string]> = {
  draft: ['info', 'pencil', 'draft'],
  active: ['good', 'check', 'active'],
  deprecated: ['warn', 'clock', 'deprecated'],
  sunset: ['bad', 'moon', 'sunset'],
  removed: ['mute', 'trash', 'removed'],
  abandoned: ['mute', 'stop', 'abandoned'],
  requested: ['info', 'clock', 'asked for'],
  ended: ['mute', 'stop', 'ended'],
  rejected: ['bad', 'cross', 'refused'],
};

export function StateChip({ of }: { of: string | null }) {
  const [tone, icon, word] = states[of ?? ''] ?? (['mute', 'dot', of ?? 'no line'] as const);
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}

export const TeamLink = ({ slug }: { slug: string }) => <a href={href(['teams', slug])}>{slug}</a>;
export const ServiceLink = ({ slug }: { slug: string }) => (
  <a href={href(['services', slug])}>
    <Name text={slug} />
  </a>
);
export const EventLink = ({ name }: { name: string }) => (
  <a href={href(['events', name])}>
    <Name text={name} />
  </a>
);
/* A line by its event's name; the major version is said where it is not the first. */
export const LineLink = ({ line, tab }: { line: string; tab?: string }) => (
  <a href={lineHref(line, tab)}>
    <Name text={splitLine(line).major === 1 ? splitLine(line).event : line} />
  </a>
);

/* What to read instead of what ends; the server says "none" where there is nothing. */
export function Replacement({ of }: { of: string | null | undefined }) {
  if (!of || of === 'none') return <span class="quiet">nothing</span>;
  return of.includes('@') ? <LineLink line={of} /> : <EventLink name={of} />;
}

/* A drawing, which scrolls where the window is narrower than it can be read. The words are in the table beside it. */
export function Drawn({
  label,
  width,
  height,
  class: extra,
  children,
}: {
  label: string;
  width: number;
  height: number;
  class: string;
  children: ComponentChildren;
}) {
  return (
    <div class={`drawn ${extra}`} tabIndex={0} role="group" aria-label={`${label}, drawn. The table says the same.`}>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {children}
      </svg>
    </div>
  );
}

/* Mail and chat are links only where they are what they claim to be. */
export const isWeb = (url: string | undefined): url is string => /^https?:\/\//i.test(url ?? '');

export function Reach({ contact }: { contact: Contact }) {
  const ways = [
    contact.email && { key: 'mail', to: `mailto:${encodeURIComponent(contact.email).replace(/%40/g, '@')}`, text: contact.email },
    isWeb(contact.chat_url) && { key: 'chat', to: contact.chat_url, text: 'chat' },
    isWeb(contact.issue_url) && { key: 'issues', to: contact.issue_url, text: 'issues' },
  ].filter((way) => !!way);
  if (ways.length === 0) return <span class="quiet">nobody has said</span>;
  return (
    <>
      {ways.map((way, i) => (
        <>
          {i > 0 && ' · '}
          <a key={way.key} href={way.to} rel="noopener noreferrer">
            {way.text}
          </a>
        </>
      ))}
    </>
  );
}

/* Who answers now, and until when. */
export function OnCallNowText({ now }: { now: OnCallNow | null | undefined }) {
  if (now?.people && now.people.length > 0)
    return (
      <>
        <strong>{now.people.join(', ')}</strong>
        {now.until && <span class="quiet small"> until {dayOf(new Date(now.until))}</span>}
      </>
    );
  if (isWeb(now?.url))
    return (
      <a href={now.url} rel="noopener noreferrer">
        on-call schedule
      </a>
    );
  return <span class="quiet">no rota</span>;
}

export const onCallNow = (oncall: OnCall): OnCallNow | null =>
  oncall.current ?? (oncall.people ? { people: oncall.people } : oncall.url ? { url: oncall.url } : null);

export function Seen({ of }: { of: Record<string, { at: string; by: string }> }) {
  const last = lastSeen(of);
  if (!last) return <span class="quiet">{asOf() === null ? 'never' : 'kept for now only'}</span>;
  return (
    <span>
      <When at={last.at} /> <span class="quiet small">in {last.environment}</span>
    </span>
  );
}

const grades: Record<string, [Tone, IconName, string, string]> = {
  reader_schema: ['good', 'check', 'reader schema', 'The schema it reads with is known: effects are proved'],
  declared_fields: ['info', 'field', 'fields', 'It has said which fields it reads'],
  none: ['warn', 'question', 'nothing', 'It has not said what it reads: it may read anything'],
  declared: ['info', 'field', 'declared', 'It has said that it writes'],
  observed: ['good', 'eye', 'seen', 'It was seen'],
};

export function EvidenceChip({ of }: { of: string }) {
  const [tone, icon, word, title] = grades[of] ?? (['mute', 'dot', of, of] as const);
  return (
    <Chip tone={tone} icon={icon} title={title}>
      {word}
    </Chip>
  );
}

/* --- answers to "can I" ------------------------------------------------------------------------------------------------------- */

const answers: Record<string, [Tone, IconName, string]> = {
  yes: ['good', 'check', 'Yes'],
  no: ['bad', 'cross', 'No'],
  pending: ['warn', 'clock', 'Not yet'],
  unknown: ['warn', 'question', 'Nobody knows'],
};

export function AnswerChip({ of }: { of: Answer['answer'] }) {
  const [tone, icon, word] = answers[of] ?? (['warn', 'question', of] as const);
  return (
    <Chip tone={tone} icon={icon}>
      {word}
    </Chip>
  );
}

export function AnswerBox({ answer, short }: { answer: Answer; short?: string }) {
  const [tone, icon, word] = answers[answer.answer] ?? (['warn', 'question', answer.answer] as const);
  return (
    <div class={`verdict ${tone}`} role="status">
      <Icon name={icon} />
      <div class="stack tight">
        <h3>
          {word}
          {short ? `: ${short}` : ''}
        </h3>
        <ul role="list" class="reasons">
          {answer.because.slice(0, 8).map((reason) => (
            <li key={reason.detail}>{daysIn(reason.detail)}</li>
          ))}
          {answer.because.length > 8 && <li>and {answer.because.length - 8} more</li>}
        </ul>
        {answer.next.length > 0 && (
          <p>
            <strong>Next:</strong> {answer.next.map((step) => step.do).join('; ')}
          </p>
        )}
      </div>
    </div>
  );
}

/* --- choosing a team or a service by its name ---------------------------------------------------------------------------------- */

const listed = <T,>(path: string): Loaded<T[]> =>
  useLoad<T[]>(path, async (abort) => ({ value: await all<T>(path, {}, 2000, abort), etag: null, status: 200 }));

export const useTeams = () => listed<TeamRow>('/api/v1/teams');

function Combo({
  props,
  value,
  onChange,
  names,
  required,
}: {
  props: ControlProps;
  value: string;
  onChange: (value: string) => void;
  names: string[];
  required?: boolean;
}) {
  return (
    <>
      <input
        class="input"
        {...props}
        value={value}
        list={`${props.id}-names`}
        required={required}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={(e) => onChange(e.currentTarget.value.trim())}
      />
      <datalist id={`${props.id}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

type Pick = { label: string; value: string; onChange: (value: string) => void; hint?: string; error?: string; required?: boolean };

export function PickTeam({ label, value, onChange, hint, error, required }: Pick) {
  const teams = useTeams();
  const names = useMemo(() => (teams.value ?? []).filter((team) => !team.dissolved_at).map((team) => team.slug), [teams.value]);
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => <Combo props={props} value={value} onChange={onChange} names={names} required={required} />}
    </Field>
  );
}

export function PickService({ label, value, onChange, hint, error, required }: Pick) {
  const services = listed<Service>('/api/v1/services');
  const names = useMemo(
    () => (services.value ?? []).filter((service) => !service.retired_at).map((service) => service.slug),
    [services.value],
  );
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => <Combo props={props} value={value} onChange={onChange} names={names} required={required} />}
    </Field>
  );
}

/* --- terms of a contract in words ------------------------------------------------------------------------------------------------ */

export function slaText(sla: Record<string, unknown> | undefined): string {
  if (!sla || Object.keys(sla).length === 0) return '';
  const { freshness, availability, latency, support_hours } = sla as Record<string, unknown>;
  return [
    typeof freshness === 'string' && `within ${durationOf(freshness)}`,
    typeof latency === 'string' && `latency ${durationOf(latency)}`,
    typeof availability === 'number' && `${+(availability * 100).toFixed(4)} % available`,
    typeof support_hours === 'string' && `support: ${support_hours}`,
  ]
    .filter(Boolean)
    .join(', ');
}

const scopes: Record<string, string> = {
  none: 'in no order',
  key: 'in order per key',
  partition: 'in order per partition',
  global: 'in order',
};

export function orderingText(terms: Terms | undefined): string {
  const ordering = terms?.ordering;
  if (!ordering?.scope) return '';
  const keys = ordering.key_fields ?? [];
  return `${scopes[ordering.scope] ?? ordering.scope}${keys.length > 0 ? ` (${keys.join(', ')})` : ''}`;
}
