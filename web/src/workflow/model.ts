/* Changes, what waits for whom, and the trail, as the catalog's API has them. */
import { lineHref } from '../lib/catalog';
import { href } from '../lib/router';
import { session } from '../lib/session';
import type { Format } from '../schema/model';

export interface ChangeRow {
  id: string;
  kind: string;
  state: string;
  title: string;
  event: string;
  line: string;
  class: string;
  owner: string;
  author: string;
  summary: string;
  suggestion: boolean;
  waiting: string[];
  blockers: string[];
  due: string | null;
  opened_at: string | null;
  updated_at: string;
  closed_at: string | null;
}

export interface Counterexample {
  value?: unknown;
  hex?: string;
  accepted_by?: string;
  rejected_by?: string;
  reader_error?: string;
  verified?: boolean;
}

export interface Finding {
  fingerprint: string;
  rule: string;
  class: string;
  direction: string;
  path: string;
  paths?: string[];
  message: string;
  hint: string;
  counterexample: Counterexample | null;
}

export interface ImpactRow {
  consumption: string;
  service: string;
  team: string;
  criticality: string;
  verdict: string;
  evidence: string;
  act: string;
  stale: boolean;
  because: string[];
  counterexample: Counterexample | null;
  last_seen: Record<string, string> | null;
  note: string | null;
}

/* The answer of POST /api/v1/impact. */
export interface Impact {
  line: string;
  class: string;
  violates_level: boolean;
  same: boolean;
  level: string | null;
  semver: string | null;
  semver_from: string | null;
  step: string;
  sentence: string;
  findings: Finding[];
  impact: ImpactRow[];
  summary: Record<string, number>;
  alternatives: string[];
  checks: { code: string; detail: string }[] | null;
}

export interface Requirement {
  id: string;
  team: string;
  asked_as: string | null;
  act: 'approve' | 'acknowledge';
  status: string;
  reason: string;
  covers: string[];
  fingerprints: string[];
  asked: string;
  seen: string | null;
  decided: string | null;
  by: string | null;
  automatic: boolean;
  comment: string | null;
  not_before: string | null;
  due: string | null;
  reminded: number;
}

export interface Blocker {
  code: string;
  detail: string;
  teams?: string[];
  until?: string;
  rebase?: string;
}

export interface Decision {
  requirement: string;
  team: string;
  revision: number;
  act: string;
  by: string | null;
  at: string;
  not_before: string | null;
  comment: string | null;
  automatic: boolean;
  reset_at: string | null;
}

export interface Change extends Omit<ChangeRow, 'waiting' | 'blockers' | 'due'> {
  rationale: string;
  author_team: string | null;
  strategy: string;
  plan: {
    strategy?: string;
    retire?: string;
    migration_guide?: string;
    subject?: string;
    dual_publish?: { from?: string; until?: string };
  };
  context: string | null;
  revision: number;
  semver: { from?: string; to?: string; step?: string } | null;
  candidate: Record<string, unknown> & { format?: Format; text?: string; references?: unknown[] };
  base: string | null;
  findings: Finding[];
  impact: ImpactRow[];
  counts: Record<string, number>;
  alternatives: string[];
  requirements: Requirement[];
  blockers: Blocker[];
  ready: boolean;
  may_apply_now: string[];
  you_can: string[];
  decisions: Decision[];
  comments: { id: number; author: string; body: string; at: string }[];
  revisions: { n: number; class: string; semver: string; summary: string; at: string; by: string }[];
  effective_not_before: string | null;
  expires_at: string | null;
  auto_apply: boolean;
  closed_by: string | null;
  close_reason: string | null;
  overridden: { by?: string; reason?: string; ticket?: string; at?: string; affected?: unknown } | null;
  applied: { line: string; version: string; subject: string; number: number; schema_id: number } | null;
  new_line: string | null;
}

export interface InboxItem {
  id: number;
  team: string | null;
  type: string;
  subject: string;
  change: string | null;
  title: string;
  waits: boolean;
  seen: boolean;
  done_at: string | null;
  created_at: string;
  data: {
    title?: string;
    act?: string;
    due?: string;
    summary?: string;
    class?: string;
    services?: string[];
    line?: string;
    service?: string;
    team?: string;
    object?: string;
    reason?: string;
  } | null;
  links: { ui: string };
}

export interface AuditEntry {
  seq: number;
  at: string;
  kind: string;
  actor: string;
  object: string;
  reason: string | null;
  detail: Record<string, unknown> | null;
  request_id: string | null;
  seal: string | null;
}

export const changePath = (id: string) => `/api/v1/changes/${encodeURIComponent(id)}`;
export const changeHref = (id: string, query: Record<string, string | null> = {}) => href(['changes', id], query);

/* The teams for which whoever looks at the page may speak; null: for every team. */
export function useMyTeams(): string[] | null {
  const { user } = session.use();
  return user === null || user.role === 'admin' ? null : user.teams.map((team) => team.slug);
}

/* Where the object of an entry is shown. */
export function objectHref(object: string): string | null {
  const at = object.indexOf(':');
  const name = object.slice(at + 1);
  switch (object.slice(0, at)) {
    case 'change':
      return href(['changes', name]);
    case 'event':
      return href(['events', name]);
    case 'line':
      return lineHref(name);
    case 'team':
      return href(['teams', name]);
    case 'service':
      return href(['services', name]);
    case 'subject':
      return href(['subjects', name]);
    case 'webhook':
      return href(['settings', 'webhooks', name]);
    case 'token':
      return href(['settings', 'tokens']);
    case 'policy':
      return href(['settings', 'policies'], { scope: name });
    default:
      return null;
  }
}
