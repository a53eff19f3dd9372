/** The keys, and what each does. */
import { Modal } from '@mantine/core';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Facts } from '../shared/object.tsx';

export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const { finder } = useTexts();
  return (
    <Modal opened onClose={onClose} title={finder.keys} centered size={420}>
      <Facts rows={Object.values(finder.keysOf).map(([keys, text]) => [keys, text] as const)} />
    </Modal>
  );
}
