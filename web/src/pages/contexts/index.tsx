/* Name spaces of subjects and ids. */
import { useState } from 'preact/hooks';
import { Confirm, IconButton, Page, Show, Table } from '../../design/parts';
import { send, useGet } from '../../lib/api';
import { href } from '../../lib/router';
import { toast } from '../../lib/toast';

export function ContextsPage() {
  const list = useGet<string[]>('/contexts');
  const [doomed, setDoomed] = useState<string | null>(null);
  const remove = async () => {
    await send('DELETE', `/contexts/${encodeURIComponent(doomed as string)}`);
    toast(`Context ${doomed} is removed`);
  };
  return (
    <Page
      title="Contexts"
      lead="A context is a name space of its own: its subjects, its ids, its level and mode. It comes into being with its first registration."
    >
      <Show of={list} what="Loading contexts">
        {(names) => (
          <Table
            caption="Contexts"
            rows={names}
            id={(name) => name}
            columns={[
              {
                key: 'name',
                title: 'Context',
                head: true,
                cell: (name) => <a href={href(['subjects'], { context: name })}>{name === '.' ? 'Default' : name.slice(1)}</a>,
              },
              {
                key: 'prefix',
                title: 'Subjects are written',
                cell: (name) => <code>{name === '.' ? 'orders-value' : `:${name}:orders-value`}</code>,
              },
              {
                key: 'config',
                title: 'Level and mode',
                cell: (name) => <a href={href(['config'], { context: name === '.' ? null : name })}>Show</a>,
              },
              {
                key: 'act',
                title: 'Actions',
                unseen: true,
                right: true,
                cell: (name) =>
                  name === '.' ? null : (
                    <IconButton icon="trash" size="small" label={`Remove context ${name.slice(1)}`} onClick={() => setDoomed(name)} />
                  ),
              },
            ]}
          />
        )}
      </Show>
      <Confirm
        open={doomed !== null}
        title={`Remove context ${doomed?.slice(1) ?? ''}?`}
        action="Remove"
        danger
        onClose={() => setDoomed(null)}
        run={remove}
      >
        <p>
          It has to be empty: no subject may be left in it, deleted ones included. Its level and mode go with it. Its ids are never given
          again.
        </p>
      </Confirm>
    </Page>
  );
}
