/** The whole list as a file, by the same filters. It comes by a call, since a link could not say that it wants a table. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Parameters } from '../../api/list.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { wordsOf } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { saveFile } from '../save-file.ts';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';

export interface CsvButtonProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly parameters: Parameters;
}

export function CsvButton<Row extends ListRow>({ list, parameters }: CsvButtonProps<Row>) {
  const texts = useTexts();
  const csv = useMutation({
    mutationFn: () => list.source.csv(parameters),
    onSuccess: (blob) => saveFile(blob, `${list.name}-${new Date().toISOString().slice(0, 10)}.csv`),
  });
  return (
    <>
      <Button
        variant="default"
        className={styles.wideOnly}
        leftSection={<Icon name="download" size={16} />}
        loading={csv.isPending}
        title={texts.list.csvTitle}
        onClick={() => csv.mutate()}
      >
        CSV
      </Button>
      <span role="status" className={csv.error === null ? 'hidden' : styles.csvFailed}>
        {csv.error === null ? '' : wordsOf(csv.error, texts)}
      </span>
    </>
  );
}
