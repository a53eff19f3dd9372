/** Leads to the first of the list, where the next click decides. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import type { ListOfApi } from '../shared/list-link.tsx';
import styles from './home.module.css';

export interface FirstOfProps {
  readonly what: 'approvals' | 'organizations';
  readonly list: ListOfApi;
}

export function FirstOf({ what, list: { query } }: FirstOfProps) {
  const { home } = useTexts();
  const { data: number } = useQuery({
    queryKey: [what, 'first', query],
    async queryFn({ signal }) {
      const { items } =
        what === 'approvals'
          ? await call('approvals', 'list', { ...query, limit: 1 }, { signal })
          : await call('organizations', 'list', { ...query, limit: 1 }, { signal });
      return items[0]?.number ?? null;
    },
  });
  if (number === undefined || number === null) return null;
  return (
    <Button
      component={Link}
      to={`/${what}/${number}`}
      variant="default"
      size="xs"
      className={styles.first}
      aria-label={home.firstOf[what][1]}
    >
      {home.firstOf[what][0]}
    </Button>
  );
}
