/** A file on the web server: its content, to be downloaded, or as a location of nginx, a shell or Baota make it. */
import { Button } from '@mantine/core';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyText } from '../../shared/copy-text.tsx';
import { Icon } from '../../shared/icons.tsx';
import { saveFile } from '../../shared/save-file.ts';
import type { Proof } from '../order-query.ts';
import styles from './cockpit.module.css';
import { baotaPath, fileNameOf, nginxLocation, type ProofFile, shellLines } from './file-forms.ts';
import { ValueList } from './value-list.tsx';

type FileProofOf = Extract<Proof, { readonly method: 'httpFile' | 'httpsFile' }>;

export function FileProof({ name, proof }: { readonly name: string; readonly proof: FileProofOf }) {
  const { order, orders } = useTexts();
  const file: ProofFile = { name, path: proof.path, content: proof.content };
  const nginx = nginxLocation(file);
  const ways = [
    ...(nginx === null ? [] : [{ title: order.nginx, text: nginx, note: order.nginxNote }]),
    { title: order.shell, text: shellLines(file), note: order.shellNote },
    { title: order.baota, text: baotaPath(file), note: order.baotaNote },
  ];
  return (
    <>
      <ValueList
        lines={[
          { label: orders.place.url, value: proof.url, isCopied: true },
          { label: orders.place.content, value: proof.content, isCopied: true },
        ]}
      />
      <div className={styles.copies}>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="download" size={15} />}
          onClick={() => saveFile(new Blob([proof.content], { type: 'text/plain' }), fileNameOf(file))}
        >
          {order.downloadFile}
        </Button>
        <CopyText icon="mail" text={order.fileMessage(name, proof.url, proof.content)}>
          {order.copyMessage}
        </CopyText>
      </div>
      <details className={styles.ways}>
        <summary>{order.ways}</summary>
        {ways.map(({ title, text, note }) => (
          <div key={title} className={styles.way}>
            <div className={styles.wayHead}>
              <h4>{title}</h4>
              <CopyText text={text}>{order.copy}</CopyText>
            </div>
            <p className="dim small">{note}</p>
            <pre className={styles.code}>{text}</pre>
          </div>
        ))}
      </details>
    </>
  );
}
