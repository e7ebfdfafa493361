/* Who may sign in: roles, passwords that are good for replacing, leaving. Who is in which team is on the team's page. */
import { useState } from 'preact/hooks';
import { Button, Check, Chip, Choice, Dialog, Empty, Field, Pager, Refusal, Show, Table, type Column } from '../../design/parts';
import { post, send, useGet, type List } from '../../lib/api';
import { place } from '../../lib/router';
import { TeamLink } from '../../catalog/parts';
import { useAct } from '../../workflow/parts';

type Role = 'viewer' | 'editor' | 'admin';

interface User {
  login: string;
  name: string;
  email: string | null;
  role: Role;
  disabled: boolean;
  teams: { slug: string; role: string }[];
}

const ROLES: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: reads'],
  ['editor', 'editor: and works in the teams they belong to'],
  ['admin', 'admin: everything'],
];

function Form({ of, onClose }: { of: User | null; onClose: () => void }) {
  const [login, setLogin] = useState(of?.login ?? '');
  const [name, setName] = useState(of?.name ?? '');
  const [email, setEmail] = useState(of?.email ?? '');
  const [role, setRole] = useState<Role>(of?.role ?? 'editor');
  const [disabled, setDisabled] = useState(of?.disabled ?? false);
  const { busy, failure, act } = useAct();
  const wrong = (field: string) => (failure?.more.field === field ? failure.message : undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { name: name.trim(), email: email.trim() || null, role };
    const done = await act(
      () =>
        of
          ? send('PATCH', `/api/v1/users/${encodeURIComponent(of.login)}`, { body: { ...body, disabled }, ifMatch: '*' })
          : post('/api/v1/users', { login: login.trim(), ...body }),
      of ? 'Saved' : `${login} is there`,
    );
    if (done) onClose();
  };
  return (
    <form class="stack" onSubmit={submit}>
      {!of && (
        <Field label="Login" error={wrong('login')}>
          {(props) => (
            <input
              class="input"
              required
              autocapitalize="off"
              spellcheck={false}
              {...props}
              value={login}
              onInput={(e) => setLogin(e.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field label="Name" error={wrong('name')}>
        {(props) => <input class="input" {...props} value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field label="Mail" error={wrong('email')}>
        {(props) => <input class="input" type="email" {...props} value={email} onInput={(e) => setEmail(e.currentTarget.value)} />}
      </Field>
      <Choice label="Role" value={role} onChange={setRole} options={ROLES} error={wrong('role')} />
      {of && <Check label="Disabled: may not sign in any more" checked={disabled} onChange={setDisabled} />}
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

function Password({ of, onClose }: { of: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const { busy, failure, act } = useAct();
  const submit = async (event: Event) => {
    event.preventDefault();
    const done = await act(
      () => send('PUT', `/api/v1/users/${encodeURIComponent(of.login)}/password`, { body: { password } }),
      `${of.login} can sign in with it once`,
    );
    if (done) onClose();
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p>It is good for replacing it at the next sign-in, and for nothing else.</p>
      <Field label="Password for the first sign-in" error={failure?.more.field === 'password' ? failure.message : undefined}>
        {(props) => (
          <input
            class="input mono"
            required
            autocomplete="off"
            spellcheck={false}
            {...props}
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
        )}
      </Field>
      <Refusal failure={failure?.more.field ? null : failure} />
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy}>
          Set it
        </Button>
      </div>
    </form>
  );
}

export function PeopleTab() {
  const list = useGet<List<User>>('/api/v1/users', { limit: 100, cursor: place.use().query.get('cursor') });
  const [shown, setShown] = useState<{ user: User | null; what: 'form' | 'password' } | null>(null);
  const close = () => setShown(null);
  const columns: Column<User>[] = [
    {
      key: 'login',
      title: 'Person',
      head: true,
      cell: (row) => (
        <>
          {row.name || row.login}
          <div class="small quiet">{row.login}</div>
        </>
      ),
    },
    {
      key: 'role',
      title: 'Role',
      cell: (row) =>
        row.disabled ? (
          <Chip icon="stop">disabled</Chip>
        ) : row.role === 'admin' ? (
          <Chip tone="accent" icon="lock">
            admin
          </Chip>
        ) : (
          row.role
        ),
    },
    {
      key: 'teams',
      title: 'Teams',
      narrow: 'hide',
      cell: (row) =>
        row.teams.length > 0 ? (
          <span class="row tight">
            {row.teams.map((team) => (
              <span key={team.slug}>
                <TeamLink slug={team.slug} />
                {team.role === 'maintainer' && <span class="small quiet"> maintainer</span>}
              </span>
            ))}
          </span>
        ) : (
          <span class="quiet">none</span>
        ),
    },
    {
      key: 'acts',
      title: 'Actions',
      unseen: true,
      right: true,
      cell: (row) => (
        <span class="row end">
          <Button size="small" onClick={() => setShown({ user: row, what: 'password' })} aria-label={`Password of ${row.login}`}>
            Password
          </Button>
          <Button size="small" onClick={() => setShown({ user: row, what: 'form' })} aria-label={`Edit ${row.login}`}>
            Edit
          </Button>
        </span>
      ),
    },
  ];
  return (
    <div class="stack">
      <div class="row end">
        <Button kind="primary" icon="plus" onClick={() => setShown({ user: null, what: 'form' })}>
          New person
        </Button>
      </div>
      <Show of={list} what="Loading people">
        {({ items, next }) =>
          items.length > 0 ? (
            <>
              <Table caption="People" columns={columns} rows={items} id={(row) => row.login} />
              <Pager next={next} />
            </>
          ) : (
            <Empty title="There is nobody yet" icon="user" />
          )
        }
      </Show>
      <Dialog
        open={shown !== null}
        title={shown?.user ? (shown.what === 'password' ? `A password for ${shown.user.login}` : shown.user.login) : 'A new person'}
        onClose={close}
      >
        {shown &&
          (shown.what === 'password' && shown.user ? (
            <Password of={shown.user} onClose={close} />
          ) : (
            <Form of={shown.user} onClose={close} />
          ))}
      </Dialog>
    </div>
  );
}
