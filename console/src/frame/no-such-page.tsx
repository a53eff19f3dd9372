/** An address that leads to nothing. */
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import { usePageTitle } from '../shared/page-title.ts';

export function NoSuchPage() {
  const { frame } = useTexts();
  usePageTitle(frame.noSuchPage);
  return (
    <Empty isPage icon="search" title={frame.noSuchPage} text={frame.noSuchPageText}>
      <Link to="/">{frame.toHome}</Link>
    </Empty>
  );
}
