/* Environments in their order, and adding one. */
import { useState } from 'preact/hooks';
import { Button, Check, Chip, Dialog, Empty, Field, Refusal, Show, Table, type Column } from '../../design/parts';
import { post, send, useGet, type List } from '../../lib/api';
import { useAct } from '../../workflow/parts';

interface Environment {
  name: string;
  position: number;
  production: boolean;
}

function Form({ of, next, onClose }: { of: Environment | null; next: number; onClose: () => void }) {
  const [name, setName] = useState(of?.name ?? '');
  const [position, setPosition] = useState(String(of?.position ?? next));
  const [production, setProduction] = useState(of?.production ?? false);
  const { busy, failure, act } = useAct();
  const wrong = (field: string) => (failure?.more.field === field ? failure.message : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { position: Number(position), production };
    const done = await act(
      () =>
        of
          ? send('PATCH', `/api/v1/environments/${encodeURIComponent(of.name)}`, { body, ifMatch: '*' })
          : post('/api/v1/environments', { name: name.trim(), ...body }),
      of ? 'Saved' : `${name} is there`,
    );
    if (done) onClose();
  };
  return (
    <form class="stack" onSubmit={submit}>
      {!of && (
        <Field label="Name" error={wrong('name')}>
          {(props) => (
            <input class="input" required autocapitalize="off" {...props} value={name} onInput={(e) => setName(e.currentTarget.value)} />
          )}
        </Field>
      )}
      <Field label="Position" hint="Versions move from low to high." error={wrong('position')}>
        {(props) => (
          <input
            class="input num"
            type="number"
            min={0}
            required
            {...props}
            value={position}
            onInput={(e) => setPosition(e.currentTarget.value)}
          />
        )}
      </Field>
      <Check label="It is production" checked={production} onChange={setProduction} />
      <Refusal failure={failure?.more.field ? null : failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          {of ? 'Save' : 'Add'}
        </Button>
      </div>
    </form>
  );
}

export function EnvironmentsTab() {
  const list = useGet<List<Environment>>('/api/v1/environments', { limit: 200 });
  const [shown, setShown] = useState<Environment | 'new' | null>(null);
  const items = list.value?.items ?? [];
  const close = () => setShown(null);
  const columns: Column<Environment>[] = [
    { key: 'name', title: 'Environment', head: true, cell: (row) => row.name },
    { key: 'position', title: 'Position', right: true, cell: (row) => <span class="num">{row.position}</span> },
    {
      key: 'production',
      title: 'Production',
      cell: (row) =>
        row.production ? (
          <Chip tone="accent" icon="service">
            production
          </Chip>
        ) : (
          <span class="quiet">no</span>
        ),
    },
    {
      key: 'acts',
      title: 'Actions',
      unseen: true,
      right: true,
      cell: (row) => (
        <Button size="small" onClick={() => setShown(row)} aria-label={`Edit ${row.name}`}>
          Edit
        </Button>
      ),
    },
  ];
  return (
    <div class="stack">
      <div class="row end">
        <Button kind="primary" icon="plus" onClick={() => setShown('new')}>
          New environment
        </Button>
      </div>
      <Show of={list} what="Loading environments">
        {() =>
          items.length > 0 ? (
            <Table caption="Environments" columns={columns} rows={items} id={(row) => row.name} />
          ) : (
            <Empty title="There is no environment yet" icon="service" />
          )
        }
      </Show>
      <Dialog open={shown !== null} title={shown === 'new' ? 'A new environment' : `Environment ${shown?.name ?? ''}`} onClose={close}>
        {shown !== null && (
          <Form of={shown === 'new' ? null : shown} next={Math.max(0, ...items.map((one) => one.position)) + 1} onClose={close} />
        )}
      </Dialog>
    </div>
  );
}
