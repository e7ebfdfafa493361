/* What concerns some teams, read at once: what they are told, their changes, what runs out, drift, what they read. */
import { get, type List, type Loaded, useLoad } from '../../lib/api';
import { all, type Consumption, type EventRow } from '../../lib/catalog';
import type { ChangeRow, InboxItem } from '../../workflow/model';

export interface Drift {
  kind: string;
  line: string;
  service?: string;
  team?: string;
  what?: string;
  detail: string;
  last_seen?: string;
}

export interface Work {
  waiting: InboxItem[];
  told: InboxItem[];
  changes: ChangeRow[];
  asked: ChangeRow[];
  drift: Drift[];
  ending: { line: string; at: string; ours: boolean }[];
  recent: EventRow[];
  reads: number;
}

const TOLD_MAX = 30;
const RECENT_MAX = 8;

const once = <T>(rows: T[], key: (row: T) => string | number): T[] => [...new Map(rows.map((row) => [key(row), row])).values()];

async function load(teams: string[], mine: boolean, abort: AbortSignal): Promise<Work> {
  const each = async <T>(ask: (team: string) => Promise<T[]>) => (await Promise.all(teams.map(ask))).flat();
  const page = async <T>(path: string, query: Record<string, string | number | boolean>) => (await get<List<T>>(path, query, abort)).items;
  const [inbox, changes, drift, reads, ending, events] = await Promise.all([
    mine
      ? page<InboxItem>('/api/v1/inbox', { mine: true, limit: 100 })
      : each((team) => page<InboxItem>('/api/v1/inbox', { team, limit: 100 })),
    each((team) => page<ChangeRow>('/api/v1/changes', { team, state: 'open', limit: 50 })),
    each((team) => page<Drift>('/api/v1/drift', { team, limit: 25 })),
    each((team) => all<Consumption>('/api/v1/consumptions', { team, state: 'active' }, 1000, abort)),
    page<EventRow>('/api/v1/events', { state: 'deprecated', limit: 200 }),
    page<EventRow>('/api/v1/events', { sort: '-updated', limit: 200 }),
  ]);
  const read = new Set(reads.map(({ line }) => line));
  const readEvents = new Set([...read].map((line) => line.slice(0, line.lastIndexOf('@'))));
  const items = once(inbox, (item) => item.id);
  const open = once(changes, (row) => row.id);
  return {
    waiting: items.filter((item) => item.waits).sort((a, b) => (a.data?.due ?? '9').localeCompare(b.data?.due ?? '9')),
    told: items.filter((item) => !item.waits && item.done_at === null).slice(0, TOLD_MAX),
    changes: open.filter((row) => teams.includes(row.owner)),
    asked: open.filter((row) => row.due !== null && row.waiting.some((team) => teams.includes(team))),
    drift,
    ending: ending
      .flatMap((event) =>
        event.lines.flatMap((line) => {
          const ours = teams.includes(event.owner);
          return line.state === 'deprecated' && line.sunset_at && (ours || read.has(line.id))
            ? [{ line: line.id, at: line.sunset_at, ours }]
            : [];
        }),
      )
      .sort((a, b) => a.at.localeCompare(b.at)),
    recent: events.filter((event) => readEvents.has(event.name)).slice(0, RECENT_MAX),
    reads: readEvents.size,
  };
}

export const useWork = (teams: string[], mine: boolean): Loaded<Work> =>
  useLoad<Work>(teams.length > 0 ? `work ${mine} ${teams.join(' ')}` : null, async (abort) => ({
    value: await load(teams, mine, abort),
    etag: null,
    status: 200,
  }));
