import { LoadcastError, messageOf } from '../core/errors.js';

/** What a person can do about each class of SQLite failure. */
const advice: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/^SQLITE_FULL/, 'the disk is full; free some space and run it again'],
  [/^SQLITE_(NOTADB|CORRUPT)/, 'it is damaged or no database; restore a backup or move it away'],
  [/^SQLITE_(CANTOPEN|READONLY|PERM)/, 'check that the folder exists and may be written'],
  [/^SQLITE_(BUSY|LOCKED)/, 'another process is writing; run it again'],
  [/^SQLITE_IOERR/, 'the disk failed to read or write'],
];

/**
 * A database error without the values that knex prints into the message.
 * Errors of our own pass through. The cause is dropped on purpose: it carries the SQL with every value.
 */
export function databaseError(file: string, thrown: unknown): unknown {
  if (thrown instanceof LoadcastError) return thrown;
  const full = messageOf(thrown);
  const found = /SQLITE_[A-Z]+(?:: .*)?$/s.exec(full);
  if (!found) return thrown;
  const reason = shorten(found[0], 300);
  const hint = advice.find(([pattern]) => pattern.test(reason))?.[1];
  if (hint) return new LoadcastError('UNREADABLE_FILE', `Database ${file}: ${hint} (${reason}).`);
  if (reason.startsWith('SQLITE_CONSTRAINT'))
    return new LoadcastError('INVALID_INPUT', `Database ${file} refused the values: ${reason}.`);
  return new Error(`Database ${file}: ${reason}`);
}

/** True for the violation of a UNIQUE or PRIMARY KEY constraint. */
export function isDuplicate(thrown: unknown): boolean {
  return /UNIQUE constraint failed/.test(messageOf(thrown));
}

/** A text of at most `length` characters, with a mark where it was cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
