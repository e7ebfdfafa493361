import { ConfigCard } from '../config/card';
import { splitName } from '../../lib/registry';
import type { TabProps } from '.';

export function SettingsTab({ subject }: TabProps) {
  const { context } = splitName(subject);
  return <ConfigCard key={subject} scope={subject} inherits={context === '.' ? 'the registry' : `context ${context.slice(1)}`} />;
}
