/* Login and password for a session cookie. */
import { useState } from 'preact/hooks';
import { Logo } from '../../design/icons';
import { Button, Field, Refusal } from '../../design/parts';
import type { Failure } from '../../lib/api';
import { BASE, go, href, place } from '../../lib/router';
import { signIn } from '../../lib/session';

/* Only back into our own pages. */
const target = () => {
  const to = place.get().query.get('to') ?? '';
  return to.startsWith(`${BASE}/`) && !to.startsWith(`${BASE}/sign-in`) ? to : href([]);
};

export function SignInPage() {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  document.title = 'Sign in · Avow';
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await signIn(login, password);
      go(target(), { replace: true });
    } catch (reason) {
      setFailure(reason as Failure);
      setPassword('');
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
        <Refusal failure={failure} />
        <Field label="Login">{(props) => <input class="input" {...props} name="username" autocomplete="username" autocapitalize="off" spellcheck={false} required value={login} onInput={(e) => setLogin(e.currentTarget.value)} />}</Field>
        <Field label="Password">{(props) => <input class="input" {...props} type="password" name="password" autocomplete="current-password" required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />}</Field>
        <Button kind="primary" type="submit" busy={busy}>
          Sign in
        </Button>
        <p class="small quiet">Programs use a token: it is made under Settings, once you are in.</p>
      </form>
    </main>
  );
}
