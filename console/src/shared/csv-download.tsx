/** A button that has a table written by the server. It comes by a call, since a link could not say that it wants a table. */
import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './csv-download.module.css';
import { failureText } from './failure.tsx';
import { Icon } from './icons.tsx';
import { saveFile } from './save-file.ts';

export interface CsvDownloadProps extends Pick<ButtonProps, 'className' | 'size'> {
  /** Of the file, before the day. */
  readonly name: string;
  readonly title: string;
  /** What a screen reader reads where several stand on a page. */
  readonly label?: string;
  load(): Promise<Blob>;
}

export function CsvDownload({ name, title, label, load, ...button }: CsvDownloadProps) {
  const texts = useTexts();
  const csv = useMutation({
    mutationFn: load,
    onSuccess: (blob) => saveFile(blob, `${name}-${new Date().toISOString().slice(0, 10)}.csv`),
  });
  return (
    <>
      <Button
        variant="default"
        {...button}
        leftSection={<Icon name="download" size={16} />}
        loading={csv.isPending}
        title={title}
        {...(label === undefined ? {} : { 'aria-label': label })}
        onClick={() => csv.mutate()}
      >
        CSV
      </Button>
      <span role="status" className={csv.error === null ? 'hidden' : styles.failed}>
        {csv.error === null ? '' : failureText(csv.error, texts)}
      </span>
    </>
  );
}
