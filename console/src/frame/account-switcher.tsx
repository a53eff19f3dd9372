/** The way to one account and back to all of them, for those who see all. What chooses is loaded when it is wanted. */
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { useAccountName, useChosenAccount } from './chosen-account.ts';
import styles from './frame.module.css';

const AccountChoice = lazy(async () => ({ default: (await import('./account-choice.tsx')).AccountChoice }));

/** @param isButton in a page that can show nothing without an account */
export function AccountSwitcher({ isButton = false }: { readonly isButton?: boolean }) {
  const { frame } = useTexts();
  const account = useChosenAccount();
  const { data } = useAccountName(account);
  const [isOpen, setOpen] = useState(false);
  const name = account === undefined ? frame.everyAccount : visible(data?.name ?? account);
  return (
    <>
      <Button
        {...(isButton ? {} : { variant: 'subtle', color: 'gray', c: 'var(--ink)', className: styles.switcher })}
        leftSection={<Icon name="wallet" />}
        rightSection={<Icon name="down" size={14} />}
        {...(isButton ? {} : { 'aria-label': frame.switchAccount(name) })}
        title={frame.chooseAccount}
        onClick={() => setOpen(true)}
      >
        {isButton ? frame.chooseAccount : <span className={styles.switcherText}>{name}</span>}
      </Button>
      <Suspense>{isOpen && <AccountChoice onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
