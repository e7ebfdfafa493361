/* The table of contents: every page, and what stands in the column of sections. The first pattern that fits wins, so a literal
 * segment stands before a named one. */
import type { FunctionComponent } from 'preact';
import type { IconName } from './design/icons';
import { href } from './lib/router';
import { AuditPage } from './pages/audit';
import { ChangePage } from './pages/change';
import { ChangesPage } from './pages/changes';
import { ChannelPage, ChannelsPage } from './pages/channels';
import { CheckPage } from './pages/check';
import { ConfigPage } from './pages/config';
import { ContextsPage } from './pages/contexts';
import { DeprecationsPage } from './pages/deprecations';
import { DomainPage, DomainsPage } from './pages/domains';
import { EventPage, LinePage } from './pages/event';
import { EventsPage } from './pages/events';
import { FieldsPage } from './pages/fields';
import { GraphPage } from './pages/graph';
import { HealthPage } from './pages/health';
import { IdPage, IdsPage } from './pages/ids';
import { AdoptPage, NewEventPage } from './pages/new-event';
import { ImpactPage } from './pages/impact';
import { RegisterPage } from './pages/register';
import { ServicePage, ServicesPage } from './pages/services';
import { SettingsPage } from './pages/settings';
import { SignInPage } from './pages/sign-in';
import { SubjectPage } from './pages/subject';
import { SubjectsPage } from './pages/subjects';
import { TeamPage, TeamsPage } from './pages/teams';
import { WorkPage } from './pages/work';

export interface PageDef {
  path: string /* below /ui */;
  view: FunctionComponent<{ params: Record<string, string> }>;
  section?: string /* the entry of the sections that is current */;
  bare?: boolean /* without the frame */;
}

export const pages: PageDef[] = [
  { path: '/', view: WorkPage, section: 'work' },
  { path: '/events', view: EventsPage, section: 'events' },
  { path: '/events/:event', view: EventPage, section: 'events' },
  { path: '/events/:event/:major', view: EventPage, section: 'events' },
  { path: '/events/:event/:major/:tab', view: EventPage, section: 'events' },
  { path: '/lines/:line', view: LinePage, section: 'events' },
  { path: '/lines/:line/versions/:version', view: LinePage, section: 'events' },
  { path: '/new-event', view: NewEventPage, section: 'events' },
  { path: '/adopt', view: AdoptPage, section: 'events' },
  { path: '/graph', view: GraphPage, section: 'graph' },
  { path: '/fields', view: FieldsPage, section: 'fields' },
  { path: '/teams', view: TeamsPage, section: 'teams' },
  { path: '/teams/:team', view: TeamPage, section: 'teams' },
  { path: '/services', view: ServicesPage, section: 'services' },
  { path: '/services/:service', view: ServicePage, section: 'services' },
  { path: '/domains', view: DomainsPage, section: 'domains' },
  { path: '/domains/:domain', view: DomainPage, section: 'domains' },
  { path: '/channels', view: ChannelsPage, section: 'channels' },
  { path: '/channels/:channel', view: ChannelPage, section: 'channels' },
  { path: '/deprecations', view: DeprecationsPage, section: 'deprecations' },
  { path: '/health', view: HealthPage, section: 'health' },
  { path: '/changes', view: ChangesPage, section: 'changes' },
  { path: '/changes/:change', view: ChangePage, section: 'changes' },
  { path: '/impact', view: ImpactPage, section: 'impact' },
  { path: '/subjects', view: SubjectsPage, section: 'subjects' },
  { path: '/subjects/:subject', view: SubjectPage, section: 'subjects' },
  { path: '/subjects/:subject/:tab', view: SubjectPage, section: 'subjects' },
  { path: '/register', view: RegisterPage, section: 'subjects' },
  { path: '/ids', view: IdsPage, section: 'ids' },
  { path: '/ids/:id', view: IdPage, section: 'ids' },
  { path: '/check', view: CheckPage, section: 'check' },
  { path: '/contexts', view: ContextsPage, section: 'contexts' },
  { path: '/config', view: ConfigPage, section: 'config' },
  { path: '/audit', view: AuditPage, section: 'audit' },
  { path: '/settings', view: SettingsPage, section: 'settings' },
  { path: '/settings/:tab', view: SettingsPage, section: 'settings' },
  { path: '/settings/:tab/:item', view: SettingsPage, section: 'settings' },
  { path: '/sign-in', view: SignInPage, bare: true },
];

export interface Section {
  title: string;
  items: { key: string; label: string; href: string; icon: IconName; keys?: string }[];
}

export const sections: Section[] = [
  {
    title: 'Catalog',
    items: [
      { key: 'work', label: 'My work', href: href([]), icon: 'inbox', keys: 'g m' },
      { key: 'events', label: 'Explore', href: href(['events']), icon: 'compass', keys: 'g e' },
      { key: 'changes', label: 'Changes', href: href(['changes']), icon: 'change', keys: 'g c' },
      { key: 'impact', label: 'Impact lab', href: href(['impact']), icon: 'flask' },
      { key: 'graph', label: 'Graph', href: href(['graph']), icon: 'graph', keys: 'g g' },
      { key: 'fields', label: 'Fields', href: href(['fields']), icon: 'field', keys: 'g f' },
      { key: 'teams', label: 'Teams', href: href(['teams']), icon: 'team', keys: 'g t' },
      { key: 'services', label: 'Services', href: href(['services']), icon: 'service', keys: 'g v' },
      { key: 'domains', label: 'Domains', href: href(['domains']), icon: 'context', keys: 'g d' },
      { key: 'channels', label: 'Channels', href: href(['channels']), icon: 'swap' },
      { key: 'deprecations', label: 'Deprecations', href: href(['deprecations']), icon: 'calendar', keys: 'g x' },
      { key: 'health', label: 'Health and drift', href: href(['health']), icon: 'health', keys: 'g h' },
    ],
  },
  {
    title: 'Registry',
    items: [
      { key: 'subjects', label: 'Subjects', href: href(['subjects']), icon: 'subject', keys: 'g s' },
      { key: 'ids', label: 'Schema by id', href: href(['ids']), icon: 'hash', keys: 'g i' },
      { key: 'check', label: 'Compare schemas', href: href(['check']), icon: 'scale' },
      { key: 'contexts', label: 'Contexts', href: href(['contexts']), icon: 'context' },
      { key: 'config', label: 'Levels and modes', href: href(['config']), icon: 'sliders' },
    ],
  },
  {
    title: 'Server',
    items: [
      { key: 'audit', label: 'Audit', href: href(['audit']), icon: 'audit', keys: 'g a' },
      { key: 'settings', label: 'Settings', href: href(['settings']), icon: 'gear', keys: 'g ,' },
    ],
  },
];
