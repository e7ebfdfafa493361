/* A new event: from nothing, or around a subject that is registered already; and the subjects that nobody has catalogued. */
import { useState } from 'preact/hooks';
import { Button, Empty, Field, LinkButton, Name, Page, Pager, Refusal, Show, Table, type Column } from '../../design/parts';
import { post, useGet, type Failure, type List } from '../../lib/api';
import { count } from '../../lib/format';
import { go, href, place } from '../../lib/router';
import { session } from '../../lib/session';
import { toast } from '../../lib/toast';
import { PickTeam } from '../../catalog/parts';
import { FormatChip } from '../subjects';

interface Uncatalogued {
  subject: string;
  format: string;
  versions: number;
  event: string | null;
}

const columns: Column<Uncatalogued>[] = [
  {
    key: 'subject',
    title: 'Subject',
    head: true,
    cell: (row) => (
      <a href={href(['subjects', row.subject])}>
        <Name text={row.subject} />
      </a>
    ),
  },
  { key: 'format', title: 'Format', narrow: 'hide', cell: (row) => <FormatChip format={row.format} /> },
  { key: 'versions', title: 'Versions', right: true, narrow: 'hide', cell: (row) => count(row.versions) },
  {
    key: 'adopt',
    title: 'Adopt',
    unseen: true,
    right: true,
    cell: (row) => (
      <LinkButton size="small" icon="plus" href={href(['new-event'], { subject: row.subject, name: row.event })}>
        Adopt
      </LinkButton>
    ),
  },
];

export function AdoptPage() {
  const { query } = place.use();
  const list = useGet<List<Uncatalogued>>('/api/v1/uncatalogued', { limit: 50, cursor: query.get('cursor') });
  return (
    <Page
      title="Uncatalogued subjects"
      crumbs={[{ label: 'Events', href: href(['events']) }]}
      lead="Registered, and of no event yet. Adopting one gives it an owner and a reason; every version it has becomes one of the event."
    >
      <Show of={list} what="Loading subjects">
        {({ items, next }) =>
          items.length > 0 ? (
            <div class="stack">
              <Table caption="Uncatalogued subjects" columns={columns} rows={items} id={(row) => row.subject} />
              <Pager next={next} />
            </div>
          ) : (
            <Empty title="Every subject belongs to an event" icon="check">
              <LinkButton href={href(['events'])}>Explore events</LinkButton>
            </Empty>
          )
        }
      </Show>
    </Page>
  );
}

export function NewEventPage() {
  const { query } = place.use();
  const subject = query.get('subject');
  const mine = session.use().user?.teams ?? [];
  const [draft, setDraft] = useState({
    name: query.get('name') ?? '',
    owner: query.get('owner') ?? mine[0]?.slug ?? '',
    title: '',
    summary: '',
    reason_to_exist: '',
    domain: '',
  });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const wrong = (name: string) => (failure?.more.field === name ? failure.message : undefined);
  const set = (name: keyof typeof draft) => (value: string) => setDraft({ ...draft, [name]: value });
  const text = (name: keyof typeof draft, label: string, hint?: string, required?: boolean) => (
    <Field label={label} hint={hint} error={wrong(name)}>
      {(props) => (
        <input class="input" {...props} required={required} value={draft[name]} onInput={(e) => set(name)(e.currentTarget.value)} />
      )}
    </Field>
  );
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    const body: Record<string, unknown> = Object.fromEntries(Object.entries(draft).filter(([, value]) => value.trim() !== ''));
    try {
      const made = subject
        ? await post<{ name: string }>('/api/v1/events/adopt', { ...body, subject })
        : await post<{ name: string }>('/api/v1/events', { ...body, line: { major: 1, subjects: [`${draft.name}-value`] } });
      toast(`${made.name} is in the catalog`);
      go(href(['events', made.name]));
    } catch (reason) {
      setFailure(reason as Failure);
    }
    setBusy(false);
  };
  return (
    <Page
      title={subject ? 'Adopt a subject' : 'Create an event'}
      crumbs={[{ label: 'Events', href: href(['events']) }]}
      lead={
        subject ? (
          <>{subject} becomes an event, with all of its versions.</>
        ) : (
          'It begins as a draft: nothing is promised before it is activated.'
        )
      }
    >
      <form
        class="form card"
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        {text('name', 'Name', 'What has happened, below its domain: orders.order_placed', true)}
        <PickTeam
          label="Owner"
          hint="The team that answers for it."
          value={draft.owner}
          onChange={set('owner')}
          error={wrong('owner')}
          required
        />
        {text('title', 'Title')}
        {text('summary', 'Summary', 'One sentence, for lists.')}
        <Field label="Why it exists" hint="Who needs it and what for." error={wrong('reason_to_exist')}>
          {(props) => (
            <textarea
              class="input"
              {...props}
              value={draft.reason_to_exist}
              onInput={(e) => set('reason_to_exist')(e.currentTarget.value)}
            />
          )}
        </Field>
        {text('domain', 'Domain')}
        <Refusal failure={failure} />
        <div class="row">
          <Button kind="primary" type="submit" busy={busy}>
            {subject ? 'Adopt' : 'Create'}
          </Button>
          <LinkButton href={href([subject ? 'adopt' : 'events'])}>Cancel</LinkButton>
        </div>
      </form>
    </Page>
  );
}
