/** Instead of a page that somebody's roles do not open: which role would, and who gives it. */
import { roles } from 'virtual:native-roles';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';

export function Refused({ operation }: { readonly operation: string }) {
  const { frame } = useTexts();
  const needed = roles[operation] ?? [];
  const names = Object.entries(frame.roles).flatMap(([role, name]) => (needed.includes(role) ? [name] : []));
  return <Empty isPage icon="shield" title={frame.notYours} text={frame.notYoursText(names)} />;
}
