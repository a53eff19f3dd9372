/** The lines of the usual ACME clients, one client at a time. */
import { useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { CopyText } from '../shared/copy-text.tsx';
import { Tabs } from '../shared/tabs.tsx';
import styles from './acme-keys.module.css';
import { type AcmeAccess, clients } from './client-lines.ts';

export function ClientLines({ access }: { readonly access: AcmeAccess }) {
  const { acmeKeys } = useTexts();
  const [chosen, choose] = useState(clients[0]?.name ?? '');
  const text =
    clients
      .find(({ name }) => name === chosen)
      ?.linesOf(access)
      .join('\n') ?? '';
  return (
    <Tabs
      label={acmeKeys.clients}
      tabs={clients.map(({ name }) => ({ key: name, label: name }))}
      chosen={chosen}
      onChoose={choose}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard */}
      <pre className={styles.lines} tabIndex={0}>
        {text}
      </pre>
      <CopyText text={text}>{acmeKeys.copyLines}</CopyText>
    </Tabs>
  );
}
