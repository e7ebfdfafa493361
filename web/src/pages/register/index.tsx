/* A schema under a name that may be new. */
import { Page } from '../../design/parts';
import { href } from '../../lib/router';
import { Workbench } from './workbench';

export function RegisterPage() {
  return (
    <Page
      title="Register a schema"
      crumbs={[{ label: 'Subjects', href: href(['subjects']) }]}
      lead="A schema becomes a version of a subject. By custom a topic's values are the subject orders-value, its keys orders-key."
    >
      <Workbench />
    </Page>
  );
}
