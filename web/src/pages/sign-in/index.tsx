/* Login and password for a session cookie. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Logo } from '../../design/icons';
import { Button, Field, Notice, Refusal } from '../../design/parts';
import type { Failure } from '../../lib/api';
import { BASE, go, href, place } from '../../lib/router';
import { changePassword, session, signIn } from '../../lib/session';

/* Only back into our own pages. */
const target = () => {
  const to = place.get().query.get('to') ?? '';
  return to.startsWith(`${BASE}/`) && !to.startsWith(`${BASE}/sign-in`) ? to : href([]);
};

export function SignInPage() {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [fresh, setFresh] = useState<string | null>(null); /* a password of one's own; null: none is asked for */
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const freshInput = useRef<HTMLInputElement>(null);
  const { open } = session.use();
  useEffect(() => {
    document.title = 'Sign in · Avow';
  }, []);
  useEffect(() => freshInput.current?.focus(), [fresh === null]);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      if (fresh !== null) await changePassword(login, password, fresh);
      await signIn(login, fresh ?? password);
      go(target(), { replace: true });
    } catch (reason) {
      const { code } = reason as Failure;
      if (code === 'PASSWORD_CHANGE_REQUIRED') setFresh('');
      else {
        setFailure(reason as Failure);
        if (code === 'UNAUTHENTICATED') setPassword('');
      }
    }
    setBusy(false);
  };
  return (
    <main class="bare" id="main">
      <form class="card stack" onSubmit={submit}>
        <div class="row">
          <span class="sign-logo">
            <Logo />
          </span>
          <h1 tabIndex={-1}>Sign in to Avow</h1>
        </div>
        {open && <Notice>This server asks nobody to sign in yet: it does once an administrator has.</Notice>}
        <Refusal failure={failure} />
        <Field label="Login">
          {(props) => (
            <input
              class="input"
              {...props}
              name="username"
              autocomplete="username"
              autocapitalize="off"
              spellcheck={false}
              required
              value={login}
              onInput={(e) => setLogin(e.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(props) => (
            <input
              class="input"
              {...props}
              type="password"
              name="password"
              autocomplete="current-password"
              required
              value={password}
              onInput={(e) => setPassword(e.currentTarget.value)}
            />
          )}
        </Field>
        {fresh !== null && (
          <Field
            label="New password"
            hint="The one above was given to you. Choose one that only you know."
            error={failure?.more.field === 'password' ? failure.message : undefined}
          >
            {(props) => (
              <input
                class="input"
                {...props}
                type="password"
                name="new-password"
                autocomplete="new-password"
                required
                value={fresh}
                ref={freshInput}
                onInput={(e) => setFresh(e.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <Button kind="primary" type="submit" busy={busy}>
          Sign in
        </Button>
        <p class="small quiet">Programs use a token: it is made under Settings, once you are in.</p>
      </form>
    </main>
  );
}
