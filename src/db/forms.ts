/**
 * Columns whose texts the engine keeps in another form (`id-bytes.ts`). A statement takes and gives texts, as the domain has them;
 * which of its parameters and results belong to such a column is found in the query itself, when it is compiled.
 */
import {
  AliasNode,
  type BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  PrimitiveValueListNode,
  type QueryId,
  RawNode,
  ReferenceNode,
  type RootOperationNode,
  SelectAllNode,
  type SelectionNode,
  type SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  ValueListNode,
  type ValueNode,
  type ValuesNode,
} from 'kysely';
import type { Noun } from '../domain/ids.ts';
import { idForm, type TextForm } from './id-bytes.ts';
import { codecs } from './tables.ts';

type FormsOfTable = ReadonlyMap<string, TextForm>;

const noForms: FormsOfTable = new Map();

const formsByTable: ReadonlyMap<string, FormsOfTable> = new Map(
  codecs.map(({ table, definitions }) => [
    table,
    new Map(definitions.flatMap(({ name, form }) => (form === undefined ? [] : [[name, form] as const]))),
  ]),
);

/** The columns of a table whose texts are kept in another form. */
export function formsOfTable(table: string): FormsOfTable {
  return formsByTable.get(table) ?? noForms;
}

/** A parameter of a statement under a column with a form; the value comes with each run. */
export interface Formed {
  withForm(form: TextForm): unknown;
}

/** The value, or the parameter, for a place in raw SQL where it meets a column of this form: there nothing else says so. */
export function inForm<T>(form: TextForm, value: T): T {
  // The engine is what it is for, and the builder only passes it on.
  return converted(form, value) as T;
}

/** The same for a column of ids of one noun. */
export function asId<T>(noun: Noun, value: T): T {
  return inForm(idForm(noun), value);
}

function isFormed(value: unknown): value is Formed {
  return typeof value === 'object' && value !== null && 'withForm' in value;
}

/** A table as a query names it. */
interface Named {
  readonly name: string;
  readonly forms: FormsOfTable;
}

/** Gives every value in a query the form of the column that it is compared with or stored in. */
export const textForms: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new FormTransformer().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};

/** Nodes whose values are those of the place where they stand. */
const passing: ReadonlySet<OperationNode['kind']> = new Set([
  'ValueNode',
  'ValueListNode',
  'PrimitiveValueListNode',
  'ParensNode',
  'FunctionNode',
  'CaseNode',
  'WhenNode',
]);

class FormTransformer extends OperationNodeTransformer {
  /** The tables of each query around the node, the innermost first. */
  readonly #scopes: (readonly Named[])[] = [];
  /** Of the column whose value the node is. */
  #form: TextForm | undefined;
  #inserted: readonly (TextForm | undefined)[] = [];

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    const form = passing.has(node.kind) ? this.#form : undefined;
    return this.#under(form, () => super.transformNodeImpl(node, queryId));
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    const tables = [...(node.from?.froms ?? []), ...(node.joins ?? []).map(({ table }) => table)];
    return this.#within(tables, () => super.transformSelectQuery(node, queryId));
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    const tables = [node.table, ...(node.from?.froms ?? [])].filter((table) => table !== undefined);
    return this.#within(tables, () => super.transformUpdateQuery(node, queryId));
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    return this.#within(node.from.froms, () => super.transformDeleteQuery(node, queryId));
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const into = node.into === undefined ? [] : [node.into];
    const forms = formsOfNode(node.into);
    const before = this.#inserted;
    this.#inserted = (node.columns ?? []).map(({ column: { name } }) => forms.get(name));
    try {
      return this.#within(into, () => super.transformInsertQuery(node, queryId));
    } finally {
      this.#inserted = before;
    }
  }

  protected override transformValues(node: ValuesNode, queryId?: QueryId): ValuesNode {
    const forms = this.#inserted;
    const values = node.values.map((row) => {
      if (PrimitiveValueListNode.is(row)) {
        return { ...row, values: row.values.map((value, index) => converted(forms[index], value)) };
      }
      return ValueListNode.create(
        row.values.map((value, index) => this.#under(forms[index], () => this.transformNode(value, queryId))),
      );
    });
    return { ...node, values };
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, queryId?: QueryId): ColumnUpdateNode {
    const form = this.#formOf(node.column);
    return { ...node, value: this.#under(form, () => this.transformNode(node.value, queryId)) };
  }

  protected override transformBinaryOperation(node: BinaryOperationNode, queryId?: QueryId): BinaryOperationNode {
    const { leftOperand, rightOperand } = node;
    const [ofLeft, ofRight] = [this.#formOf(leftOperand), this.#formOf(rightOperand)];
    return {
      ...node,
      leftOperand: this.#under(ofRight, () => this.transformNode(leftOperand, queryId)),
      rightOperand: this.#under(ofLeft, () => this.transformNode(rightOperand, queryId)),
    };
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, value: converted(this.#form, node.value) };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map((value) => converted(this.#form, value)) };
  }

  #within<T>(tables: readonly OperationNode[], work: () => T): T {
    this.#scopes.unshift(tables.flatMap(namedTables));
    try {
      return work();
    } finally {
      this.#scopes.shift();
    }
  }

  #under<T>(form: TextForm | undefined, work: () => T): T {
    const before = this.#form;
    this.#form = form;
    try {
      return work();
    } finally {
      this.#form = before;
    }
  }

  /** The form of the column that the node is; undefined for every other node. */
  #formOf(node: OperationNode): TextForm | undefined {
    const reference = columnOf(node);
    if (reference === undefined) return undefined;
    for (const tables of this.#scopes) {
      const form = formIn(tables, reference);
      if (form !== undefined) return form;
    }
    return undefined;
  }
}

function converted(form: TextForm | undefined, value: unknown): unknown {
  if (form === undefined) return value;
  if (typeof value === 'string') return form.toBytes(value);
  return isFormed(value) ? value.withForm(form) : value;
}

interface ColumnReference {
  readonly table: string | undefined;
  readonly name: string;
}

function columnOf(node: OperationNode): ColumnReference | undefined {
  if (ColumnNode.is(node)) return { table: undefined, name: node.column.name };
  // `sql.ref(…)`
  if (RawNode.is(node)) {
    const [only] = node.parameters;
    return only !== undefined && node.sqlFragments.every((text) => text === '') ? columnOf(only) : undefined;
  }
  if (!ReferenceNode.is(node) || !ColumnNode.is(node.column)) return undefined;
  return { table: node.table?.table.identifier.name, name: node.column.column.name };
}

function formIn(tables: readonly Named[], { table, name }: ColumnReference): TextForm | undefined {
  const meant = table === undefined ? tables : tables.filter((one) => one.name === table);
  for (const { forms } of meant) {
    const form = forms.get(name);
    if (form !== undefined) return form;
  }
  return undefined;
}

function namedTables(node: OperationNode): readonly Named[] {
  if (TableNode.is(node)) return [{ name: node.table.identifier.name, forms: formsOfNode(node) }];
  if (!AliasNode.is(node) || !TableNode.is(node.node)) return [];
  const { alias } = node;
  return 'name' in alias && typeof alias.name === 'string' ? [{ name: alias.name, forms: formsOfNode(node.node) }] : [];
}

function formsOfNode(node: OperationNode | undefined): FormsOfTable {
  if (node === undefined || !TableNode.is(node)) return noForms;
  return formsOfTable(node.table.identifier.name);
}

/** The forms of the columns that a query answers, by their names in its rows. */
export function formsOfRows(query: RootOperationNode): FormsOfTable {
  const found = new Map<string, TextForm>();
  const { tables, selections } = answered(query);
  for (const { selection } of selections) {
    if (SelectAllNode.is(selection)) addAll(found, tables);
    else if (ReferenceNode.is(selection) && SelectAllNode.is(selection.column)) {
      const name = selection.table?.table.identifier.name;
      addAll(
        found,
        tables.filter((table) => table.name === name),
      );
    } else {
      const [from, name] = AliasNode.is(selection)
        ? [selection.node, 'name' in selection.alias ? selection.alias.name : undefined]
        : [selection, undefined];
      const column = columnOf(from);
      const form = column && formIn(tables, column);
      if (column !== undefined && form !== undefined) found.set(typeof name === 'string' ? name : column.name, form);
    }
  }
  return found;
}

function addAll(found: Map<string, TextForm>, tables: readonly Named[]): void {
  for (const { forms } of tables) for (const [name, form] of forms) found.set(name, form);
}

interface Answered {
  readonly tables: readonly Named[];
  readonly selections: readonly SelectionNode[];
}

function answered(query: RootOperationNode): Answered {
  switch (query.kind) {
    case 'SelectQueryNode': {
      const tables = [...(query.from?.froms ?? []), ...(query.joins ?? []).map(({ table }) => table)];
      return { tables: tables.flatMap(namedTables), selections: query.selections ?? [] };
    }
    case 'InsertQueryNode':
      return { tables: query.into === undefined ? [] : namedTables(query.into), selections: returned(query) };
    case 'UpdateQueryNode':
      return { tables: query.table === undefined ? [] : namedTables(query.table), selections: returned(query) };
    case 'DeleteQueryNode':
      return { tables: query.from.froms.flatMap(namedTables), selections: returned(query) };
    default:
      return { tables: [], selections: [] };
  }
}

function returned({ returning }: InsertQueryNode | UpdateQueryNode | DeleteQueryNode): readonly SelectionNode[] {
  return returning?.selections ?? [];
}
