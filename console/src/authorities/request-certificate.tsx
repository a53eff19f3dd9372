/** Asks a CA outside for a certificate: the key is made on the server, and the CSR is handed out. */
import { Button } from '@mantine/core';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { type Field, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { Icon } from '../shared/icons.tsx';
import { saveFile } from '../shared/save-file.ts';
import styles from './authorities.module.css';
import { type Authority, type AuthorityRequest, fileNameOf, nameOf } from './authority-facts.ts';

const changes = ['authorities'] as const;
const keyKinds = ['P-256', 'P-384', 'rsa'] as const;

export function RequestCertificate({ isMain = false }: { readonly isMain?: boolean }) {
  const { request } = useTexts().authorities;
  const fields: readonly Field[] = [
    { kind: 'text', name: 'commonName', label: request.commonName, isRequired: true, placeholder: 'Example TLS CA 1' },
    { kind: 'text', name: 'organization', label: request.organization, description: request.organizationText },
    { kind: 'text', name: 'country', label: request.country },
    {
      kind: 'one',
      name: 'keyKind',
      label: request.keyKind,
      options: keyKinds.map((value) => ({ value, label: request.keyKinds[value] })),
    },
  ];
  return (
    <FormButton
      label={request.button}
      isMain={isMain}
      icon="plus"
      title={request.title}
      text={request.text}
      fields={fields}
      changes={changes}
      run={(values, act) =>
        call(
          'authorities',
          'request',
          {
            ...filled(values, ['commonName', 'organization', 'country']),
            keyKind: keyKinds.find((one) => one === textOf(values, 'keyKind')) ?? 'P-256',
          },
          act,
        )
      }
      answer={{ title: request.made, show: (made) => <Made request={made} /> }}
    />
  );
}

export interface RequestSuccessorProps {
  readonly authority: Authority;
  /** Another certificate for the key that it has. */
  readonly keepsKey: boolean;
}

export function RequestSuccessor({ authority, keepsKey }: RequestSuccessorProps) {
  const { request } = useTexts().authorities;
  const name = nameOf(authority);
  return (
    <FormButton
      label={keepsKey ? request.renewal : request.successor}
      size="xs"
      title={keepsKey ? request.renewalTitle(name) : request.successorTitle(name)}
      text={keepsKey ? request.renewalText : request.successorText}
      fields={keepsKey ? [] : [{ kind: 'text', name: 'commonName', label: request.commonName, value: name }]}
      changes={changes}
      run={(values, act) =>
        call(
          'authorities',
          'request',
          {
            renews: authority.id,
            sameKey: keepsKey,
            // Another name leaves out whatever else the present subject has.
            ...(textOf(values, 'commonName') === name ? {} : filled(values, ['commonName'])),
          },
          act,
        )
      }
      answer={{ title: request.made, show: (made) => <Made request={made} /> }}
    />
  );
}

function filled<Name extends string>(values: Values, names: readonly Name[]): { readonly [N in Name]?: string } {
  const texts = names.map((name) => [name, textOf(values, name)] as const);
  // One for each name that has something in it.
  return Object.fromEntries(texts.filter(([, text]) => text !== '')) as { readonly [N in Name]?: string };
}

function Made({ request: { csr, subject } }: { readonly request: AuthorityRequest }) {
  const { request } = useTexts().authorities;
  return (
    <div className={styles.made}>
      <p>{request.madeText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <pre tabIndex={0} className={styles.csr}>
        {csr}
      </pre>
      <div className={styles.acts}>
        <DownloadCsr csr={csr} subject={subject} label={request.download} />
        <CopyButton value={csr} what={request.csr} />
      </div>
    </div>
  );
}

export interface DownloadCsrProps extends Pick<AuthorityRequest, 'csr' | 'subject'> {
  readonly label: string;
}

export function DownloadCsr({ csr, subject, label }: DownloadCsrProps) {
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon name="download" size={15} />}
      onClick={() => saveFile(new Blob([csr], { type: 'application/pkcs10' }), `${fileNameOf({ subject })}.csr`)}
    >
      {label}
    </Button>
  );
}
