/** What an operator does with an account: money, rules, suspension. */
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { AddCredential } from '../credentials/add-credential.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { linesOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { visible } from '../shared/visible.ts';
import { AddUser } from '../users/add-user.tsx';
import type { Account } from './account-body.tsx';
import { approvalOf, approvalOptions } from './add-account.tsx';
import { majorOf, minorOf } from './money.ts';

export interface AccountActsProps {
  readonly account: Account;
  readonly me: Me;
}

export function AccountActs({ account, me }: AccountActsProps) {
  const { accounts } = useTexts();
  const { number, state } = account;
  const name = visible(account.name);
  const one = { account: String(number) };
  return (
    <>
      {may(me, 'accounts.credit') && <Credit account={account} />}
      {may(me, 'accounts.change') && <Change account={account} />}
      {may(me, 'users.create') && state === 'active' && <AddUser me={me} account={number} />}
      {may(me, 'credentials.create') && state === 'active' && <AddCredential me={me} account={number} />}
      {may(me, 'accounts.change') && state === 'active' && (
        <FormButton
          label={accounts.suspend}
          icon="stop"
          tone="danger"
          isGuarded
          title={accounts.suspendTitle(name)}
          text={accounts.suspendText}
          changes={['accounts']}
          run={(_values, options) => call('accounts', 'change', { ...one, state: 'suspended' }, options)}
          undo={{ object: name, run: () => call('accounts', 'change', { ...one, state: 'active' }) }}
        />
      )}
      {may(me, 'accounts.change') && state === 'suspended' && (
        <ActButton
          label={accounts.resume}
          icon="check"
          changes={['accounts']}
          run={() => call('accounts', 'change', { ...one, state: 'active' })}
          undo={{ object: name, run: () => call('accounts', 'change', { ...one, state: 'suspended' }) }}
        />
      )}
    </>
  );
}

function Credit({ account }: Pick<AccountActsProps, 'account'>) {
  const { accounts } = useTexts();
  const { balance } = account;
  return (
    <FormButton
      label={accounts.credit}
      icon="plus"
      isMain
      isGuarded
      title={accounts.creditTitle(visible(account.name))}
      text={accounts.creditText(balance.amount)}
      fields={[
        {
          kind: 'number',
          name: 'minor',
          label: accounts.amount(balance.currency),
          placeholder: '100.00',
          isRequired: true,
        },
        { kind: 'text', name: 'note', label: accounts.note, placeholder: accounts.notePlaceholder },
      ]}
      changes={['accounts']}
      run={(values, options) =>
        call(
          'accounts',
          'credit',
          {
            account: String(account.number),
            // What is no amount is 0, which the API refuses in its own words.
            minor: minorOf(textOf(values, 'minor'), balance) ?? 0,
            currency: balance.currency,
            note: textOf(values, 'note'),
          },
          options,
        )
      }
    />
  );
}

function Change({ account }: Pick<AccountActsProps, 'account'>) {
  const { accounts } = useTexts();
  return (
    <FormButton
      label={accounts.change}
      title={accounts.changeTitle(visible(account.name))}
      fields={[
        { kind: 'text', name: 'name', label: accounts.name, value: account.name, isRequired: true },
        { kind: 'text', name: 'contactEmail', label: accounts.contactEmail, value: account.contactEmail },
        {
          kind: 'one',
          name: 'approval',
          label: accounts.columns.approval,
          options: approvalOptions(accounts.approvals),
          value: account.approval,
        },
        {
          kind: 'switch',
          name: 'separatesDuties',
          label: accounts.facts.duties,
          value: account.separatesDuties,
        },
        {
          kind: 'lines',
          name: 'productCodes',
          label: accounts.facts.products,
          description: accounts.productsText,
          value: account.productCodes?.join('\n') ?? '',
        },
        {
          kind: 'lines',
          name: 'allowedNames',
          label: accounts.facts.names,
          description: accounts.namesText,
          value: account.allowedNames?.join('\n') ?? '',
        },
        {
          kind: 'number',
          name: 'lowBalanceMinor',
          label: `${accounts.lowBalanceBelow} (${account.balance.currency})`,
          description: accounts.lowBalanceText,
          value: account.lowBalance === null ? '' : majorOf(account.lowBalance, account.balance),
        },
      ]}
      changes={['accounts']}
      run={(values, options) => {
        const approval = approvalOf(textOf(values, 'approval'));
        const separatesDuties = textOf(values, 'separatesDuties') === 'true';
        return call(
          'accounts',
          'change',
          {
            account: String(account.number),
            name: textOf(values, 'name'),
            contactEmail: textOf(values, 'contactEmail'),
            // What lets go of a second pair of eyes needs the password; what stays as it is does not.
            ...(approval === account.approval ? {} : { approval }),
            ...(separatesDuties === account.separatesDuties ? {} : { separatesDuties }),
            productCodes: linesOf(values, 'productCodes'),
            allowedNames: linesOf(values, 'allowedNames'),
            // What is no amount is -1, which the API refuses in its own words.
            lowBalanceMinor:
              textOf(values, 'lowBalanceMinor') === ''
                ? null
                : (minorOf(textOf(values, 'lowBalanceMinor'), account.balance) ?? -1),
          },
          options,
        );
      }}
    />
  );
}
