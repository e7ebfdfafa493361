/* The registry's own API, typed, and what its words mean to people. */
import { get, post, send, type Query } from './api';
import { safeSegment } from './router';
import type { Format } from '../schema/model';

export interface Reference {
  name: string;
  subject: string;
  version: number;
}

export interface Metadata {
  tags?: Record<string, string[]>;
  properties?: Record<string, string>;
  sensitive?: string[];
}

export interface Version {
  subject: string;
  version: number;
  id: number;
  guid?: string;
  schemaType?: Format;
  schema: string;
  references?: Reference[];
  metadata?: Metadata;
  ruleSet?: unknown;
  ts?: number;
  deleted?: boolean;
}

export interface Config {
  compatibilityLevel?: string;
  verdictMode?: string;
  compatibilityPolicy?: string;
  normalize?: boolean;
  validateFields?: boolean;
  alias?: string;
  compatibilityGroup?: string;
}

/* A row of GET /api/v1/subjects. */
export interface SubjectRow {
  name: string;
  context: string;
  version: number;
  versions: number;
  id: number;
  format: Format;
  registered_at: string;
  deleted: boolean;
  level: string | null;
}

export const formatOf = (version: { schemaType?: Format }): Format => version.schemaType ?? 'AVRO';

const segment = (name: string | number) => encodeURIComponent(safeSegment(String(name)));

export const paths = {
  subject: (subject: string) => `/subjects/${segment(subject)}`,
  versions: (subject: string) => `/subjects/${segment(subject)}/versions`,
  version: (subject: string, version: number | 'latest') => `/subjects/${segment(subject)}/versions/${version}`,
  config: (scope?: string) => (scope === undefined ? '/config' : `/config/${segment(scope)}`),
  mode: (scope?: string) => (scope === undefined ? '/mode' : `/mode/${segment(scope)}`),
  check: (subject: string, version?: number | 'latest') =>
    `/compatibility${paths.versions(subject)}${version === undefined ? '' : `/${version}`}`,
};

export interface Submission {
  schema: string;
  schemaType: Format;
  references?: Reference[];
}

export const register = (subject: string, body: Submission, query?: Query) =>
  post<{ id: number; version?: number }>(paths.versions(subject), body, query);
export const lookUp = async (subject: string, body: Submission) => (await send<Version>('POST', paths.subject(subject), { body })).value;
export const checkAgainst = async (subject: string, body: Submission, version?: number | 'latest') =>
  (await send<{ is_compatible: boolean; messages?: string[] }>('POST', paths.check(subject, version), { body, query: { verbose: true } }))
    .value;
export const contexts = (abort?: AbortSignal) => get<string[]>('/contexts', {}, abort);

/* ":.name:subject" taken apart. */
export function splitName(qualified: string): { context: string; name: string } {
  const found = /^:(\.[^:]*):([\s\S]*)$/.exec(qualified);
  return found ? { context: found[1] as string, name: found[2] as string } : { context: '.', name: qualified };
}

export const LEVELS: [string, string, string][] = [
  ['NONE', 'None', 'Any schema may follow any other.'],
  ['BACKWARD', 'Backward', 'New readers can read what the latest version wrote: upgrade consumers first.'],
  ['BACKWARD_TRANSITIVE', 'Backward, all', 'New readers can read what every version wrote.'],
  ['FORWARD', 'Forward', 'Readers of the latest version can read what new writers write: upgrade producers first.'],
  ['FORWARD_TRANSITIVE', 'Forward, all', 'Readers of every version can read what new writers write.'],
  ['FULL', 'Full', 'Both ways with the latest version: upgrade in any order.'],
  ['FULL_TRANSITIVE', 'Full, all', 'Both ways with every version.'],
];

export const MODES: [string, string, string][] = [
  ['READWRITE', 'Read and write', 'Schemas are registered, deleted and read.'],
  ['READONLY', 'Read only', 'Nothing new is registered and nothing is deleted.'],
  ['READONLY_OVERRIDE', 'Read only, override', 'As read only, also below where a subject says otherwise.'],
  ['IMPORT', 'Import', 'Schemas keep the ids and versions they bring; nothing is checked.'],
  ['FORWARD', 'Forward', 'As import, for a registry that copies another.'],
];

export const levelName = (level: string): string => LEVELS.find(([name]) => name === level)?.[1] ?? level;
export const modeName = (mode: string): string => MODES.find(([name]) => name === mode)?.[1] ?? mode;

/* A row of GET /api/v1/subjects/{subject}/versions, newest first. */
export interface VersionRow {
  version: number;
  id: number;
  format: Format;
  registered_at: string;
  deleted: boolean;
}

export const versionRows = (subject: string) => `/api/v1/subjects/${segment(subject)}/versions`;
