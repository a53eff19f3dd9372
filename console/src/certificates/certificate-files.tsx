/** The certificate as files: alone, with its chain, ready for a web server; and with the key, where certmux made it and the account itself asks. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Icon } from '../shared/icons.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { saveFile } from '../shared/save-file.ts';
import type { Certificate, CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';

const formats = ['fullchain', 'pem', 'chain', 'der', 'p7b', 'nginx', 'apache'] as const;
const keyFormats = ['pem', 'pfx', 'jks'] as const;
type KeyFormat = (typeof keyFormats)[number];

/** As the API wants it at least. */
const shortestPassphrase = 6;

export function CertificateFiles({ certificate }: CertificateProps) {
  const { certificates } = useTexts();
  const { data: me } = useQuery(meQuery);
  // The key is the account's own: no operator reads it, whomever they act for.
  const mayHaveKey =
    certificate.isKeyOurs && me !== undefined && me.account !== null && may(me, 'certificates.privateKey');
  return (
    <Card title={certificates.download} isFlush>
      <Lines>
        {formats.map((format) => {
          const [name, text] = certificates.formats[format];
          return (
            <li key={format}>
              <a
                className={styles.file}
                href={`/api/v1/certificates/${encodeURIComponent(certificate.id)}/download?format=${format}`}
                download
              >
                <span className={styles.fileName}>
                  <Icon name="download" size={16} />
                  {name}
                </span>
                <span className="dim small">{text}</span>
              </a>
            </li>
          );
        })}
        {certificate.isKeyOurs && (
          <li>
            <span>
              <strong>{certificates.key.title}</strong>
              <span className="dim small">{mayHaveKey ? certificates.key.text : certificates.key.notYours}</span>
            </span>
            {mayHaveKey && (
              <span className={styles.keys}>
                {keyFormats.map((format) => (
                  <KeyButton key={format} certificate={certificate} format={format} />
                ))}
              </span>
            )}
          </li>
        )}
      </Lines>
    </Card>
  );
}

function KeyButton({ certificate, format }: { readonly certificate: Certificate; readonly format: KeyFormat }) {
  const { certificates } = useTexts();
  const { key } = certificates;
  const [label, text] = key.formats[format];
  return (
    <FormButton
      label={label}
      icon="key"
      size="sm"
      title={key.question(label)}
      text={text}
      act={key.act}
      isGuarded
      fields={
        format === 'pem'
          ? []
          : [
              {
                kind: 'password',
                name: 'passphrase',
                label: key.passphrase,
                description: key.passphraseText(shortestPassphrase),
                isRequired: true,
              },
            ]
      }
      changes={[]}
      // Never with an idempotency key: the answer would be kept.
      run={(values) => {
        // As it was typed: blanks may belong to it.
        const { passphrase } = values;
        return call('certificates', 'privateKey', {
          certificate: String(certificate.number),
          format,
          ...(format !== 'pem' && typeof passphrase === 'string' && textOf(values, 'passphrase') !== ''
            ? { passphrase }
            : {}),
        });
      }}
      onDone={({ base64, mediaType, fileName }) => saveFile(new Blob([bytesOf(base64)], { type: mediaType }), fileName)}
    />
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
