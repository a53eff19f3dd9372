/** The part of the account that the order belongs to, where the account has several. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { visible } from '../shared/visible.ts';

export interface ContainerFieldProps {
  /** Number of the account; empty: the caller's own. */
  readonly account: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (container: string) => void;
}

export function ContainerField({ account, value, error, onChange }: ContainerFieldProps) {
  const { newOrder } = useTexts();
  const { data: me } = useQuery(meQuery);
  const isKnown = me !== undefined && may(me, 'containers.list') && (me.account !== null || account !== '');
  const of = me?.account === null ? { account } : {};
  const { data } = useQuery({
    queryKey: ['containers', 'choice', of],
    queryFn: ({ signal }) => call('containers', 'list', of, { signal }),
    enabled: isKnown,
    retry: false,
  });
  const usable = data?.items.filter(({ state }) => state === 'active') ?? [];
  if (!isKnown || usable.length < 2) return null;
  return (
    <NativeSelect
      label={newOrder.container}
      description={newOrder.containerText}
      data={[
        { value: '', label: newOrder.noContainer },
        ...usable.map(({ number, name }) => ({ value: String(number), label: visible(name) })),
      ]}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
