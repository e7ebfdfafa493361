/* The catalog's API, typed: events, lines, who reads and writes them, teams, services. */
import type { Finding, Change } from '../schema/report';
import type { Format } from '../schema/model';
import { get, type List } from './api';
import { href } from './router';

export type State = 'draft' | 'active' | 'deprecated' | 'sunset' | 'removed' | 'abandoned';

export interface Classification {
  level?: string;
  regulations?: string[];
}

export interface LineBrief {
  id: string;
  major: number;
  state: State;
  sunset_at?: string | null;
}

/* A row of GET /api/v1/events. */
export interface EventRow {
  name: string;
  title: string;
  summary: string;
  domain: string | null;
  owner: string;
  state: State | null;
  category: string;
  audience: string;
  classification: Classification;
  tags: string[];
  lines: LineBrief[];
  format: Format | null;
  version: string | null;
  consumers: number;
  producers: number;
  changes: number;
  updated_at: string;
}

export interface LineVersion {
  id: string;
  line: string;
  semver: string;
  role: 'key' | 'value';
  subject: string;
  version: number;
  schema_id: number;
  state: string;
  format: Format;
  change: string | null;
  accepted_break: unknown;
  created_at: string;
  created_by: string;
  text?: string;
}

export type Dates = Record<'created' | 'activated' | 'deprecated' | 'sunset' | 'sunset_reached' | 'removed', string | null>;

export interface Line {
  id: string;
  event: string;
  major: number;
  state: State;
  compatibility: string;
  owner: string;
  dates: Dates;
  reason: string;
  replacement: string | null;
  migration_guide: string | null;
  subjects: { subject: string; role: string }[];
  channels: string[];
  current: LineVersion | null;
  versions: number;
  consumers: number;
  producers: number;
  changes: string[];
  rev: number;
}

export interface Contact {
  email?: string;
  chat_url?: string;
  issue_url?: string;
}

export interface OnCallNow {
  people?: string[];
  url?: string;
  until?: string;
}

export interface OnCall extends OnCallNow {
  kind?: string;
  rotates?: string;
  since?: string;
  tz?: string;
  current?: OnCallNow | null;
}

export interface Terms {
  ordering?: { scope?: string; key_fields?: string[] };
  delivery?: { semantics?: string; dedup?: string };
  sla?: Record<string, unknown>;
  retention?: string;
  [term: string]: unknown;
}

export interface Readiness {
  complete: boolean;
  missing: string[];
  calls: { what: string; method: string; href: string; because: string }[];
}

/* GET /api/v1/events/{name} */
export interface EventFull extends Omit<EventRow, 'lines' | 'changes'> {
  lines: Line[];
  changes: string[];
  description: string;
  reason_to_exist: string;
  docs: { title?: string; url: string }[];
  replacement: string | null;
  labels: Record<string, string>;
  aliases: string[];
  team: { slug: string; name: string; contact: Contact; members: number; dissolved: boolean };
  contact: Contact;
  oncall: OnCall;
  own: { contact: Contact; oncall: OnCall };
  transfer: { to: string } | null;
  contract: { line: string; n: number; terms: Terms } | null;
  current: LineVersion | null;
  counts: { consumers: number; producers: number; versions: number; fields: number };
  readiness: Readiness;
  managed_by: string;
  rev: number;
  created_at: string;
  created_by: string;
  updated_by: string;
}

export interface Reader {
  service: string;
  team: string;
  criticality: string;
  need: string;
  evidence: string;
}

export interface LineField {
  path: string;
  name: string;
  role: string;
  type: string;
  tags: string[];
  since: string | null;
  readers: Reader[];
  required_by: number;
  unread: boolean;
}

export interface LineFields {
  line: string;
  items: LineField[];
  undeclared: { service: string; team: string }[];
}

type Seen = Record<string, { at: string; by: string }>;

export interface Consumption {
  id: string;
  service: string;
  team: string;
  line: string;
  version_range: string;
  environments: string[];
  purpose: string;
  criticality: string;
  fields: { path: string; need: string }[];
  evidence: string;
  state: string;
  last_seen: Seen;
  stale: boolean;
  unknown_fields: string[];
  created_at: string;
  ended_at: string | null;
  end_reason: string | null;
}

export interface Production {
  id: string;
  service: string;
  team: string;
  line: string;
  environments: string[];
  evidence: string;
  since: string;
  last_seen: Seen;
}

export interface Answer {
  question: string;
  answer: 'yes' | 'no' | 'pending' | 'unknown';
  because: { code: string; detail: string; service?: string; team?: string; consumption?: string }[];
  next: { do: string; href?: string }[];
  evaluated_at: string;
}

export interface LineDiff {
  from: { semver: string };
  to: { semver: string };
  class: string;
  step: string;
  old_reader: { compatible: boolean; verdict: string; findings: Finding[] };
  new_reader: { compatible: boolean; verdict: string; findings: Finding[] };
  changes: Change[];
}

export interface Happening {
  seq: number;
  at: string;
  kind: string;
  object: string;
  actor: string;
  reason: string | null;
  detail: Record<string, unknown> | null;
}

export interface TeamRow {
  slug: string;
  name: string;
  description: string;
  contact: Contact;
  oncall: OnCallNow | null;
  dissolved_at: string | null;
  members: number;
  services: number;
  owns: number;
}

export interface Team {
  slug: string;
  name: string;
  description: string;
  contact: Contact;
  oncall: OnCall;
  members: { user: string; name: string; role: string; disabled: boolean }[];
  services: string[];
  owns: string[];
  domains: string[];
  dissolved_at: string | null;
  successor: string | null;
  escalation_team: string | null;
}

/* A row of GET /api/v1/health. */
export interface TeamDebt {
  team: string;
  events: number;
  undocumented: number;
  accepted_breaks: number;
  deprecated_lines: number;
  reads_ending_lines: number;
  undeclared_consumptions: number;
}

export interface Service {
  slug: string;
  name: string;
  description?: string;
  team: string;
  kind: string;
  tier: string | null;
  repo?: string | null;
  oncall?: OnCallNow | null;
  retired_at: string | null;
}

export interface Domain {
  slug: string;
  name: string;
  description: string;
  team: string | null;
}

export interface ChangeRow {
  id: string;
  title: string;
  line: string;
  class: string;
  state: string;
  summary: string;
  due: string | null;
  owner: string;
  waiting: string[];
}

export const api = {
  event: (name: string) => `/api/v1/events/${encodeURIComponent(name)}`,
  line: (name: string) => `/api/v1/lines/${encodeURIComponent(name)}`,
  team: (slug: string) => `/api/v1/teams/${encodeURIComponent(slug)}`,
  service: (slug: string) => `/api/v1/services/${encodeURIComponent(slug)}`,
  domain: (slug: string) => `/api/v1/domains/${encodeURIComponent(slug)}`,
};

/* "orders.order_placed@1" taken apart. */
export function splitLine(line: string): { event: string; major: number } {
  const at = line.lastIndexOf('@');
  return at < 0 ? { event: line, major: 1 } : { event: line.slice(0, at), major: Number(line.slice(at + 1)) };
}

export function lineHref(line: string, tab?: string, query?: Record<string, string | number | null>): string {
  const { event, major } = splitLine(line);
  return href(tab ? ['events', event, major, tab] : ['events', event, major], query);
}

/* The latest sign of life. */
export function lastSeen(seen: Seen): { at: string; environment: string; by: string } | null {
  const all = Object.entries(seen).map(([environment, { at, by }]) => ({ environment, at, by }));
  return all.sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
}

/* All pages of a short listing, to a bound. */
export async function all<T>(path: string, query: Record<string, string | null> = {}, most = 2000, abort?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null && items.length < most; ) {
    const page: List<T> = await get<List<T>>(path, { ...query, limit: 200, cursor }, abort);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/* "PT5S" in words; what is no such thing stays as it is. */
export function durationOf(text: string): string {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!found) return text;
  const units = ['week', 'day', 'hour', 'minute', 'second'];
  const parts = units.flatMap((unit, i) => (found[i + 1] ? [`${found[i + 1]} ${unit}${found[i + 1] === '1' ? '' : 's'}`] : []));
  return parts.length > 0 ? parts.join(' ') : text;
}
