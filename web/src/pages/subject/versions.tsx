/* The versions, newest first: compare, delete. */
import { useState } from 'preact/hooks';
import { Button, Chip, Confirm, IconButton, Table, When } from '../../design/parts';
import { send } from '../../lib/api';
import { go, href, place } from '../../lib/router';
import { paths, type VersionRow } from '../../lib/registry';
import { toast } from '../../lib/toast';
import type { TabProps } from '.';

type Doomed = { what: 'version'; row: VersionRow } | { what: 'subject' };

function Delete({ subject, doomed, gone, onClose }: { subject: string; doomed: Doomed | null; gone: boolean; onClose: () => void }) {
  if (doomed === null) return null;
  const hard = doomed.what === 'version' ? doomed.row.deleted : gone;
  const name = doomed.what === 'version' ? `version ${doomed.row.version}` : subject;
  const run = async () => {
    const path = doomed.what === 'version' ? paths.version(subject, doomed.row.version) : paths.subject(subject);
    await send('DELETE', path, { query: { permanent: hard || null } });
    toast(hard ? `Removed ${name} for good` : `Deleted ${name}`);
    if (hard && doomed.what === 'subject') go(href(['subjects']));
  };
  return (
    <Confirm
      open
      title={hard ? `Remove ${name} for good?` : `Delete ${name}?`}
      action={hard ? 'Remove for good' : 'Delete'}
      danger
      onClose={onClose}
      run={run}
    >
      {hard ? (
        <p>Nobody can read it afterwards. Messages that were written with a schema that nothing else uses can no longer be decoded.</p>
      ) : (
        <p>
          It is hidden and no longer counts in checks. It can still be read by those who ask for deleted ones, and by its id; deleting it
          once more removes it for good.
        </p>
      )}
    </Confirm>
  );
}

export function VersionsTab({ subject, rows }: TabProps) {
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const gone = rows.every((row) => row.deleted);
  const order = place.use().query.get('sort') ?? '-version';
  const previous = (row: VersionRow) => rows.find((other) => other.version < row.version && !other.deleted);
  return (
    <div class="stack">
      <Table
        caption={`Versions of ${subject}`}
        rows={rows}
        id={(row) => row.version}
        order={order}
        columns={[
          {
            key: 'version',
            title: 'Version',
            head: true,
            sort: (a, b) => a.version - b.version,
            cell: (row) => (
              <>
                <a href={href(['subjects', subject], { v: row.version })}>Version {row.version}</a>{' '}
                {row.deleted && <Chip icon="trash">deleted</Chip>}
              </>
            ),
          },
          {
            key: 'id',
            title: 'Schema id',
            right: true,
            sort: (a, b) => a.id - b.id,
            cell: (row) => <a href={href(['ids', row.id])}>{row.id}</a>,
          },
          { key: 'at', title: 'Registered', cell: (row) => <When at={row.registered_at} /> },
          {
            key: 'diff',
            title: 'What changed',
            narrow: 'hide',
            cell: (row) => {
              const before = previous(row);
              return before ? (
                <a href={href(['subjects', subject, 'diff'], { from: before.version, to: row.version })}>Since version {before.version}</a>
              ) : (
                <span class="quiet">first</span>
              );
            },
          },
          {
            key: 'act',
            title: 'Actions',
            unseen: true,
            right: true,
            cell: (row) => (
              <IconButton
                icon="trash"
                size="small"
                label={row.deleted ? `Remove version ${row.version} for good` : `Delete version ${row.version}`}
                onClick={() => setDoomed({ what: 'version', row })}
              />
            ),
          },
        ]}
      />
      <div>
        <Button kind="danger" icon="trash" onClick={() => setDoomed({ what: 'subject' })}>
          {gone ? 'Remove the subject for good' : 'Delete the subject'}
        </Button>
      </div>
      <Delete subject={subject} doomed={doomed} gone={gone} onClose={() => setDoomed(null)} />
    </div>
  );
}
