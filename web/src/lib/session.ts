/* Who is signed in. A server without accounts (404) or with nobody signed in both leave `user` null; what the latter may not
 * read, the APIs refuse, and then the page to sign in is shown. */
import { csrf, Failure, forget, send, signedOut } from './api';
import { go, href, place } from './router';
import { signal } from './signal';

export interface User {
  login: string;
  name: string;
  role: string;
  teams: { slug: string; role: string }[];
}

interface SessionBody {
  user: User;
  csrf: string;
}

export const session = signal<{ user: User | null; known: boolean; accounts: boolean }>({ user: null, known: false, accounts: false });

function enter(body: SessionBody): void {
  csrf.token = body.csrf;
  session.set({ user: { ...body.user, teams: body.user.teams ?? [] }, known: true, accounts: true });
}

function leave(accounts: boolean): void {
  csrf.token = '';
  session.set({ user: null, known: true, accounts });
}

export async function startSession(): Promise<void> {
  signedOut.listen(() => {
    const { path } = place.get();
    if (path !== '/sign-in') go(href(['sign-in'], { to: window.location.pathname + window.location.search }), { replace: true });
  });
  try {
    enter((await send<SessionBody>('GET', '/api/v1/session')).value);
  } catch (reason) {
    leave(reason instanceof Failure && reason.status === 401);
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  enter((await send<SessionBody>('POST', '/api/v1/session', { body: { login, password } })).value);
  forget();
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/api/v1/session');
  leave(true);
  forget();
  go(href(['sign-in']));
}
