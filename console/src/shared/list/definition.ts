/** What one list is: where its rows come from, how it is narrowed, what a row shows, what may be done with several. */
import type { ComponentType, ReactNode } from 'react';
import type { Input } from '../../api/call.ts';
import type { ListSource, Parameters } from '../../api/list.ts';
import type { Field } from '../act/fields.tsx';
import type { IconName } from '../icons.tsx';
import type { ZipFile } from '../zip.ts';

export interface ListRow {
  readonly id: string;
}

export interface Filter {
  /** Name of the parameter, and what stands before the colon when it is typed. */
  readonly key: string;
  readonly label: string;
  /** Values and what they are called; none: any text. */
  readonly values?: Readonly<Record<string, string>>;
  readonly kind?: 'text' | 'date' | 'number';
  /** Typed, or brought by a link; the form of filters would be too long with it. */
  readonly isRare?: boolean;
}

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** A track of a grid: `minmax(180px, 2fr)`. */
  readonly width: string;
  /** Value of `sort` for the smallest first; a minus before it is the other way round. */
  readonly sort?: string;
  /** Only where there is room for it. */
  readonly isWide?: boolean;
  /** Not shown until somebody chooses it. */
  readonly isExtra?: boolean;
  /** Where it stands on a card, which is what a row is on phones: a line of its own by default. */
  readonly onCard?: 'title' | 'side' | 'none';
  /** With its label before it on a card. */
  readonly hasCardLabel?: boolean;
  cell(row: Row): ReactNode;
}

export interface View {
  readonly key: string;
  readonly label: string;
  readonly filters: Parameters;
}

export interface BulkAction<Row> {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  /** The call of the API that does it to one. */
  readonly action: Input<'bulk', 'act'>['action'];
  /** What that call names it by. */
  idOf(row: Row): string;
  /** Why it cannot be done with this one; null: it can. */
  refusalOf?(row: Row): string | null;
  /** How many at once, where that is fewer than 200. */
  readonly most?: number;
  /** The version that the list shows, where the call decides just that one. */
  versionOf?(row: Row): number;
  /** Asked before it is done. */
  readonly confirm?: BulkConfirm<Row>;
}

/** Files of several rows, given to the browser as one. */
export interface BulkDownload<Row> {
  readonly key: string;
  readonly label: string;
  /** Of the file, before the day. */
  readonly name: string;
  fileOf(row: Row): Promise<ZipFile>;
}

export interface BulkConfirm<Row> {
  readonly title: (count: number) => string;
  readonly text: string;
  readonly tone?: 'danger';
  /** The password is asked for again. */
  readonly isGuarded?: boolean;
  /** How many they are is typed before the button works. */
  readonly isCountTyped?: boolean;
  /** What the question calls a row; as the list does by default. */
  labelOf?(row: Row): string;
  /** What the call takes besides, by the names of its members. */
  readonly fields?: readonly (Field & { readonly name: 'reason' })[];
  /** Of a note that is written to all of them. */
  readonly noteLabel?: string;
  readonly isNoteRequired?: boolean;
}

export interface ListDefinition<Row extends ListRow> {
  /** Of its saved views: a word in camelCase. */
  readonly name: string;
  readonly title: string;
  /** The page: `/orders`. */
  readonly path: string;
  readonly source: ListSource<Row>;
  /** `counted`: says how many there are. `whole`: comes in one piece. */
  readonly paging: 'counted' | 'paged' | 'whole';
  readonly text?: {
    readonly key: string;
    readonly placeholder: string;
    /** What is wrong with a text; null: it can be looked for. */
    refusalOf?(text: string): string | null;
  };
  readonly filters: readonly Filter[];
  /** The first one is that without filters. */
  readonly views: readonly View[];
  readonly columns: readonly Column<Row>[];
  /** Whether it can be sorted with these filters. */
  isSortable?(parameters: Parameters): boolean;
  readonly count: (count: string) => string;
  readonly empty: {
    readonly icon: IconName;
    readonly title: string;
    readonly text: string;
    readonly command?: string;
    readonly action?: ReactNode;
  };
  readonly actions?: readonly BulkAction<Row>[];
  readonly downloads?: readonly BulkDownload<Row>[];
  /** What a row leads to; none: it leads nowhere. */
  readonly detail?: {
    /** What stands in addresses: the number. */
    referenceOf(row: Row): string;
    labelOf(row: Row): string;
    /** The page of its own. */
    pathOf(reference: string): string;
    readonly Panel: ComponentType<{ readonly reference: string }>;
  };
  /** Buttons beside the title. */
  readonly tools?: ReactNode;
  /** Between the filters and the rows: a picture of what the filters leave. */
  readonly picture?: ReactNode;
  /** Of lists that change without events: how often they are asked for whatever the stream says. */
  readonly againMs?: number;
  /** The API has no table of it. */
  readonly hasNoCsv?: boolean;
}
