/** Sends one mail to try the mail server, and shows what it answered. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { visible } from '../shared/visible.ts';

export function MailTestButton({ isLarge = false }: { readonly isLarge?: boolean }) {
  const { welcome } = useTexts();
  const { data: me } = useQuery(meQuery);
  const username = me?.user?.username ?? '';
  return (
    <FormButton
      label={welcome.testMail}
      icon="send"
      size={isLarge ? 'sm' : 'xs'}
      title={welcome.testMailTitle}
      text={welcome.testMailText}
      fields={[
        {
          kind: 'text',
          name: 'address',
          label: welcome.address,
          isRequired: true,
          value: username.includes('@') ? username : '',
        },
      ]}
      changes={['setup', 'server']}
      answer={{ title: welcome.testTitle, show: (test: Reply<'mail', 'test'>) => <Answer test={test} /> }}
      run={(values, options) => call('mail', 'test', { address: textOf(values, 'address') }, options)}
    />
  );
}

function Answer({ test: { server, address, isTaken, answer } }: { readonly test: Reply<'mail', 'test'> }) {
  const { welcome } = useTexts();
  return (
    <>
      <p>{isTaken ? welcome.taken(visible(server), visible(address)) : welcome.refused(visible(server))}</p>
      <p>
        <code>{visible(answer)}</code>
      </p>
    </>
  );
}
