/** A page that speaks of one account at a time: whoever sees all of them chooses one first. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import type { IconName } from '../shared/icons.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { AccountSwitcher } from './account-switcher.tsx';
import { maySwitch, useChosenAccount } from './chosen-account.ts';

export interface OfOneAccountProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
}

export function OfOneAccount({ icon, title, children }: OfOneAccountProps) {
  const { frame } = useTexts();
  const { data: me } = useQuery(meQuery);
  const account = useChosenAccount();
  usePageTitle(title);
  if (!maySwitch(me) || account !== undefined) return children;
  return (
    <Empty isPage icon={icon} title={title} text={frame.chooseFirst}>
      <AccountSwitcher isButton />
    </Empty>
  );
}
