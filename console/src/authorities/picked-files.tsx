/** Files that somebody chose: read in the browser, named, and removable. */
import { ActionIcon, Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import styles from './authorities.module.css';

export interface PickedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface FilePickerProps {
  readonly label: string;
  readonly accept: string;
  /** With one file, another one takes its place. */
  readonly limits: { readonly files: number; readonly bytes: number };
  readonly problems: { readonly tooLong: string; readonly tooMany: string };
  readonly files: readonly PickedFile[];
  readonly onChange: (files: readonly PickedFile[]) => void;
}

export function FilePicker({ label, accept, limits, problems, files, onChange }: FilePickerProps) {
  const { install } = useTexts().authorities;
  const picker = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | undefined>();

  async function take(chosen: readonly File[]) {
    const rest = limits.files === 1 ? [] : files.filter(({ name }) => !chosen.some((file) => file.name === name));
    if (chosen.some(({ size }) => size > limits.bytes)) return setProblem(problems.tooLong);
    if (rest.length + chosen.length > limits.files) return setProblem(problems.tooMany);
    setProblem(undefined);
    const read = chosen.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    onChange([...rest, ...(await Promise.all(read))]);
  }

  return (
    <div className={styles.picker}>
      <input
        ref={picker}
        type="file"
        accept={accept}
        multiple={limits.files > 1}
        hidden
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
          void take(chosen);
        }}
      />
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="file" size={15} />}
        onClick={() => picker.current?.click()}
      >
        {label}
      </Button>
      {files.length > 0 && (
        <ul className={styles.files}>
          {files.map(({ name }) => (
            <li key={name}>
              <Icon name="file" size={16} />
              <span>{visible(name)}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={28}
                aria-label={install.remove(visible(name))}
                onClick={() => onChange(files.filter((one) => one.name !== name))}
              >
                <Icon name="close" size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}

const marker = '-----BEGIN ';

/** Undefined where it is DER. */
export function textOfPem(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const text = new TextDecoder().decode(bytes);
  return text.includes(marker) ? text : undefined;
}

/** In parts: so many arguments at once are too many. */
const partBytes = 0x8000;

export function base64Of(bytes: Uint8Array<ArrayBuffer>): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += partBytes)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + partBytes)));
  return btoa(parts.join(''));
}

/** As PEM, whether it was that or DER. */
export function certificatePem(bytes: Uint8Array<ArrayBuffer>): string {
  return (
    textOfPem(bytes) ??
    `-----BEGIN CERTIFICATE-----\n${base64Of(bytes).replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  );
}
