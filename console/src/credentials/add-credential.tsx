/** A new key. What the client needs is shown once, by the client's own names, and is kept nowhere. */
import { call, type Reply } from '../api/call.ts';
import type { Me } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { linesOf, listOf, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { startOfDay } from '../shared/days.ts';
import { Copied, Facts } from '../shared/object.tsx';
import { firstRole, rolesField, rolesOf } from '../users/roles.ts';
import { dialects } from './dialects.ts';
import { KeyTrial } from './try-key.tsx';

export interface AddCredentialProps {
  readonly me: Me;
  /** The number of the one whose page it is. */
  readonly account?: number;
}

export function AddCredential({ me, account: ofAccount }: AddCredentialProps) {
  const texts = useTexts();
  const { credentials } = texts;
  const account = useAccountField(credentials.operators, ofAccount);
  // Without an account it is the server's. Which that is, is not known before the form is drawn.
  const isOfServer = (values: Values) =>
    me.account === null && (values.account === undefined ? 'both' : textOf(values, 'account') === '');
  return (
    <FormButton
      label={credentials.add}
      icon="plus"
      isMain={ofAccount === undefined}
      isGuarded
      title={credentials.addTitle}
      text={credentials.addText}
      fields={(values) => [
        ...account,
        {
          kind: 'one',
          name: 'dialect',
          label: credentials.api,
          options: Object.entries(dialects).map(([value, label]) => ({ value, label })),
        },
        { kind: 'text', name: 'label', label: credentials.label, description: credentials.labelText },
        rolesField({ texts, me, value: firstRole(me, 'requester'), isOfServer: isOfServer(values) }),
        {
          kind: 'lines',
          name: 'allowedAddresses',
          label: credentials.addresses,
          description: credentials.addressesText,
        },
        { kind: 'date', name: 'expiresAt', label: credentials.ends, description: credentials.endsText },
      ]}
      changes={['credentials']}
      answer={{ title: credentials.madeTitle, show: (made: Reply<'credentials', 'create'>) => <Made made={made} /> }}
      run={(values, options) =>
        call(
          'credentials',
          'create',
          {
            account: textOf(values, 'account') || null,
            dialect: textOf(values, 'dialect'),
            label: textOf(values, 'label'),
            roles: rolesOf(listOf(values, 'roles'), isOfServer(values)),
            allowedAddresses: linesOf(values, 'allowedAddresses'),
            ...(textOf(values, 'expiresAt') === '' ? {} : { expiresAt: startOfDay(textOf(values, 'expiresAt')) }),
          },
          options,
        )
      }
    />
  );
}

function Made({ made: { credential, clientSettings } }: { readonly made: Reply<'credentials', 'create'> }) {
  const { credentials } = useTexts();
  return (
    <>
      <p>{credentials.madeText}</p>
      <Facts
        rows={Object.entries(clientSettings).map(([name, value]) => [
          name,
          <Copied key={name} value={value} what={name} />,
        ])}
      />
      <KeyTrial dialect={credential.dialect} settings={clientSettings} />
    </>
  );
}
