/** Says above a page that it speaks of one account only, and takes that off. */
import { useLocation } from '@tanstack/react-router';
import { Problem } from '../api/problem.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { useAccountName, useChooseAccount, useChosenAccount } from './chosen-account.ts';
import styles from './frame.module.css';
import { isOfServer } from './pages.ts';

export function AccountChip() {
  const { frame } = useTexts();
  const account = useChosenAccount();
  const { data, error } = useAccountName(account);
  const choose = useChooseAccount();
  const { pathname } = useLocation();
  if (account === undefined) return null;
  const isUnknown = error instanceof Problem && error.status === 404;
  const name = isUnknown ? frame.unknownAccount(visible(account)) : visible(data?.name ?? account);
  return (
    <div className={styles.chosen} role="status">
      <span className={styles.accountChip} data-tone={isUnknown ? 'bad' : 'good'}>
        <Icon name="wallet" size={16} />
        <span>{frame.onlyAccount(name)}</span>
        <button
          type="button"
          aria-label={frame.allAccounts}
          title={frame.allAccounts}
          onClick={() => choose(undefined)}
        >
          <Icon name="close" size={14} />
        </button>
      </span>
      {isOfServer(pathname) && <span className="dim small">{frame.ofServer}</span>}
    </div>
  );
}
