/** Hands in a list of revoked certificates that was made where the key of its CA is. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { useAfterAct } from '../shared/act/after-act.ts';
import { ConfirmDialog } from '../shared/confirm/confirm-dialog.tsx';
import { Icon } from '../shared/icons.tsx';
import { type Authority, nameOf } from './authority-facts.ts';
import { base64Of, FilePicker, type PickedFile, textOfPem } from './picked-files.tsx';

/** The server takes so much. */
const longest = 20 << 20;

export function UploadList({ authority }: { readonly authority: Authority }) {
  const { upload } = useTexts().authorities;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<Icon name="up" size={15} />} onClick={() => setOpen(true)}>
        {upload.button}
      </Button>
      {isOpen && <UploadDialog authority={authority} onClose={() => setOpen(false)} />}
    </>
  );
}

interface UploadDialogProps {
  readonly authority: Authority;
  readonly onClose: () => void;
}

function UploadDialog({ authority, onClose }: UploadDialogProps) {
  const { upload } = useTexts().authorities;
  const afterAct = useAfterAct();
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const [file] = files;
  return (
    <ConfirmDialog
      title={upload.title(nameOf(authority))}
      act={upload.act}
      isReady={file !== undefined}
      run={(act) => {
        const list = file === undefined ? '' : (textOfPem(file.bytes) ?? base64Of(file.bytes));
        return call('authorities', 'uploadList', { authority: authority.id, list }, act);
      }}
      onDone={() => {
        void afterAct(['authorities']);
        onClose();
      }}
      onClose={onClose}
    >
      <p>{upload.text}</p>
      <FilePicker
        label={upload.choose}
        accept=".crl,.pem,.der"
        limits={{ files: 1, bytes: longest }}
        problems={{ tooLong: upload.tooLong, tooMany: upload.tooLong }}
        files={files}
        onChange={setFiles}
      />
    </ConfirmDialog>
  );
}
