/* Searches that are kept for another day, in this browser: what is asked for is the address, and so is what is kept. */
import { Button, IconButton } from '../../design/parts';
import { href, place } from '../../lib/router';
import { signal } from '../../lib/signal';

const KEY = 'avow.searches';
const MAX = 20;

/* Queries, the newest first. What another version of these pages or a hand left there is not trusted. */
function stored(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string').slice(0, MAX) : [];
  } catch {
    return [];
  }
}

const searches = signal(stored());

function keep(list: string[]): void {
  searches.set(list.slice(0, MAX));
  localStorage.setItem(KEY, JSON.stringify(searches.get()));
}

/* The filters of an address in one order, without the page that one is on. */
function searchOf(query: URLSearchParams, filters: readonly string[]): string {
  const kept = filters.flatMap((name) => (query.get(name) ? [[name, query.get(name) as string]] : []));
  return new URLSearchParams(kept).toString();
}

/* "order, owner payments" */
function wordsOf(search: string): string {
  return [...new URLSearchParams(search)].map(([name, value]) => (name === 'q' ? value : `${name} ${value}`)).join(', ');
}

export function KeepSearch({ filters }: { filters: readonly string[] }) {
  const search = searchOf(place.use().query, filters);
  const list = searches.use();
  if (search === '' || list.includes(search)) return null;
  return (
    <Button size="small" icon="plus" onClick={() => keep([search, ...list])}>
      Keep this search
    </Button>
  );
}

export function Searches({ filters }: { filters: readonly string[] }) {
  const current = searchOf(place.use().query, filters);
  const list = searches.use();
  if (list.length === 0) return null;
  return (
    <section aria-label="Kept searches" class="kept">
      <h2>Kept</h2>
      <ul role="list">
        {list.map((search) => (
          <li key={search}>
            <a
              href={href(['events'], Object.fromEntries(new URLSearchParams(search)))}
              aria-current={search === current ? 'true' : undefined}
            >
              <span class="grow">{wordsOf(search)}</span>
            </a>
            <IconButton
              size="small"
              icon="close"
              label={`Forget the search ${wordsOf(search)}`}
              onClick={() => keep(list.filter((other) => other !== search))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
