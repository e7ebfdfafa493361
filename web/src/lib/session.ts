/* Who is signed in. A server is open until an administrator has signed in: then `user` is null and everything is allowed. Later,
 * whoever is not signed in is refused by the APIs, and is shown the page to sign in. */
import { csrf, forget, send, signedOut } from './api';
import { go, href, place } from './router';
import { signal } from './signal';

export interface User {
  login: string;
  name: string;
  role: string;
  teams: { slug: string; role: string }[];
}

interface SessionBody {
  user: User | null;
  csrf: string | null;
  open: boolean;
}

/* `known`: the server was asked. */
export const session = signal<{ user: User | null; known: boolean; open: boolean }>({ user: null, known: false, open: false });

function enter(body: SessionBody): void {
  csrf.token = body.csrf ?? '';
  session.set({ user: body.user && { ...body.user, teams: body.user.teams ?? [] }, known: true, open: body.open });
}

const leave = () => enter({ user: null, csrf: null, open: false });

export async function startSession(): Promise<void> {
  signedOut.listen(() => {
    const { path } = place.get();
    if (path !== '/sign-in') go(href(['sign-in'], { to: window.location.pathname + window.location.search }), { replace: true });
  });
  try {
    enter((await send<SessionBody>('GET', '/api/v1/session')).value);
  } catch {
    leave(); /* not signed in, or no answer: whatever is asked next will tell */
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  enter((await send<SessionBody>('POST', '/api/v1/session', { body: { login, password } })).value);
  forget();
}

/* In place of one that somebody else gave. */
export const changePassword = (login: string, current: string, password: string) =>
  send('PUT', `/api/v1/users/${encodeURIComponent(login)}/password`, { body: { current, password } });

export async function signOut(): Promise<void> {
  await send('DELETE', '/api/v1/session');
  leave();
  forget();
  go(href(['sign-in']));
}
