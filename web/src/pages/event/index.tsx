/* An event: who answers for it, whether one may read it, and in tabs all that is known of one of its lines. Three requests: the
 * session, the event, and what the tab shows. */
import { useEffect } from 'preact/hooks';
import { Button, Chip, Empty, LinkButton, Name, Notice, Page, Show, Tabs } from '../../design/parts';
import { useGet } from '../../lib/api';
import { api, type EventFull, type Line } from '../../lib/catalog';
import { dayOf, plural } from '../../lib/format';
import { go, href, place } from '../../lib/router';
import { toast } from '../../lib/toast';
import { isWeb, OnCallNowText, onCallNow, orderingText, Reach, Replacement, slaText, StateChip, TeamLink } from '../../catalog/parts';
import { ConsumePanel } from './consume';
import { DiffTab } from './diff';
import { DocsTab } from './docs';
import { Menu } from './lifecycle';
import { ConsumersTab } from './parties';
import { SchemaTab } from './schema';
import { TimelineTab } from './timeline';
import { Lab } from '../impact/lab';

export interface TabProps {
  event: EventFull;
  line: Line;
  main: boolean /* the line that is meant by the event alone: the event came with its text and contract */;
}

const ImpactTab = ({ line }: TabProps) => <Lab line={line} />;

const tabs = [
  { key: '', label: 'Schema', view: SchemaTab },
  { key: 'diff', label: 'Versions and differences', view: DiffTab },
  { key: 'consumers', label: 'Consumers and producers', view: ConsumersTab },
  { key: 'impact', label: 'Impact lab', view: ImpactTab },
  { key: 'timeline', label: 'Timeline', view: TimelineTab },
  { key: 'docs', label: 'Contract and docs', view: DocsTab },
];

const rank = (line: Line) => ({ active: 0, deprecated: 1, draft: 1 })[line.state as 'active'] ?? 2;

/* As the server picks it: the newest active one, else the newest. */
export function mainLine(event: EventFull): Line | undefined {
  return event.lines.filter((line) => line.state !== 'abandoned').sort((a, b) => rank(a) - rank(b) || b.major - a.major)[0];
}

function Lines({ event, shown, tab }: { event: EventFull; shown: Line; tab: string }) {
  if (event.lines.length < 2) return null;
  return (
    <nav class="lines" aria-label="Lines">
      <span class="small quiet">Lines</span>
      {event.lines.map((line) => (
        <LinkButton
          key={line.id}
          size="small"
          href={href(tab ? ['events', event.name, line.major, tab] : ['events', event.name, line.major])}
          aria-current={line === shown ? 'page' : undefined}
          kind={line === shown ? 'primary' : undefined}
        >
          {line.major}
          {line.state !== 'active' && ` (${line.state})`}
        </LinkButton>
      ))}
    </nav>
  );
}

function Promises({ event, line, main }: { event: EventFull; line: Line; main: boolean }) {
  const terms = main ? event.contract?.terms : undefined;
  const facts: [string, preact.ComponentChildren][] = [
    ['Owner', <TeamLink slug={event.owner} />],
    ['On call now', <OnCallNowText now={onCallNow(event.oncall)} />],
    ['Contact', <Reach contact={event.contact} />],
    ['Service level', slaText(terms?.sla) || <span class="quiet">{main ? 'none is promised' : 'see the contract'}</span>],
    ['Order', orderingText(terms) || <span class="quiet">{main ? 'nothing is promised' : 'see the contract'}</span>],
  ];
  if (line.channels.length > 0)
    facts.push([
      line.channels.length === 1 ? 'Channel' : 'Channels',
      line.channels.map((channel, i) => (
        <>
          {i > 0 && ', '}
          <a key={channel} href={href(['channels', channel])}>
            <Name text={channel} />
          </a>
        </>
      )),
    ]);
  return (
    <dl class="promises">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/* A line that is gone or going says so first of all. */
function Ending({ event, line }: { event: EventFull; line: Line }) {
  const instead = line.replacement ?? event.replacement;
  const guide = (
    <>
      {line.reason && <p>{line.reason}</p>}
      <p>
        To read instead: <Replacement of={instead} />.
      </p>
      {line.migration_guide && (
        <p>
          How to move:{' '}
          {isWeb(line.migration_guide) ? (
            <a href={line.migration_guide} rel="noopener noreferrer">
              {line.migration_guide}
            </a>
          ) : (
            line.migration_guide
          )}
        </p>
      )}
    </>
  );
  if (line.state === 'removed')
    return (
      <Notice
        tone="bad"
        icon="trash"
        title={`${event.lines.every((one) => one.state === 'removed' || one.state === 'abandoned') ? event.name : `Line ${line.major}`} was removed${line.dates.removed ? ` on ${dayOf(new Date(line.dates.removed))}` : ''}`}
      >
        {guide}
        <p>Its versions stay readable here, so that old messages can be understood.</p>
      </Notice>
    );
  if (line.state === 'sunset')
    return (
      <Notice
        tone="bad"
        icon="moon"
        title={`Line ${line.major} has reached its sunset${line.dates.sunset ? `: ${dayOf(new Date(line.dates.sunset))}` : ''}`}
      >
        {guide}
      </Notice>
    );
  if (line.state === 'deprecated')
    return (
      <Notice
        tone="warn"
        icon="clock"
        title={`Line ${line.major} ends${line.dates.sunset ? ` on ${dayOf(new Date(line.dates.sunset))}` : ''}`}
      >
        {guide}
      </Notice>
    );
  return null;
}

/* What is missing, and where it is put right. */
function Missing({ event, line }: { event: EventFull; line: Line }) {
  const { missing, calls, complete } = event.readiness;
  if (complete || line.state === 'removed') return null;
  const words: Record<string, string> = {
    reason_to_exist: 'why it exists',
    sla: 'a service level',
    oncall: 'who is on call',
    ordering: 'the order of messages',
  };
  const team = new Set(['contact', 'oncall', 'owner']);
  return (
    <Notice
      tone="warn"
      title={`${line.state === 'draft' ? 'Before it can be activated' : 'Its documentation'} lacks ${missing.map((what) => words[what] ?? what).join(', ')}`}
    >
      <ul role="list" class="stack tight">
        {calls.map((call) => (
          <li key={call.what}>
            {call.because}.{' '}
            {call.what === 'schema' ? (
              <a href={href(['register'], { subject: line.subjects[0]?.subject ?? `${event.name}-value` })}>Register a schema</a>
            ) : team.has(call.what) ? (
              <a href={href(['teams', event.owner])}>Team {event.owner}</a>
            ) : (
              <a
                href={href(['events', event.name, line.major, 'docs'], {
                  edit: ['ordering', 'sla', 'delivery', 'retention'].includes(call.what) ? 'contract' : 'about',
                })}
              >
                Write it down
              </a>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Body({ event, line, tab }: { event: EventFull; line: Line; tab: (typeof tabs)[number] }) {
  const main = mainLine(event) === line;
  const counts: Record<string, number> = { diff: line.versions, consumers: line.consumers + line.producers };
  return (
    <div class="stack wide">
      <Lines event={event} shown={line} tab={tab.key} />
      <Ending event={event} line={line} />
      {event.reason_to_exist && <p class="why">{event.reason_to_exist}</p>}
      <Promises event={event} line={line} main={main} />
      {main && <Missing event={event} line={line} />}
      {event.transfer && (
        <Notice title={`Team ${event.transfer.to} was asked to take this event over`}>
          It stays with {event.owner} until somebody there agrees.
        </Notice>
      )}
      {line.changes.length > 0 && (
        <Notice icon="change">
          {line.changes.length === 1 ? 'A change is proposed: ' : `${plural(line.changes.length, 'change')} are proposed: `}
          {line.changes.map((change, i) => (
            <>
              {i > 0 && ', '}
              <a key={change} href={href(['changes', change])}>
                {change}
              </a>
            </>
          ))}
        </Notice>
      )}
      {tab.key !== 'impact' && line.state !== 'removed' && line.state !== 'abandoned' && (
        <ConsumePanel event={event} line={line} main={main} />
      )}
      <div class="stack">
        <Tabs
          label="Parts of the event"
          items={tabs.map(({ key, label }) => ({
            href: href(key === '' ? ['events', event.name, line.major] : ['events', event.name, line.major, key]),
            label,
            count: counts[key],
            current: tab.key === key,
          }))}
        />
        <tab.view event={event} line={line} main={main} />
      </div>
    </div>
  );
}

/* The address that will show the same when there is a newer version: with line and version, by the name the event has now. */
function CopyLink({ event, line, tab }: { event: EventFull; line: Line; tab: string | undefined }) {
  const { query } = place.use();
  const copy = () => {
    const v = query.get('v') ?? line.current?.semver;
    const link = href(['events', event.name, line.major, ...(tab ? [tab] : [])], { ...Object.fromEntries(query), v });
    navigator.clipboard.writeText(window.location.origin + link).then(
      () => toast(v ? `Copied: the link to version ${v}` : 'Copied'),
      () => toast('The browser did not allow copying'),
    );
  };
  return (
    <Button icon="link" onClick={copy}>
      Copy link
    </Button>
  );
}

export function EventPage({ params }: { params: Record<string, string> }) {
  const name = params.event as string;
  const loaded = useGet<EventFull>(api.event(name));
  const event = loaded.value;
  useEffect(() => {
    if (event && event.name !== name && event.aliases.includes(name))
      go(href(['events', event.name, ...(params.major ? [params.major] : []), ...(params.tab ? [params.tab] : [])], { formerly: name }), {
        replace: true,
      });
  }, [event?.name, name]);
  const formerly = place.use().query.get('formerly');
  const tab = tabs.find(({ key }) => key === (params.tab === 'schema' ? '' : (params.tab ?? '')));
  const line = event && (params.major === undefined ? mainLine(event) : event.lines.find((one) => one.major === Number(params.major)));
  const crumbs = [{ label: 'Events', href: href(['events']) }];
  if (event?.domain) crumbs.push({ label: event.domain, href: href(['domains', event.domain]) });
  return (
    <Page
      title={event?.name ?? name}
      heading={<Name text={event?.name ?? name} />}
      crumbs={crumbs}
      lead={
        event && (
          <span class="row">
            <StateChip of={line?.state ?? null} />
            {event.title && <strong>{event.title}</strong>}
            {line?.current && <span class="num">version {line.current.semver}</span>}
            {event.classification.level && (
              <Chip
                tone={event.classification.level === 'restricted' || event.classification.level === 'confidential' ? 'warn' : 'mute'}
                icon="lock"
              >
                {event.classification.level}
              </Chip>
            )}
            {event.tags.map((tag) => (
              <a key={tag} class="tag" href={href(['events'], { tag })}>
                {tag}
              </a>
            ))}
            {formerly && event.aliases.includes(formerly) && <span class="small quiet">formerly {formerly}</span>}
          </span>
        )
      }
      actions={
        event && (
          <>
            {line && <CopyLink event={event} line={line} tab={params.tab} />}
            <LinkButton icon="graph" href={href(['graph'], { focus: line ? line.id : event.name })}>
              Graph
            </LinkButton>
            {line && <Menu event={event} line={line} />}
          </>
        )
      }
    >
      <Show of={loaded} what="Loading the event">
        {(found) =>
          tab === undefined || line === undefined ? (
            <Empty
              title={tab ? (params.major ? `There is no line ${params.major}` : 'This event has no line yet') : 'No such page'}
              icon="question"
            >
              {found.lines.length > 0 ? (
                <LinkButton href={href(['events', found.name])}>Show the event</LinkButton>
              ) : (
                <p>A line holds the versions of its schema.</p>
              )}
            </Empty>
          ) : (
            <Body event={found} line={line} tab={tab} />
          )
        }
      </Show>
    </Page>
  );
}

/* /lines/orders.order_placed@2, as replies of the API name it. */
export function LinePage({ params }: { params: Record<string, string> }) {
  const line = params.line as string;
  const at = line.lastIndexOf('@');
  const [event, major] = at < 0 ? [line, '1'] : [line.slice(0, at), line.slice(at + 1)];
  queueMicrotask(() => go(href(['events', event, major], { v: params.version }), { replace: true }));
  return <Page title={line} />;
}
