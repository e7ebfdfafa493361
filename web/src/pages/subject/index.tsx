/* One subject: its schema, versions, differences, the next version, its settings. The selected version is in the query (v). */
import { Chip, Empty, LinkButton, Name, Page, Show, Tabs } from '../../design/parts';
import { useGet } from '../../lib/api';
import { href, place } from '../../lib/router';
import { LEVELS, levelName, paths, splitName, versionRows, type Config, type VersionRow } from '../../lib/registry';
import { FormatChip } from '../subjects';
import { Workbench } from '../register/workbench';
import { DiffTab } from './diff';
import { SchemaTab } from './schema';
import { SettingsTab } from './settings';
import { VersionsTab } from './versions';

export interface TabProps {
  subject: string;
  rows: VersionRow[] /* newest first, deleted ones included */;
  selected: VersionRow;
}

const tabs = [
  { key: '', label: 'Schema', view: SchemaTab },
  { key: 'versions', label: 'Versions', view: VersionsTab },
  { key: 'diff', label: 'Differences', view: DiffTab },
  {
    key: 'next',
    label: 'Check and register',
    view: ({ subject, rows, selected }: TabProps) => <Workbench subject={subject} rows={rows} selected={selected} />,
  },
  { key: 'settings', label: 'Settings', view: SettingsTab },
];

/* The version in the query, or the latest live one, or the latest of all. */
function select(rows: VersionRow[], asked: string | null): VersionRow | undefined {
  const latest = rows.find((row) => !row.deleted) ?? rows[0];
  return asked && asked !== 'latest' ? rows.find((row) => row.version === Number(asked)) : latest;
}

export function SubjectPage({ params }: { params: Record<string, string> }) {
  const subject = params.subject as string;
  const tab = tabs.find(({ key }) => key === (params.tab ?? ''));
  const { query } = place.use();
  const v = query.get('v');
  const list = useGet<{ versions: VersionRow[] }>(versionRows(subject));
  const level = useGet<Config>(paths.config(subject), { defaultToGlobal: true }).value?.compatibilityLevel;
  const { context, name } = splitName(subject);
  const rows = list.value?.versions ?? [];
  const selected = select(rows, v);
  const gone = rows.length > 0 && rows.every((row) => row.deleted);
  const crumbs = [{ label: 'Subjects', href: href(['subjects']) }];
  if (context !== '.') crumbs.push({ label: context.slice(1), href: href(['subjects'], { context }) });
  return (
    <Page
      title={name}
      heading={<Name text={name} />}
      crumbs={crumbs}
      lead={
        selected && (
          <span class="row">
            <FormatChip format={selected.format} />
            <span>
              version {selected.version}
              {v && selected.version !== select(rows, null)?.version && ' (not the latest)'}
            </span>
            <span>
              id <a href={href(['ids', selected.id], { context: context === '.' ? null : context })}>{selected.id}</a>
            </span>
            {level && (
              <span>
                promises{' '}
                <a href={href(['subjects', subject, 'settings'])} title={LEVELS.find(([one]) => one === level)?.[2]}>
                  {levelName(level).toLowerCase()} compatibility
                </a>
              </span>
            )}
            {gone && (
              <Chip icon="trash" tone="bad">
                deleted
              </Chip>
            )}
          </span>
        )
      }
    >
      <Show of={list} what="Loading the subject">
        {() =>
          tab === undefined || selected === undefined ? (
            <Empty title={tab ? `There is no version ${v}` : 'No such page'} icon="question">
              <LinkButton href={href(['subjects', subject])}>Show the latest version</LinkButton>
            </Empty>
          ) : (
            <div class="stack wide">
              <Tabs
                label="Parts of the subject"
                items={tabs.map(({ key, label }) => ({
                  href: href(key === '' ? ['subjects', subject] : ['subjects', subject, key], { v }),
                  label,
                  count: key === 'versions' ? rows.length : undefined,
                  current: tab.key === key,
                }))}
              />
              <tab.view subject={subject} rows={rows} selected={selected} />
            </div>
          )
        }
      </Show>
    </Page>
  );
}
