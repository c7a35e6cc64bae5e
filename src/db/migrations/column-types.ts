/** What the engines write differently in a definition. Never changed: migrations build on it. */
export interface ColumnTypes {
  /** Eight bytes. */
  readonly integer: string;
  /** Eight bytes, floating. */
  readonly real: string;
  /** Of the accounts library, as it writes them. */
  readonly date: string;
  readonly boolean: string;
  /** Behind a table whose columns hold only what they declare. */
  readonly strict: string;
}
