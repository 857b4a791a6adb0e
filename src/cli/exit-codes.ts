import type { ErrorCode } from '../core/errors.js';

/** The one place that turns error codes into exit codes of the command line; 1 is everything unforeseen. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: 2,
  INVALID_CONFIG: 2,
  UNREADABLE_FILE: 3,
  MISSING_COLUMN: 3,
  NOT_FOUND: 4,
  CONFLICT: 5,
  ALREADY_RUNNING: 5,
  PORT_TAKEN: 5,
  INSUFFICIENT_HISTORY: 6,
  DIVERGED: 7,
  DAMAGED_MODEL: 7,
  SOURCE_FAILED: 8,
  CANCELLED: 130,
};

export const exitCodeHelp = `
Exit codes: 0 done, 1 unforeseen error, 2 wrong options or configuration, 3 unreadable file, 4 not found,
5 already running or port taken, 6 too little history, 7 training failed or model damaged, 8 a source did not
answer, 130 cancelled.`;
