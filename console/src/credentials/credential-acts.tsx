/** What is done with a key: changed, revoked. */
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useSpoken } from '../preferences/texts-provider.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { fullTime } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { ChangeCredential } from './change-credential.tsx';
import type { CredentialRow } from './credential-list.tsx';

export interface CredentialActsProps {
  readonly credential: CredentialRow;
  readonly me: Me;
}

export function CredentialActs({ credential, me }: CredentialActsProps) {
  const { texts, language } = useSpoken();
  const { credentials } = texts;
  const { number, label, lastUsedAt } = credential;
  const name = label === '' ? credentials.one(String(number)) : visible(label);
  return (
    <>
      {may(me, 'credentials.change') && <ChangeCredential credential={credential} me={me} />}
      {may(me, 'credentials.revoke') && (
        <FormButton
          label={credentials.revoke}
          icon="stop"
          tone="danger"
          isGuarded
          typed={String(number)}
          title={credentials.revokeTitle(name)}
          text={credentials.revokeText(lastUsedAt === null ? credentials.never : fullTime(lastUsedAt, language))}
          changes={['credentials']}
          run={(_values, options) => call('credentials', 'revoke', { credential: String(number) }, options)}
        />
      )}
    </>
  );
}
