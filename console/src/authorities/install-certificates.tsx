/** Installs what a CA outside has made: first it is checked and shown what would happen, then it is done. */
import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Input, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { useAfterAct } from '../shared/act/after-act.ts';
import { FieldInput } from '../shared/act/fields.tsx';
import { ConfirmDialog } from '../shared/confirm/confirm-dialog.tsx';
import { FailureLine } from '../shared/failure-line.tsx';
import { Icon } from '../shared/icons.tsx';
import { DaysLeft } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './authorities.module.css';
import { nameOf } from './authority-facts.ts';
import { certificatePem, FilePicker, type PickedFile } from './picked-files.tsx';

type Installed = Reply<'authorities', 'install'>;

/** As many and as long as the server takes. */
const limits = { files: 20, bytes: 200_000 } as const;
/** Orders that waited go on. */
const changes = ['authorities', 'orders'] as const;

export function InstallCertificates({ isMain = false }: { readonly isMain?: boolean }) {
  const { install } = useTexts().authorities;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        leftSection={<Icon name="certificate" size={16} />}
        onClick={() => setOpen(true)}
      >
        {install.button}
      </Button>
      {isOpen && <InstallDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function InstallDialog({ onClose }: { readonly onClose: () => void }) {
  const { install } = useTexts().authorities;
  const afterAct = useAfterAct();
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const [pasted, setPasted] = useState('');
  const [isShorter, setShorter] = useState(false);
  const check = useMutation({
    mutationFn: (request: Input<'authorities', 'install'>) =>
      call('authorities', 'install', { ...request, dryRun: true }),
  });
  const request = {
    files: [
      ...files.map(({ name, bytes }) => ({ name, pem: certificatePem(bytes) })),
      ...(pasted.trim() === '' ? [] : [{ name: 'pasted', pem: pasted }]),
    ],
    shorter: isShorter,
  };
  /** What was checked is no longer what would be installed. */
  const changed = () => check.reset();
  return (
    <ConfirmDialog
      title={install.title}
      act={install.act}
      size={560}
      isGuarded
      isReady={check.isSuccess}
      run={(act) => call('authorities', 'install', request, act)}
      onDone={() => {
        void afterAct(changes);
        onClose();
      }}
      onClose={onClose}
    >
      <p>{install.text}</p>
      <FilePicker
        label={install.choose}
        accept=".pem,.crt,.cer,.der,.p7b,.txt"
        limits={limits}
        problems={{ tooLong: install.tooLong, tooMany: install.tooMany }}
        files={files}
        onChange={(chosen) => {
          setFiles(chosen);
          changed();
        }}
      />
      <Textarea
        label={install.pasted}
        name="pasted"
        rows={4}
        spellCheck={false}
        autoComplete="off"
        placeholder="-----BEGIN CERTIFICATE-----"
        value={pasted}
        classNames={{ input: 'mono' }}
        onChange={(event) => {
          setPasted(event.currentTarget.value);
          changed();
        }}
      />
      <FieldInput
        field={{ kind: 'switch', name: 'shorter', label: install.shorter, description: install.shorterText }}
        values={{ shorter: isShorter ? 'true' : '' }}
        error={undefined}
        onChange={(value) => {
          setShorter(value === 'true');
          changed();
        }}
      />
      <div>
        <Button
          variant={check.isSuccess ? 'default' : 'filled'}
          size="xs"
          disabled={request.files.length === 0}
          loading={check.isPending}
          onClick={() => check.mutate(request)}
        >
          {install.check}
        </Button>
      </div>
      <div role="status">
        {check.error !== null && <FailureLine error={check.error} />}
        {check.data !== undefined && <Outcome installed={check.data} />}
      </div>
    </ConfirmDialog>
  );
}

function Outcome({ installed: { authorities, warnings } }: { readonly installed: Installed }) {
  const texts = useTexts().authorities;
  return (
    <div className={styles.outcome}>
      <p>
        <Icon name="check" size={16} /> {texts.install.checked}
      </p>
      <ul>
        {authorities.map(({ id, change, role, subject, notAfter }) => (
          <li key={id}>
            <strong>{texts.install.changes[change]}</strong> {texts.roles[role]} {nameOf({ subject })}{' '}
            <span className="dim">
              {texts.install.until} <DaysLeft until={notAfter} />
            </span>
          </li>
        ))}
      </ul>
      {warnings.map(({ key, message }) => (
        <p key={key} className={styles.warning}>
          <Icon name="alert" size={16} /> {visible(message)}
        </p>
      ))}
    </div>
  );
}
