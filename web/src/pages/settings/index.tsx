/* Settings: who gets in with what, who is told, what the organisation has decided. Each tab has a URL. */
import { Empty, LinkButton, Page, Tabs } from '../../design/parts';
import { href } from '../../lib/router';
import { EnvironmentsTab } from './environments';
import { InterchangeTab } from './interchange';
import { PeopleTab } from './people';
import { PoliciesTab } from './policies';
import { TokensTab } from './tokens';
import { WebhookTab } from './webhook';
import { WebhooksTab } from './webhooks';
import './settings.css';

const tabs = [
  { key: 'tokens', label: 'Tokens', view: TokensTab, lead: 'What programs sign in with.' },
  { key: 'webhooks', label: 'Webhooks', view: WebhooksTab, lead: 'Where events of the catalog are sent as they happen.' },
  { key: 'policies', label: 'Policies', view: PoliciesTab, lead: 'What the organisation, a domain or an event asks for.' },
  {
    key: 'environments',
    label: 'Environments',
    view: EnvironmentsTab,
    lead: 'Where services run, in the order in which versions move on.',
  },
  { key: 'people', label: 'People', view: PeopleTab, lead: 'Who may sign in, and as what.' },
  { key: 'interchange', label: 'Import and export', view: InterchangeTab, lead: 'The catalog for other tools, and back.' },
];

const aliases: Record<string, string> = { users: 'people', import: 'interchange', export: 'interchange' };

export function SettingsPage({ params }: { params: Record<string, string> }) {
  const wanted = params.tab ?? 'tokens';
  const tab = tabs.find(({ key }) => key === (aliases[wanted] ?? wanted));
  const one = tab?.key === 'webhooks' && params.item !== undefined;
  const strange = tab === undefined || (params.item !== undefined && !one);
  return (
    <Page
      title={one ? `Webhook ${params.item}` : tab ? `${tab.label}` : 'Settings'}
      heading={one ? 'A webhook' : 'Settings'}
      crumbs={
        one
          ? [
              { label: 'Settings', href: href(['settings']) },
              { label: 'Webhooks', href: href(['settings', 'webhooks']) },
            ]
          : undefined
      }
      lead={one ? undefined : tab?.lead}
    >
      <div class="stack">
        <Tabs
          label="Settings"
          items={tabs.map(({ key, label }) => ({ href: href(['settings', key]), label, current: tab?.key === key }))}
        />
        {strange ? (
          <Empty title="There is no such setting" icon="question">
            <LinkButton href={href(['settings'])}>Settings</LinkButton>
          </Empty>
        ) : one ? (
          <WebhookTab id={params.item as string} />
        ) : (
          <tab.view />
        )}
      </div>
    </Page>
  );
}
