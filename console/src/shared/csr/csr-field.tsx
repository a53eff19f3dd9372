/** A CSR: pasted, from a file, or made in this browser together with its key, which goes into a file. What it says is shown at once. */
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { type DragEvent, useId, useRef, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import { saveFile } from '../save-file.ts';
import { Tabs } from '../tabs.tsx';
import { visible } from '../visible.ts';
import styles from './csr.module.css';
import { type KeyKind, keyKinds, makeCsr } from './make-csr.ts';
import { readCsr } from './read-csr.ts';

export interface CsrFieldProps {
  readonly value: string;
  readonly onChange: (csr: string) => void;
  /** What the CSR that is made here will be for. */
  readonly names: readonly string[];
  readonly error: string | undefined;
}

export function CsrField({ value, onChange, names, error }: CsrFieldProps) {
  const { csr } = useTexts();
  const [way, choose] = useState('given');
  return (
    <div className={styles.csr}>
      <Tabs
        label={csr.label}
        tabs={[
          { key: 'given', label: csr.given },
          { key: 'made', label: csr.made },
        ]}
        chosen={way}
        onChoose={choose}
      >
        {way === 'given' ? (
          <Given value={value} onChange={onChange} error={error} />
        ) : (
          <Made value={value} onChange={onChange} names={names} error={error} />
        )}
      </Tabs>
    </div>
  );
}

const longestFile = 200_000;

function Given({ value, onChange, error }: Omit<CsrFieldProps, 'names'>) {
  const { csr } = useTexts();
  const picker = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | undefined>();

  async function take(file: File | undefined) {
    if (file === undefined) return;
    setProblem(file.size > longestFile ? csr.tooLong : undefined);
    if (file.size <= longestFile) onChange(await file.text());
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  }

  return (
    <>
      <Textarea
        label={csr.label}
        description={csr.text}
        placeholder="-----BEGIN CERTIFICATE REQUEST-----"
        rows={6}
        spellCheck={false}
        autoComplete="off"
        value={value}
        error={error ?? problem}
        onChange={(event) => onChange(event.currentTarget.value)}
        onDrop={drop}
        classNames={{ input: 'mono' }}
      />
      <div className={styles.file}>
        <input
          ref={picker}
          type="file"
          accept=".csr,.pem,.req,.p10,.txt"
          hidden
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="file" size={15} />}
          onClick={() => picker.current?.click()}
        >
          {csr.file}
        </Button>
      </div>
      {value.trim() !== '' && <Facts value={value} />}
    </>
  );
}

function Facts({ value }: { readonly value: string }) {
  const { csr } = useTexts();
  const facts = readCsr(value);
  if (facts === null) {
    return (
      <p role="status" className={styles.unread}>
        <Icon name="alert" />
        {csr.unreadable}
      </p>
    );
  }
  return (
    <dl className={styles.facts} aria-live="polite">
      <div>
        <dt>{csr.names(facts.names.length)}</dt>
        <dd className="mono">{facts.names.length === 0 ? '—' : facts.names.map(visible).join(', ')}</dd>
      </div>
      <div>
        <dt>{csr.key}</dt>
        <dd>{facts.key}</dd>
      </div>
    </dl>
  );
}

function Made({ value, onChange, names, error }: CsrFieldProps) {
  const { csr } = useTexts();
  const [kind, choose] = useState<KeyKind>('P-256');
  const [isMaking, setMaking] = useState(false);
  const [savedAs, setSaved] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const id = useId();

  async function make() {
    setMaking(true);
    setProblem(undefined);
    try {
      const { csrPem, keyPem } = await makeCsr(names, kind);
      const fileName = `${(names[0] ?? 'certificate').replace(/^\*\./, 'wildcard.').replaceAll(/[^\p{L}\p{N}.-]/gu, '_')}.key`;
      saveFile(new Blob([keyPem], { type: 'application/x-pem-file' }), fileName);
      setSaved(fileName);
      onChange(csrPem);
    } catch {
      setProblem(csr.cannotMake);
    } finally {
      setMaking(false);
    }
  }

  const made = savedAs !== undefined && value !== '';
  return (
    <>
      <p className="dim">{csr.madeText}</p>
      <div className={styles.making}>
        <NativeSelect
          label={csr.key}
          data={keyKinds.map((one) => ({ value: one, label: one }))}
          value={kind}
          onChange={(event) => choose(keyKinds.find((one) => one === event.currentTarget.value) ?? 'P-256')}
        />
        <Button
          variant={made ? 'default' : 'filled'}
          loading={isMaking}
          disabled={names.length === 0}
          aria-describedby={id}
          onClick={() => void make()}
        >
          {made ? csr.makeAgain : csr.make}
        </Button>
      </div>
      <p id={id} className="dim small">
        {names.length === 0 ? csr.namesFirst : ''}
      </p>
      {made && (
        <p role="status" className={styles.saved}>
          <Icon name="check" />
          {csr.saved(savedAs)}
        </p>
      )}
      {(error ?? problem) !== undefined && (
        <p role="alert" className={styles.unread}>
          <Icon name="alert" />
          {error ?? problem}
        </p>
      )}
      {made && <Facts value={value} />}
    </>
  );
}
