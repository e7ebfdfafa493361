/* The one place that fetches. Two dialects of "no" become one Failure: the registry's {error_code, message} and the catalog's
 * problem+json. Unsafe calls carry the session's CSRF token. Reads are remembered, so that going back shows a page at once. */
import { useEffect, useState } from 'preact/hooks';
import { asOf, place } from './router';
import { signal } from './signal';

export type Query = Record<string, string | number | boolean | undefined | null>;

export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: { field?: string; next?: string; requestId?: string; body?: unknown } = {},
  ) {
    super(message);
  }
  get missing() {
    return this.status === 404 || this.status === 410;
  }
}

/* Set by session.ts. */
export const csrf = { token: '' };

/* Counts refusals for want of a sign-in: session.ts listens. */
export const signedOut = signal(0);

export interface Reply<T> {
  value: T;
  etag: string | null;
  status: number;
}

const OFFLINE = 'The server did not answer. Look whether it is running and can be reached, then try again.';

export function urlOf(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function failureOf(reply: Response): Promise<Failure> {
  let body: any = null;
  try {
    body = await reply.json();
  } catch {
    /* not JSON: the status must do */
  }
  const text = body?.detail ?? body?.message ?? body?.title ?? `The server answered ${reply.status}.`;
  const code = String(body?.code ?? body?.error_code ?? reply.status);
  return new Failure(reply.status, code, String(text), {
    field: body?.field,
    next: body?.next ?? body?.hint,
    requestId: body?.request_id ?? reply.headers.get('x-request-id') ?? undefined,
    body,
  });
}

export interface Options {
  query?: Query;
  body?: unknown;
  ifMatch?: string | null;
  signal?: AbortSignal;
}

/* What the catalog is asked while a moment of the past is shown carries it; the server refuses to change the past. Who is signed in, what is
 * searched and what is configured are known for now alone. */
const PRESENT = /^\/api\/v1\/(session|search|subjects|inbox|tokens|webhooks|users|checks)\b/;
const inThePast = (path: string): string | null => (path.startsWith('/api/v1/') && !PRESENT.test(path) ? asOf() : null);

export async function send<T>(method: string, path: string, options: Options = {}): Promise<Reply<T>> {
  const safe = method === 'GET';
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    'Confluent-Accept-Unknown-Properties': 'true',
    'X-Requested-With': 'avow',
  };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (!safe && csrf.token !== '') headers['X-CSRF-Token'] = csrf.token;
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  let reply: Response;
  try {
    reply = await fetch(urlOf(path, { as_of: inThePast(path), ...options.query }), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (reason) {
    if (options.signal?.aborted) throw reason;
    throw new Failure(0, 'OFFLINE', OFFLINE);
  }
  if (!reply.ok) {
    const failure = await failureOf(reply);
    if (failure.status === 401 && path !== '/api/v1/session') signedOut.set(signedOut.get() + 1);
    throw failure;
  }
  if (!safe && method !== 'POST') forget();
  const text = await reply.text();
  return { value: (text === '' ? null : JSON.parse(text)) as T, etag: reply.headers.get('etag'), status: reply.status };
}

export const get = async <T>(path: string, query?: Query, abort?: AbortSignal): Promise<T> =>
  (await send<T>('GET', path, { query, signal: abort })).value;

/* A POST that changes something; one that only asks goes through send. */
export async function post<T>(path: string, body?: unknown, query?: Query): Promise<T> {
  const { value } = await send<T>('POST', path, { body: body ?? {}, query });
  forget();
  return value;
}

/* A page of a listing under /api/v1: `next` is the cursor of the one after it. */
export interface List<T> {
  items: T[];
  next: string | null;
}

/* --- reads that pages show ------------------------------------------------------------------------------------------------- */

export interface Loaded<T> {
  value: T | undefined;
  etag: string | null;
  failure: Failure | undefined;
  loading: boolean;
  reload: () => void;
}

const REMEMBERED_MAX = 120;
const remembered = new Map<string, Reply<unknown>>();
const changed = signal(0);

/* After a change: what is on the page is read again, what is not is forgotten. */
export function forget(): void {
  remembered.clear();
  changed.set(changed.get() + 1);
}

function remember(url: string, reply: Reply<unknown>): void {
  remembered.delete(url);
  remembered.set(url, reply);
  if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value as string);
}

/* Anything asynchronous that a page shows, by a name for it; null asks nothing. What was read under the same name is shown until the answer is there. */
export function useLoad<T>(name: string | null, load: (abort: AbortSignal) => Promise<Reply<T>>): Loaded<T> {
  const moment = place.use().query.get('as_of');
  const key = name === null || moment === null ? name : `${name} as of ${moment}`;
  const known = key === null ? undefined : (remembered.get(key) as Reply<T> | undefined);
  const [state, setState] = useState<{ key: string | null; reply?: Reply<T>; failure?: Failure; done: boolean }>({
    key,
    reply: known,
    done: false,
  });
  const [again, setAgain] = useState(0);
  const epoch = changed.use();
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setState((old) => ({ key, reply: known ?? (old.key === key ? old.reply : undefined), done: false }));
    load(abort.signal).then(
      (reply) => {
        if (abort.signal.aborted) return;
        remember(key, reply);
        setState({ key, reply, done: true });
      },
      (reason) => {
        if (abort.signal.aborted) return;
        const failure = reason instanceof Failure ? reason : new Failure(0, 'PAGE', String(reason?.message ?? reason));
        setState({ key, failure, done: true });
      },
    );
    return () => abort.abort();
  }, [key, again, epoch]);
  const current = state.key === key;
  const reply = current ? (state.reply ?? known) : known;
  return {
    value: reply?.value,
    etag: reply?.etag ?? null,
    failure: current ? state.failure : undefined,
    loading: key !== null && !(current && state.done),
    reload: () => setAgain((n) => n + 1),
  };
}

export function useGet<T>(path: string | null, query?: Query): Loaded<T> {
  return useLoad<T>(path === null ? null : urlOf(path, query), (abort) => send<T>('GET', path as string, { query, signal: abort }));
}
