/** The whole list as a file, by the same filters. */
import type { Parameters } from '../../api/list.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CsvDownload } from '../csv-download.tsx';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';

export interface CsvButtonProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly parameters: Parameters;
}

export function CsvButton<Row extends ListRow>({ list, parameters }: CsvButtonProps<Row>) {
  const texts = useTexts().list;
  return (
    <CsvDownload
      name={list.name}
      title={texts.csvTitle}
      className={styles.wideOnly}
      load={() => list.source.csv(parameters)}
    />
  );
}
